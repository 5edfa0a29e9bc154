//! What every generated client's builder can do: settings, passed on to [`CoreBuilder`](super::CoreBuilder).

/// Gives a generated client builder its settings.
#[macro_export]
#[doc(hidden)]
#[allow(
    clippy::crate_in_macro_def,
    reason = "the code may be a copy inside the crate that uses it, always as `crate::runtime`"
)]
macro_rules! __specmint_client_builder {
    ($builder:ident => $client:ident) => {
        impl $builder {
            /// Replaces host and path of the API's server.
            ///
            /// # Errors
            /// The text is not an absolute http or https URL, or holds a user, a query or a fragment.
            pub fn base_url(
                self,
                url: &str,
            ) -> ::core::result::Result<Self, crate::runtime::BuildError> {
                Ok(Self {
                    inner: self.inner.base_url(url)?,
                })
            }

            /// Replaces scheme, host and port of the API's server and keeps its path.
            ///
            /// # Errors
            /// See [`base_url`](Self::base_url); an origin has no path either.
            pub fn origin(
                self,
                origin: &str,
            ) -> ::core::result::Result<Self, crate::runtime::BuildError> {
                Ok(Self {
                    inner: self.inner.origin(origin)?,
                })
            }

            /// Sends calls with tokens of a source, where a scheme asks for a token and was given no credential.
            /// Of several sources each call takes the one that asks for the least of what covers its scopes.
            /// Without a token nothing is sent; a token that the API does not take is given back, and the call
            /// repeated once with another.
            #[cfg(feature = "tokens")]
            #[must_use]
            pub fn token_source(self, source: crate::runtime::token::TokenSource) -> Self {
                Self {
                    inner: self.inner.token_source(source),
                }
            }

            /// Sends calls through `transport`.
            #[must_use]
            pub fn transport(self, transport: impl crate::runtime::Transport) -> Self {
                Self {
                    inner: self.inner.transport(transport),
                }
            }

            /// Sends blocking calls through `transport`.
            #[must_use]
            pub fn blocking_transport(
                self,
                transport: impl crate::runtime::BlockingTransport,
            ) -> Self {
                Self {
                    inner: self.inner.blocking_transport(transport),
                }
            }

            /// Puts a layer of tower around the transport that is set by now, in front of the layers that are
            /// there already. Among the extensions of each request are its
            /// [`Limits`](crate::runtime::Limits) and the
            /// [`&'static OperationSpec`](crate::runtime::OperationSpec) of its operation.
            #[cfg(feature = "tower")]
            #[must_use]
            pub fn layer(self, layer: impl crate::runtime::transport::tower::Around) -> Self {
                Self {
                    inner: self.inner.layer(layer),
                }
            }

            /// Gives up on a call after this time; 30 seconds unless set.
            #[must_use]
            pub fn timeout(self, timeout: ::std::time::Duration) -> Self {
                Self {
                    inner: self.inner.timeout(timeout),
                }
            }

            /// Gives up on connecting after this time; 10 seconds unless set.
            #[must_use]
            pub fn connect_timeout(self, timeout: ::std::time::Duration) -> Self {
                Self {
                    inner: self.inner.connect_timeout(timeout),
                }
            }

            /// Gives up on a response that is read piece by piece after this time without a piece; 60 seconds
            /// unless set.
            #[must_use]
            pub fn idle_timeout(self, timeout: ::std::time::Duration) -> Self {
                Self {
                    inner: self.inner.idle_timeout(timeout),
                }
            }

            /// Refuses longer response bodies. 32 MiB unless set, 64 KiB for token calls, which never go
            /// beyond 1 MiB.
            #[must_use]
            pub fn max_response_bytes(self, bytes: usize) -> Self {
                Self {
                    inner: self.inner.max_response_bytes(bytes),
                }
            }

            /// Names the program to the server.
            #[must_use]
            pub fn user_agent(self, name: &str) -> Self {
                Self {
                    inner: self.inner.user_agent(name),
                }
            }

            /// Sends a header with each call; one that cannot be sent comes out of `build`.
            #[must_use]
            pub fn header(self, name: &str, value: &str) -> Self {
                Self {
                    inner: self.inner.header(name, value),
                }
            }

            /// Adds a pair to the query of each call, behind its parameters. One name may be added several
            /// times.
            #[must_use]
            pub fn extra_query(self, name: &str, value: &str) -> Self {
                Self {
                    inner: self.inner.extra_query(name, value),
                }
            }

            /// Asks for this media type with each call, whatever the API declares.
            #[must_use]
            pub fn accept(self, media_type: &str) -> Self {
                Self {
                    inner: self.inner.accept(media_type),
                }
            }

            /// Sends bodies as this media type where an operation takes it beside others.
            #[must_use]
            pub fn content_type(self, content_type: crate::runtime::ContentType) -> Self {
                Self {
                    inner: self.inner.content_type(content_type),
                }
            }

            /// Sends calls again where that is safe and the policy says so; each call is sent once unless
            /// set.
            #[must_use]
            pub fn retries(self, policy: crate::runtime::RetryPolicy) -> Self {
                Self {
                    inner: self.inner.retries(policy),
                }
            }

            /// How client id and secret are written in Basic on token calls.
            #[must_use]
            pub fn basic_encoding(self, encoding: crate::runtime::BasicEncoding) -> Self {
                Self {
                    inner: self.inner.basic_encoding(encoding),
                }
            }

            /// Lets credentials and token calls go over plain http, where anybody on the way can read them.
            #[must_use]
            pub fn danger_allow_http(self) -> Self {
                Self {
                    inner: self.inner.danger_allow_http(),
                }
            }

            /// Lets API keys that the API wants in the URL's query go there, where servers and proxies log
            /// them.
            #[must_use]
            pub fn danger_allow_secret_in_query(self) -> Self {
                Self {
                    inner: self.inner.danger_allow_secret_in_query(),
                }
            }

            /// Makes the client.
            ///
            /// # Errors
            /// The server is relative and neither an origin nor a base URL was given, a setting cannot be
            /// used, or there is no transport.
            pub fn build(self) -> ::core::result::Result<$client, crate::runtime::BuildError> {
                Ok($client {
                    core: self.inner.build()?,
                })
            }
        }
    };
}
