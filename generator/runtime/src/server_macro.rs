//! What the generator writes behind a server whose URL has variables.

/// Gives a server with variables its constructor, its setters and its URL. Variables without a default stand in
/// brackets.
#[macro_export]
#[doc(hidden)]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_server {
    ($name:ident = $url:literal {
        $([$needed:ident = $needed_name:literal])*
        $($field:ident: $ty:ty = $field_name:literal, $default:expr;)*
    }) => {
        #[allow(clippy::new_without_default, reason = "some servers need what has no default")]
        impl $name {
            /// The server with what its variables usually are.
            #[allow(
                clippy::disallowed_names,
                clippy::just_underscores_and_digits,
                reason = "variables are called as the description calls them"
            )]
            #[must_use]
            pub fn new($($needed: impl ::core::convert::Into<::std::string::String>),*) -> Self {
                Self {
                    $($needed: ::core::convert::Into::into($needed),)*
                    $($field: <$ty as ::core::convert::From<_>>::from($default),)*
                }
            }

            $(
                #[doc = ::core::concat!("Sets what stands for `", $field_name, "`.")]
                #[must_use]
                pub fn $field(mut self, value: impl ::core::convert::Into<$ty>) -> Self {
                    self.$field = ::core::convert::Into::into(value);
                    self
                }
            )*

            /// Returns the server's base URL. A value that would lead to another host is not filled in, and the
            /// URL then makes no client and no call.
            #[must_use]
            pub fn url(&self) -> ::std::string::String {
                const SPEC: crate::runtime::ServerSpec = crate::runtime::ServerSpec {
                    url: $url,
                    variables: &[],
                };
                SPEC.url(&[
                    $(($needed_name, &self.$needed),)*
                    $(($field_name, ::core::convert::AsRef::<str>::as_ref(&self.$field)),)*
                ])
            }
        }
    };
}

/// Makes texts of the values of a server's variable, and values of texts.
#[macro_export]
#[doc(hidden)]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_server_variable {
    ($name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        impl $name {
            /// All values.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
        }

        /// What stands in the URL.
        impl ::core::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(::core::convert::AsRef::<str>::as_ref(self))
            }
        }

        /// Reads a value as it stands in the URL; any other is an error.
        impl ::core::str::FromStr for $name {
            type Err = crate::runtime::BuildError;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                match text {
                    $($text => ::core::result::Result::Ok(Self::$variant),)*
                    _ => ::core::result::Result::Err(crate::runtime::BuildError::new(
                        crate::runtime::BuildErrorKind::BaseUrl,
                        ::core::concat!("the text is no value of `", ::core::stringify!($name), "`"),
                    )),
                }
            }
        }
    };
}
