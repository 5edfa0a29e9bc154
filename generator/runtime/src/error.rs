//! What can go wrong with a call, by what there is to do about it.
//!
//! No error here holds a request, a header's value, a URL's query or a text from the server, so none can
//! show in `Display`, `Debug` or a source chain. The response is in reach under names that say so.

use std::convert::Infallible;
use std::fmt;

use http::{HeaderMap, StatusCode};

use super::media::MediaType;
use super::{Body, DecodeError};

/// Why a call failed. `E` is the error body that the operation declares.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error<E> {
    /// The request could not be made; nothing was sent.
    Build(BuildError),
    /// No whole response came.
    Transport(TransportError),
    /// There is no token to send the call with; nothing was sent.
    #[cfg(feature = "tokens")]
    Token(super::token::TokenError),
    /// The server answered with a status other than 2xx.
    Api(ApiError<E>),
    /// The server answered with 2xx and a body that is not what the operation declares.
    Decode(DecodeFailure),
}

impl<E> Error<E> {
    /// The status of the response, if one came.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Error::Build(_) | Error::Transport(_) => None,
            #[cfg(feature = "tokens")]
            Error::Token(_) => None,
            Error::Api(error) => Some(error.status()),
            Error::Decode(error) => Some(error.status()),
        }
    }
}

impl Error<Infallible> {
    /// The same error for an operation that declares error bodies.
    pub fn widen<E>(self) -> Error<E> {
        match self {
            Error::Build(error) => Error::Build(error),
            Error::Transport(error) => Error::Transport(error),
            #[cfg(feature = "tokens")]
            Error::Token(error) => Error::Token(error),
            Error::Decode(error) => Error::Decode(error),
            Error::Api(error) => match error.0.body {},
        }
    }
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Error::Build(_) => "the request could not be made, and nothing was sent",
            Error::Transport(_) => "the call got no whole response",
            #[cfg(feature = "tokens")]
            Error::Token(_) => "there is no token for the call, and nothing was sent",
            Error::Api(_) => "the server refused the call",
            Error::Decode(_) => "the server's response is not what the operation declares",
        })
    }
}

impl<E: fmt::Debug + 'static> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(match self {
            Error::Build(error) => error,
            Error::Transport(error) => error,
            #[cfg(feature = "tokens")]
            Error::Token(error) => error,
            Error::Api(error) => error,
            Error::Decode(error) => error,
        })
    }
}

impl<E> From<BuildError> for Error<E> {
    fn from(error: BuildError) -> Self {
        Error::Build(error)
    }
}

#[cfg(feature = "tokens")]
impl<E> From<super::token::TokenError> for Error<E> {
    fn from(error: super::token::TokenError) -> Self {
        Error::Token(error)
    }
}

impl<E> From<TransportError> for Error<E> {
    fn from(error: TransportError) -> Self {
        Error::Transport(error)
    }
}

/// A client or a request that cannot be made. The text says what to do; nothing was sent.
#[derive(Clone, Debug)]
pub struct BuildError(Box<(BuildErrorKind, String)>);

/// What is wrong with a client or a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildErrorKind {
    /// The API's server is relative: call `origin` or `base_url`.
    OriginNeeded,
    /// A base URL, an origin, a server variable or the URL of an authorization server is not usable.
    BaseUrl,
    /// No alternative of the operation's security has all its credentials.
    MissingCredentials,
    /// Two ways to authenticate were given for one call (RFC 6749, section 2.3).
    TwoCredentials,
    /// A credential has characters that cannot be sent.
    Credential,
    /// The API wants a credential in the URL's query, and the client was not allowed to put it there.
    CredentialInQuery,
    /// A credential or a token call would go over plain http.
    PlainHttp,
    /// A path parameter is missing, empty or a dot segment, or a value could not be written.
    Parameter,
    /// A header's name or value cannot be sent, or is not the caller's to set.
    Header,
    /// The body cannot be written in the media type.
    ContentType,
    /// The body is sent piece by piece, so it cannot be shown.
    Upload,
    /// The next page cannot be asked for: its link leads to another origin, or the page is of another form.
    NextPage,
    /// The client has no transport for this kind of call.
    NoTransport,
    /// Limits of the API's description are broken, as the call's `validate` found.
    Violations,
}

impl BuildError {
    /// An error of code of your own that makes requests, such as a token endpoint's. The message shows in logs, so
    /// it must hold no secret.
    pub fn new(kind: BuildErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new((kind, message.into())))
    }

    /// What is wrong, to match on.
    pub fn kind(&self) -> BuildErrorKind {
        self.0.0
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.1)
    }
}

impl std::error::Error for BuildError {}

/// Whether the server may have seen the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It has not: trying again is safe.
    NotSent,
    /// It may have: a call that spends something must not simply be repeated.
    MaybeSent,
}

/// No whole response came.
#[derive(Debug)]
pub struct TransportError(Box<TransportFault>);

#[derive(Debug)]
struct TransportFault {
    kind: TransportErrorKind,
    delivery: Delivery,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What kept the response from coming.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The host has no address or does not accept connections.
    Connect,
    /// The TLS handshake failed, such as for a certificate that is not trusted.
    Tls,
    /// The call took longer than its timeout.
    Timeout,
    /// The body is longer than `max_response_bytes`.
    TooLarge,
    /// The connection broke, or what came is not HTTP.
    Broken,
    /// The body of the request could not be read to its end.
    Upload,
    /// The asynchronous transport was used outside of the runtime that it needs.
    NoRuntime,
    /// Any other fault of a transport.
    Other,
}

impl TransportError {
    /// An error without a cause.
    pub fn new(kind: TransportErrorKind, delivery: Delivery) -> Self {
        Self(Box::new(TransportFault {
            kind,
            delivery,
            source: None,
        }))
    }

    /// Adds the cause. It shows in the source chain, so it must hold neither URL nor headers nor body.
    #[must_use]
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What happened, to match on.
    pub fn kind(&self) -> TransportErrorKind {
        self.0.kind
    }

    /// Whether the server may have seen the request.
    pub fn delivery(&self) -> Delivery {
        self.0.delivery
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0.kind {
            TransportErrorKind::Connect => "no connection to the server: check the base URL and the network",
            TransportErrorKind::Tls => "no trusted TLS connection to the server: check its certificate",
            TransportErrorKind::Timeout => "the call took longer than its timeout: raise `timeout` or try later",
            TransportErrorKind::TooLarge => "the response is too long: raise `max_response_bytes` if it is expected",
            TransportErrorKind::Broken => "the connection broke before the whole response came",
            TransportErrorKind::Upload => "the body to be sent could not be read to its end",
            TransportErrorKind::NoRuntime => {
                "the reqwest transport needs a running tokio runtime: await the call inside of one, or use the feature `blocking`"
            }
            TransportErrorKind::Other => "the transport failed",
        })?;
        match self.0.delivery {
            Delivery::NotSent => f.write_str(" (the request was not sent)"),
            Delivery::MaybeSent => f.write_str(" (the server may have seen the request)"),
        }
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.0.source.as_deref()?;
        Some(source)
    }
}

/// A response with a status other than 2xx.
pub struct ApiError<E>(Box<ApiFault<E>>);

struct ApiFault<E> {
    body: E,
    raw: http::Response<Body>,
    decode_error: Option<DecodeError>,
}

impl<E> ApiError<E> {
    pub(super) fn new(
        body: E,
        raw: http::Response<Body>,
        decode_error: Option<DecodeError>,
    ) -> Self {
        Self(Box::new(ApiFault {
            body,
            raw,
            decode_error,
        }))
    }

    /// The response's status.
    pub fn status(&self) -> StatusCode {
        self.0.raw.status()
    }

    /// The response's headers.
    pub fn headers(&self) -> &HeaderMap {
        self.0.raw.headers()
    }

    /// The error body by status; its `Other` says that the status or the body was not as declared.
    pub fn body(&self) -> &E {
        &self.0.body
    }

    /// The error body, taken out.
    pub fn into_body(self) -> E {
        self.0.body
    }

    /// The response as it came. Its body is the server's text and may repeat what was sent.
    pub fn raw(&self) -> &http::Response<Body> {
        &self.0.raw
    }

    /// Why a declared error body could not be read, if so.
    pub fn decode_error(&self) -> Option<&DecodeError> {
        self.0.decode_error.as_ref()
    }
}

impl<E> fmt::Display for ApiError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the server answered with status {}",
            self.status().as_u16()
        )?;
        if self.status().is_redirection() {
            f.write_str(", a redirect, which is not followed: check the base URL")?;
        }
        if self.0.decode_error.is_some() {
            f.write_str(" and a body that is not what the operation declares for it")?;
        }
        Ok(())
    }
}

/// Shows the status and the name of the body's variant; the body may hold what the server echoes.
impl<E: fmt::Debug> fmt::Debug for ApiError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("status", &self.status().as_u16())
            .field("body", &VariantName(&self.0.body))
            .field("decode_error", &self.0.decode_error)
            .finish_non_exhaustive()
    }
}

impl<E: fmt::Debug + 'static> std::error::Error for ApiError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let error = self.0.decode_error.as_ref()?;
        Some(error)
    }
}

/// The `Debug` of a value up to the end of its first name.
struct VariantName<'a, E>(&'a E);

impl<E: fmt::Debug> fmt::Debug for VariantName<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut name = FirstName(String::new());
        // The error is how `FirstName` stops the value's own `Debug`.
        let _ = fmt::write(&mut name, format_args!("{:?}", self.0));
        write!(f, "{}", name.0)
    }
}

/// Takes letters, digits and underscores, and refuses everything from the first other character on.
struct FirstName(String);

impl fmt::Write for FirstName {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
        self.0.push_str(&text[..end]);
        if end == text.len() {
            Ok(())
        } else {
            Err(fmt::Error)
        }
    }
}

/// A 2xx response whose body is not what the operation declares.
pub struct DecodeFailure(Box<(DecodeError, http::Response<Body>)>);

impl DecodeFailure {
    pub(super) fn new(error: DecodeError, raw: http::Response<Body>) -> Self {
        Self(Box::new((error, raw)))
    }

    /// The response's status.
    pub fn status(&self) -> StatusCode {
        self.0.1.status()
    }

    /// Where in the body it is, such as `$.items[3].name`.
    pub fn path(&self) -> String {
        self.0.0.path().to_string()
    }

    /// What was wrong there.
    pub fn error(&self) -> &DecodeError {
        &self.0.0
    }

    /// The response as it came; it may hold secrets.
    pub fn raw(&self) -> &http::Response<Body> {
        &self.0.1
    }
}

impl fmt::Display for DecodeFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the body of the response with status {} could not be read",
            self.status().as_u16()
        )?;
        if MediaType::of(self.0.1.headers()).is_page() {
            f.write_str(
                "; it is a page of HTML, perhaps of something between the client and the API",
            )?;
        }
        Ok(())
    }
}

impl fmt::Debug for DecodeFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeFailure")
            .field("status", &self.status().as_u16())
            .field("error", &self.0.0)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for DecodeFailure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0.0)
    }
}
