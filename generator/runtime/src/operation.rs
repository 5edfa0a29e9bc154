//! Operations: what the generator writes about one, and what the runtime makes of it.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;

use super::call::Call;
use super::error::{ApiError, DecodeFailure, Error};
use super::reply::{Reply, Response};
use super::security::Scheme;
use super::server::ServerSpec;
use super::{Body, DecodeError, Download};

/// What the spec says of one operation.
#[derive(Debug)]
pub struct OperationSpec {
    /// The operation's name.
    pub id: &'static str,
    /// The HTTP method as it is sent (RFC 9110, section 9.1): `GET`, or any other token.
    pub method: &'static str,
    /// The path below the server, with `{name}` for parameters; a query in it is sent, a fragment is not.
    pub path: &'static str,
    /// The media types of the body, the default first; empty for the runtime's choice.
    pub request_types: &'static [&'static str],
    /// The media types of the responses, which become `Accept`; empty for any.
    pub response_types: &'static [&'static str],
    /// The alternatives of the security requirement, each with the schemes that it needs together.
    /// No alternative sends no credential; an empty alternative says that the call may go without.
    pub security: &'static [&'static [&'static Scheme]],
    /// The scopes that a token needs for it.
    pub scopes: &'static [&'static str],
    /// Servers of the operation's own; empty for those of the API.
    pub servers: &'static [ServerSpec],
    /// Says that this is a token endpoint.
    pub token: Option<TokenCall>,
}

/// What is special about the request to a token endpoint.
///
/// Basic is form-encoded (RFC 6749, section 2.3.1), the response is at most 64 KiB long, and nothing is
/// sent over plain http but to this machine.
#[derive(Debug)]
pub struct TokenCall {
    /// The body's members that prove the client's identity, such as `client_secret`; an identifier alone
    /// (`client_id`) is none. With one of them set, Basic is not sent (RFC 6749, section 2.3).
    pub body_credentials: &'static [&'static str],
}

/// What the spec says of an API.
#[derive(Debug)]
pub struct ApiSpec {
    /// The API's module name.
    pub name: &'static str,
    /// The servers, the default first.
    pub servers: &'static [ServerSpec],
    /// All security schemes.
    pub schemes: &'static [&'static Scheme],
    /// The scheme that tokens of a source are sent with, beside those that are bearer tokens by themselves.
    pub carrier: Option<&'static Scheme>,
}

/// A call that knows how to read its responses; implemented by generated code.
pub trait Operation: Sized + 'static {
    /// The body of a success.
    type Output;
    /// The error bodies by status.
    type Failure: fmt::Debug + Send + Sync + 'static;

    /// Reads a 2xx response.
    ///
    /// # Errors
    /// The body is not what is declared.
    fn success(reply: &Reply) -> Result<Self::Output, DecodeError>;

    /// Reads any other response.
    ///
    /// # Errors
    /// The body is not what is declared for its status.
    fn failure(reply: &Reply) -> Result<Self::Failure, DecodeError>;

    /// The error body of a response that is not as declared.
    fn other() -> Self::Failure;
}

/// The error body of an operation that declares none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undeclared;

/// Reads a response as `O` declares it.
///
/// # Errors
/// `Api` for any status but 2xx, `Decode` for a 2xx response with a body that is not as declared.
pub fn finish<O: Operation>(
    raw: http::Response<Body>,
) -> Result<Response<O::Output>, Error<O::Failure>> {
    let reply = Reply::new(raw);
    if reply.status().is_success() {
        return match O::success(&reply) {
            Ok(body) => Ok(Response::new(body, reply.into_raw())),
            Err(error) => Err(Error::Decode(DecodeFailure::new(error, reply.into_raw()))),
        };
    }
    let (body, decode_error) = match O::failure(&reply) {
        Ok(body) => (body, None),
        Err(error) => (O::other(), Some(error)),
    };
    Err(Error::Api(ApiError::new(
        body,
        reply.into_raw(),
        decode_error,
    )))
}

/// The response of a call whatever its status, in the making.
pub type RawResponse =
    Pin<Box<dyn Future<Output = Result<http::Response<Body>, Error<Infallible>>> + Send>>;

/// The response of a call whatever its status, in the making, with a body that is read piece by piece.
pub type RawStream =
    Pin<Box<dyn Future<Output = Result<http::Response<Download>, Error<Infallible>>> + Send>>;

/// The response of a call as its operation declares it, in the making.
pub type Outcome<O> = Pin<
    Box<
        dyn Future<
                Output = Result<
                    Response<<O as Operation>::Output>,
                    Error<<O as Operation>::Failure>,
                >,
            > + Send,
    >,
>;

/// Sends a call and reads its response as `O` declares it: the one future that all operations share, so
/// that a generated crate has none of its own to check.
pub fn run<O: Operation>(call: Call) -> Outcome<O> {
    Box::pin(async move {
        let response = call.execute().await;
        finish::<O>(response.map_err(Error::widen)?)
    })
}

/// Sends a call and returns the response whatever its status.
pub fn run_raw(call: Call) -> RawResponse {
    Box::pin(call.execute())
}

/// Sends a call and returns the response whatever its status, when its head is there.
pub fn run_stream(call: Call) -> RawStream {
    Box::pin(call.execute_stream())
}

/// Gives a generated call its options and its ways to be sent. After its name stand, in brackets, what its
/// body and its parameters must keep to.
#[macro_export]
#[doc(hidden)]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_operation {
    ($name:ident $([$($rules:tt)*])?) => {
        impl $name {
            /// Looks whether the body and the parameters keep to the limits that the API's description
            /// sets, and returns the call. Nothing else does: what breaks a limit can be sent.
            ///
            /// # Errors
            /// Everything that breaks a limit, with its place and the limit, and without its value.
            #[cfg(feature = "validate")]
            pub fn validate(self) -> ::core::result::Result<Self, crate::runtime::Violations> {
                self.call.validate(Self::__rules())?;
                ::core::result::Result::Ok(self)
            }

            #[cfg(feature = "validate")]
            fn __rules() -> crate::runtime::rules::CallRules {
                #[allow(unused_imports, reason = "an operation may have no limits")]
                use crate::runtime::rules::{Input::*, Rule::*};
                static RULES: crate::runtime::rules::CallRules = &[$($($rules)*)?];
                RULES
            }

            /// Gives up on the call after this time, from connecting to the last byte of the response.
            pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.call.timeout(timeout);
                self
            }

            /// Sends the call again where that is safe and the policy says so, whatever the client's says.
            pub fn retries(mut self, policy: crate::runtime::RetryPolicy) -> Self {
                self.call.retries(policy);
                self
            }

            /// Adds a pair to the query, behind all others. One name may be added several times.
            pub fn extra_query(mut self, name: &str, value: &str) -> Self {
                self.call.extra_query(name, value);
                self
            }

            /// Adds a header, in place of any other with its name.
            pub fn header(mut self, name: &str, value: &str) -> Self {
                self.call.header(name, value);
                self
            }

            /// Asks for this media type.
            pub fn accept(mut self, media_type: &str) -> Self {
                self.call.accept(media_type);
                self
            }

            /// Sends the body as this media type.
            pub fn content_type(mut self, content_type: crate::runtime::ContentType) -> Self {
                self.call.content_type(content_type);
                self
            }

            /// Sends this call alone to another base URL.
            pub fn base_url(mut self, url: &str) -> Self {
                self.call.base_url(url);
                self
            }

            /// Returns the request as it would be sent, without sending it.
            ///
            /// # Errors
            /// The request cannot be made; the error's text says what to do.
            pub fn request(
                &self,
            ) -> ::core::result::Result<
                crate::runtime::http::Request<crate::runtime::Body>,
                crate::runtime::BuildError,
            > {
                self.call.request()
            }

            /// Reads a response that came by other means.
            ///
            /// # Errors
            /// The status is not 2xx, or the body is not what the operation declares.
            pub fn response(
                response: crate::runtime::http::Response<crate::runtime::Body>,
            ) -> <Self as ::core::future::IntoFuture>::Output {
                crate::runtime::finish::<Self>(response)
            }

            /// Sends the call and returns the response whatever its status, without reading its body.
            ///
            /// # Errors
            /// The request cannot be made, or no whole response came.
            pub fn raw(self) -> crate::runtime::RawResponse {
                crate::runtime::run_raw(self.call)
            }

            /// Sends the call and returns the response whatever its status, with a body that is still to be
            /// read, piece by piece. It may have any length.
            ///
            /// # Errors
            /// The request cannot be made, or no head of a response came.
            pub fn raw_stream(self) -> crate::runtime::RawStream {
                crate::runtime::run_stream(self.call)
            }

            /// Sends the call on this thread and waits for its response.
            ///
            /// # Errors
            /// See [`Error`](crate::runtime::Error).
            #[cfg(feature = "blocking")]
            pub fn send(self) -> <Self as ::core::future::IntoFuture>::Output {
                let response = self.call.execute_blocking();
                crate::runtime::finish::<Self>(response.map_err(crate::runtime::Error::widen)?)
            }

            /// Sends the call on this thread and returns the response whatever its status.
            ///
            /// # Errors
            /// The request cannot be made, or no whole response came.
            #[cfg(feature = "blocking")]
            pub fn send_raw(
                self,
            ) -> ::core::result::Result<
                crate::runtime::http::Response<crate::runtime::Body>,
                crate::runtime::Error<::core::convert::Infallible>,
            > {
                self.call.execute_blocking()
            }

            /// [`raw_stream`](Self::raw_stream) on this thread.
            ///
            /// # Errors
            /// See there.
            #[cfg(feature = "blocking")]
            pub fn send_raw_stream(
                self,
            ) -> ::core::result::Result<
                crate::runtime::http::Response<crate::runtime::Download>,
                crate::runtime::Error<::core::convert::Infallible>,
            > {
                self.call.execute_stream_blocking()
            }
        }

        impl ::core::future::IntoFuture for $name {
            type Output = ::core::result::Result<
                crate::runtime::Response<<Self as crate::runtime::Operation>::Output>,
                crate::runtime::Error<<Self as crate::runtime::Operation>::Failure>,
            >;
            type IntoFuture = ::core::pin::Pin<
                ::std::boxed::Box<
                    dyn ::core::future::Future<Output = Self::Output> + ::core::marker::Send,
                >,
            >;

            fn into_future(self) -> Self::IntoFuture {
                crate::runtime::run::<Self>(self.call)
            }
        }

        #[cfg(feature = "mock")]
        impl crate::runtime::mock::Described for $name {
            const SPEC: &'static crate::runtime::OperationSpec = &SPEC;

            fn rules() -> crate::runtime::rules::CallRules {
                Self::__rules()
            }
        }

        /// Shows the operation's name alone.
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(::core::concat!(::core::stringify!($name), " { .. }"))
            }
        }
    };
}
