//! What generated code says of a fake, as code.

/// Gives an API its fake: `Server`, which is a [`FakeServer`](super::FakeServer) with a route for each operation.
#[macro_export]
#[doc(hidden)]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_fake_server {
    ($(#[$about:meta])* [$($(#[$gate:meta])* $operation:ident,)*]) => {
        $(#[$about])*
        #[derive(Debug)]
        pub struct Server {
            fake: crate::runtime::mock::FakeServer,
        }

        impl Server {
            /// Starts the fake on a free port of 127.0.0.1. It ends when it is dropped.
            ///
            /// # Errors
            /// No port is free, or no thread can be started.
            pub fn new() -> ::std::io::Result<Self> {
                let fakes: &[&crate::runtime::mock::FakeSpec] = &[
                    $(
                        $(#[$gate])*
                        <super::operations::$operation as crate::runtime::mock::FakeOperation>::FAKE,
                    )*
                ];
                ::core::result::Result::Ok(Self {
                    fake: crate::runtime::mock::FakeServer::start(&super::API, fakes)?,
                })
            }

            /// Begins a client whose calls come here.
            #[must_use]
            pub fn builder(&self) -> super::ClientBuilder {
                let builder = super::Client::builder().base_url(self.fake.url());
                builder.expect("an address of this machine is a base URL")
            }
        }

        impl ::core::ops::Deref for Server {
            type Target = crate::runtime::mock::FakeServer;

            fn deref(&self) -> &Self::Target {
                &self.fake
            }
        }
    };
}

/// Gives an operation its fake.
#[macro_export]
#[doc(hidden)]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_fake_operation {
    (
        $(#[$about:meta])*
        $method:ident: $operation:ty {
            body: $need:ident $kind:ident $(($body:ty))?,
            params: [$(($input:ident $name:literal, $param_need:ident, $style:ident, $explode:ident, $shape:ident, $param:ty),)*],
            answers: [$(($first:literal..=$last:literal, $status:literal, $media_type:literal, [$($header:expr),*], $text:expr),)*],
            replies: [$($reply_kind:ident $reply:ty: [$(($from:literal..=$to:literal, $reply_type:literal)),* $(,)?] $(xml $reply_root:expr)?,)*],
        }
    ) => {
        impl super::Server {
            $(#[$about])*
            pub fn $method(&self) -> crate::runtime::mock::Route<'_, $operation> {
                self.fake.route()
            }
        }

        impl crate::runtime::mock::FakeOperation for $operation {
            type Body = crate::runtime::fake_body!(type $kind $($body)?);

            const FAKE: &'static crate::runtime::mock::FakeSpec = {
                #[allow(unused_imports, reason = "an operation may have no parameters")]
                use crate::runtime::{Explode, Style, rules::Input, mock::{Need, Shape}};
                static FAKE: crate::runtime::mock::FakeSpec = crate::runtime::mock::FakeSpec {
                    spec: <$operation as crate::runtime::mock::Described>::SPEC,
                    rules: <$operation as crate::runtime::mock::Described>::rules,
                    params: &[$(crate::runtime::mock::FakeParam {
                        input: Input::$input($name),
                        need: Need::$param_need,
                        style: Style::$style,
                        explode: Explode::$explode,
                        shape: Shape::$shape,
                        read: crate::runtime::mock::param::<$param>,
                    },)*],
                    body: crate::runtime::mock::FakeBody {
                        need: Need::$need,
                        read: crate::runtime::fake_body!(check $kind $($body)?),
                    },
                    answers: &[$(crate::runtime::mock::FakeAnswer {
                        statuses: ($first, $last),
                        status: $status,
                        media_type: $media_type,
                        headers: &[$($header),*],
                        body: $text,
                    },)*],
                    check: crate::runtime::mock::check_answer::<$operation>,
                };
                &FAKE
            };

            fn body(
                received: &crate::runtime::mock::Received,
            ) -> ::core::result::Result<Self::Body, crate::runtime::DecodeError> {
                crate::runtime::fake_body!(read $kind)(received)
            }
        }

        $(
            impl crate::runtime::mock::Replies<$operation> for $reply {
                const DECLARED: &'static [(crate::runtime::mock::Statuses, &'static str)] =
                    &[$((($from, $to), $reply_type)),*];

                fn write(&self, media_type: &str) -> crate::runtime::Body {
                    crate::runtime::fake_reply!($reply_kind, self, media_type $(, xml $reply_root)?)
                }
            }
        )*
    };
}

/// What a kind of body is: its type, how it is read, how it is looked at.
#[macro_export]
#[doc(hidden)]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_fake_body {
    (type slot $body:ty) => {
        $body
    };
    (type text) => {
        ::std::string::String
    };
    (type bytes) => {
        crate::runtime::bytes::Bytes
    };
    (type nothing) => {
        ()
    };
    (read slot) => {
        crate::runtime::mock::read_slot
    };
    (read text) => {
        crate::runtime::mock::read_text
    };
    (read bytes) => {
        crate::runtime::mock::read_bytes
    };
    (read nothing) => {
        crate::runtime::mock::read_nothing
    };
    (check slot $body:ty) => {
        crate::runtime::mock::check_slot::<$body>
    };
    (check text) => {
        crate::runtime::mock::check_text
    };
    (check $other:ident) => {
        crate::runtime::mock::check_nothing
    };
}

/// How a kind of answer is written.
#[macro_export]
#[doc(hidden)]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_fake_reply {
    (slot, $value:expr, $media_type:expr, xml $root:expr) => {
        crate::runtime::mock::write_slot_or_xml($value, $media_type, &$root)
    };
    (slot, $value:expr, $media_type:expr) => {
        crate::runtime::mock::write_slot($value, $media_type)
    };
    (bytes, $value:expr, $media_type:expr) => {{
        let _ = $media_type;
        crate::runtime::Body::from(::core::clone::Clone::clone($value))
    }};
    (nothing, $value:expr, $media_type:expr) => {{
        let _ = ($value, $media_type);
        crate::runtime::Body::empty()
    }};
}
