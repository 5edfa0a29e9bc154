//! Clients: what all calls of one share.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use zeroize::Zeroizing;

use super::body::ContentType;
use super::call::query_pair;
use super::error::{BuildError, BuildErrorKind};
use super::operation::ApiSpec;
use super::retry::RetryPolicy;
use super::security::{BasicEncoding, Credential, Keyring, Scheme};
use super::server::{Base, BaseUrl};
use super::transport::{BlockingTransport, Limits, Transport};

/// Whether something that endangers secrets was allowed by the caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Danger {
    #[default]
    Refused,
    Allowed,
}

/// The core of a generated client. Cloning it is cheap, and all clones share their connections.
#[derive(Clone)]
pub struct Core(pub(super) Arc<Shared>);

pub(super) struct Shared {
    pub(super) api: &'static ApiSpec,
    pub(super) base: Base,
    pub(super) credentials: Keyring,
    pub(super) headers: HeaderMap,
    /// Pairs that each query ends with.
    pub(super) extra_query: Vec<Zeroizing<String>>,
    /// What bodies are sent as where an operation takes several media types.
    pub(super) content_type: Option<ContentType>,
    pub(super) retries: Option<RetryPolicy>,
    pub(super) limits: Limits,
    /// What the caller allowed responses to be long; `limits` has the default otherwise.
    pub(super) max_response_bytes: Option<usize>,
    pub(super) basic_encoding: BasicEncoding,
    pub(super) plain_http: Danger,
    pub(super) secret_in_query: Danger,
    pub(super) transport: Option<Box<dyn Transport>>,
    #[cfg(feature = "tokens")]
    pub(super) tokens: Vec<super::token::TokenSource>,
    // Without the feature `blocking`, no call can be made through it.
    #[cfg_attr(not(feature = "blocking"), allow(dead_code))]
    pub(super) blocking_transport: Option<Box<dyn BlockingTransport>>,
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("api", &self.0.api.name)
            .finish_non_exhaustive()
    }
}

/// Makes a [`Core`]. A generated builder passes its settings on to this one.
pub struct CoreBuilder {
    shared: Shared,
    fault: Option<BuildError>,
    /// What the blocking transport of the feature `blocking` drives, as long as there is no other.
    #[cfg(all(feature = "blocking", feature = "tower"))]
    driven: Option<Arc<dyn Transport>>,
    #[cfg(feature = "tower")]
    is_layered: bool,
}

impl fmt::Debug for CoreBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CoreBuilder")
            .field("api", &self.shared.api.name)
            .finish_non_exhaustive()
    }
}

impl CoreBuilder {
    /// Begins with the API's first server, no credentials and the transports that the features bring.
    pub fn new(api: &'static ApiSpec) -> Self {
        let shared = Shared {
            api,
            base: Base::default(),
            credentials: Keyring::default(),
            headers: HeaderMap::new(),
            extra_query: Vec::new(),
            content_type: None,
            retries: None,
            limits: Limits::default(),
            max_response_bytes: None,
            basic_encoding: BasicEncoding::Form,
            plain_http: Danger::Refused,
            secret_in_query: Danger::Refused,
            transport: default_transport(),
            #[cfg(feature = "tokens")]
            tokens: Vec::new(),
            blocking_transport: default_blocking_transport(),
        };
        Self {
            shared,
            fault: None,
            #[cfg(all(feature = "blocking", feature = "tower"))]
            driven: default_transport().map(Arc::from),
            #[cfg(feature = "tower")]
            is_layered: false,
        }
        .user_agent(&format!("specmint-{}", api.name))
    }

    /// Replaces host and path of the API's server.
    ///
    /// # Errors
    /// The text is not an absolute http or https URL, or holds a user, a query or a fragment.
    pub fn base_url(mut self, url: &str) -> Result<Self, BuildError> {
        self.shared.base.url = Some(BaseUrl::parse(url)?);
        Ok(self)
    }

    /// Replaces scheme, host and port of the API's server and keeps its path.
    ///
    /// # Errors
    /// See [`base_url`](Self::base_url); an origin has no path either.
    pub fn origin(mut self, origin: &str) -> Result<Self, BuildError> {
        self.shared.base.origin = Some(BaseUrl::parse_origin(origin)?);
        Ok(self)
    }

    /// Chooses one of the API's servers by its URL; a URL that cannot be used comes out of `build`.
    #[must_use]
    pub fn server(mut self, url: String) -> Self {
        self.shared.base.server = Some(url);
        self
    }

    /// Gives the credential of a scheme.
    #[must_use]
    pub fn credential(mut self, scheme: &'static Scheme, credential: Credential) -> Self {
        self.shared.credentials.put(scheme, credential);
        self
    }

    /// Sends calls with tokens of a source, where a scheme asks for a token and was given no credential. Of several
    /// sources each call takes the one that asks for the least of what covers its scopes.
    #[cfg(feature = "tokens")]
    #[must_use]
    pub fn token_source(mut self, source: super::token::TokenSource) -> Self {
        self.shared.tokens.push(source);
        self
    }

    /// Sends calls through `transport`.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.shared.transport = Some(Box::new(transport));
        #[cfg(feature = "tower")]
        if self.is_layered {
            let message = "`transport` would take the layers away: call it before `layer`";
            let fault = BuildError::new(BuildErrorKind::NoTransport, message);
            self.fault.get_or_insert(fault);
        }
        self
    }

    /// Looks whether every call goes through the layers.
    #[cfg(feature = "tower")]
    fn check_layers(&self) -> Result<(), BuildError> {
        let fault = |message| Err(BuildError::new(BuildErrorKind::NoTransport, message));
        #[cfg(feature = "blocking")]
        if self.is_layered && self.driven.is_none() {
            return fault(
                "calls would go past the layers through `blocking_transport`: put layers around what it drives",
            );
        }
        if self.is_layered && self.shared.transport.is_none() {
            return fault(
                "there is no transport to put layers around: call `transport` before `layer`",
            );
        }
        Ok(())
    }

    /// Sends blocking calls through `transport`.
    #[must_use]
    pub fn blocking_transport(mut self, transport: impl BlockingTransport) -> Self {
        self.shared.blocking_transport = Some(Box::new(transport));
        #[cfg(all(feature = "blocking", feature = "tower"))]
        {
            self.driven = None;
        }
        self
    }

    /// Puts a layer of tower around the transport that is set by now, in front of the layers that are there already.
    #[cfg(feature = "tower")]
    #[must_use]
    pub fn layer(mut self, layer: impl super::transport::tower::Around) -> Self {
        use super::transport::tower::TransportService;
        if let Some(transport) = self.shared.transport.take() {
            let inner = TransportService::new(Arc::<dyn Transport>::from(transport));
            self.shared.transport = Some(layer.around(inner));
        }
        #[cfg(feature = "blocking")]
        if let Some(transport) = self.driven.take() {
            let layered =
                Arc::<dyn Transport>::from(layer.around(TransportService::new(transport)));
            let blocking = super::transport::blocking::Blocking::over(Arc::clone(&layered));
            self.shared.blocking_transport = Some(Box::new(blocking));
            self.driven = Some(layered);
        }
        self.is_layered = true;
        self
    }

    /// Gives up on a call after this time; 30 seconds unless set.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.shared.limits.timeout = timeout;
        self
    }

    /// Gives up on connecting after this time; 10 seconds unless set.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.shared.limits.connect_timeout = timeout;
        self
    }

    /// Gives up on a response that is read piece by piece after this time without a piece; 60 seconds unless set.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.shared.limits.idle_timeout = timeout;
        self
    }

    /// Refuses longer response bodies. 32 MiB unless set, 64 KiB for token calls, which never go beyond 1 MiB.
    #[must_use]
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.shared.limits.max_response_bytes = bytes;
        self.shared.max_response_bytes = Some(bytes);
        self
    }

    /// Names the program to the server.
    #[must_use]
    pub fn user_agent(self, name: &str) -> Self {
        self.header(USER_AGENT.as_str(), name)
    }

    /// Sends a header with each call; one that cannot be sent comes out of `build`.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Err(error) = put_header(&mut self.shared.headers, name, value) {
            self.fault.get_or_insert(error);
        }
        self
    }

    /// Adds a pair to the query of each call, behind its parameters. One name may be added several times.
    #[must_use]
    pub fn extra_query(mut self, name: &str, value: &str) -> Self {
        self.shared.extra_query.push(query_pair(name, value));
        self
    }

    /// Asks for this media type with each call, whatever the API declares.
    #[must_use]
    pub fn accept(self, media_type: &str) -> Self {
        self.header(ACCEPT.as_str(), media_type)
    }

    /// Sends bodies as this media type where an operation takes it beside others.
    #[must_use]
    pub fn content_type(mut self, content_type: ContentType) -> Self {
        self.shared.content_type = Some(content_type);
        self
    }

    /// Sends calls again where that is safe and the policy says so; each call is sent once unless set.
    #[must_use]
    pub fn retries(mut self, policy: RetryPolicy) -> Self {
        self.shared.retries = Some(policy);
        self
    }

    /// How client id and secret are written in Basic on token calls.
    #[must_use]
    pub fn basic_encoding(mut self, encoding: BasicEncoding) -> Self {
        self.shared.basic_encoding = encoding;
        self
    }

    /// Lets credentials and token calls go over plain http, where anybody on the way can read them.
    #[must_use]
    pub fn danger_allow_http(mut self) -> Self {
        self.shared.plain_http = Danger::Allowed;
        self
    }

    /// Lets API keys that the API wants in the URL's query go there, where servers and proxies log them.
    #[must_use]
    pub fn danger_allow_secret_in_query(mut self) -> Self {
        self.shared.secret_in_query = Danger::Allowed;
        self
    }

    /// Makes the core.
    ///
    /// # Errors
    /// The server is relative and neither an origin nor a base URL was given, a setting cannot be used,
    /// or there is no transport.
    pub fn build(self) -> Result<Core, BuildError> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        #[cfg(feature = "tower")]
        self.check_layers()?;
        self.shared
            .base
            .resolve(None, &[], self.shared.api.servers)?;
        if self.shared.transport.is_none() && self.shared.blocking_transport.is_none() {
            return Err(BuildError::new(
                BuildErrorKind::NoTransport,
                "the client has no transport: switch on the feature `reqwest` or `blocking`, or give one with \
                 `transport` or `blocking_transport`",
            ));
        }
        Ok(Core(Arc::new(self.shared)))
    }
}

#[cfg(feature = "reqwest")]
pub(super) fn default_transport() -> Option<Box<dyn Transport>> {
    Some(Box::new(super::transport::reqwest::Reqwest::new()))
}

#[cfg(not(feature = "reqwest"))]
pub(super) fn default_transport() -> Option<Box<dyn Transport>> {
    None
}

#[cfg(feature = "blocking")]
pub(super) fn default_blocking_transport() -> Option<Box<dyn BlockingTransport>> {
    Some(Box::new(super::transport::blocking::Blocking::new()))
}

#[cfg(not(feature = "blocking"))]
pub(super) fn default_blocking_transport() -> Option<Box<dyn BlockingTransport>> {
    None
}

/// Sets a header of the caller's, marked as sensitive.
pub(super) fn put_header(
    headers: &mut HeaderMap,
    name: &str,
    value: &str,
) -> Result<(), BuildError> {
    let parsed = HeaderName::from_bytes(name.as_bytes()).map_err(|_| {
        BuildError::new(
            BuildErrorKind::Header,
            "a header's name has characters that are not allowed",
        )
    })?;
    if [
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "te",
        "trailer",
        "upgrade",
    ]
    .contains(&parsed.as_str())
    {
        let message = format!("the header `{parsed}` is the transport's to set");
        return Err(BuildError::new(BuildErrorKind::Header, message));
    }
    let mut value = HeaderValue::from_str(value).map_err(|_| {
        let message =
            format!("the value of the header `{parsed}` has characters that cannot be sent");
        BuildError::new(BuildErrorKind::Header, message)
    })?;
    value.set_sensitive(true);
    headers.insert(parsed, value);
    Ok(())
}
