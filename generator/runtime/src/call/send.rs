//! How a call is sent: whole or piece by piece, awaited or on the calling thread.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;

use super::super::error::{
    BuildError, BuildErrorKind, Delivery, Error, TransportError, TransportErrorKind,
};
use super::super::reply::mark;
use super::super::request::assemble;
use super::super::retry::Retries;
use super::super::security::Credential;
use super::super::trace::Trace;
use super::super::transport::{Limits, Transport};
use super::super::{Body, Download};
use super::Call;

/// The most that a token endpoint may answer, and what it may unless the client says more.
const TOKEN_RESPONSE: (usize, usize) = (1 << 20, 64 << 10);

/// The response to one sending of a call, in the making.
pub(in super::super) type Sending<'a, B> =
    Pin<Box<dyn Future<Output = Result<http::Response<B>, Error<Infallible>>> + Send + 'a>>;

/// How the response of a call is read: what a call is generic over.
pub(in super::super) trait Reading {
    /// The body of the response.
    type Body: Send;

    /// Sends the call once, with a token for the schemes that take one.
    fn send<'a>(call: &'a Call, token: Option<&'a Credential>) -> Sending<'a, Self::Body>;

    /// [`send`](Self::send) on the calling thread.
    #[cfg(feature = "blocking")]
    fn send_blocking(
        call: &Call,
        token: Option<&Credential>,
    ) -> Result<http::Response<Self::Body>, Error<Infallible>>;
}

/// The response is read whole.
pub(in super::super) struct AsWhole;

/// The response is handed over with its head.
pub(in super::super) struct InPieces;

impl Reading for AsWhole {
    type Body = Body;

    fn send<'a>(call: &'a Call, token: Option<&'a Credential>) -> Sending<'a, Body> {
        Box::pin(Trace::of_sending(call).around(call.send_once(token)))
    }

    #[cfg(feature = "blocking")]
    fn send_blocking(
        call: &Call,
        token: Option<&Credential>,
    ) -> Result<http::Response<Body>, Error<Infallible>> {
        Trace::of_sending(call).within(|| call.send_once_blocking(token))
    }
}

impl Reading for InPieces {
    type Body = Download;

    fn send<'a>(call: &'a Call, token: Option<&'a Credential>) -> Sending<'a, Download> {
        Box::pin(Trace::of_sending(call).around(call.stream_once(token)))
    }

    #[cfg(feature = "blocking")]
    fn send_blocking(
        call: &Call,
        token: Option<&Credential>,
    ) -> Result<http::Response<Download>, Error<Infallible>> {
        Trace::of_sending(call).within(|| call.stream_once_blocking(token))
    }
}

impl Call {
    /// Sends the request through the client's transport, again if it is to be retried, and reads the
    /// whole response.
    ///
    /// # Errors
    /// `Build`, `Token` or `Transport`.
    pub async fn execute(mut self) -> Result<http::Response<Body>, Error<Infallible>> {
        self.deliver::<AsWhole>().await
    }

    /// Sends the request through the client's transport, again if it is to be retried, and hands the
    /// response over when its head is there.
    ///
    /// # Errors
    /// `Build`, `Token` or `Transport`.
    pub async fn execute_stream(mut self) -> Result<http::Response<Download>, Error<Infallible>> {
        self.stream().await
    }

    /// [`execute_stream`](Self::execute_stream) of a call that may be sent once more later.
    pub(in super::super) async fn stream(
        &mut self,
    ) -> Result<http::Response<Download>, Error<Infallible>> {
        self.deliver::<InPieces>().await
    }

    /// Sends the request through the client's blocking transport, again if it is to be retried, and reads the
    /// whole response.
    ///
    /// # Errors
    /// `Build`, `Token` or `Transport`.
    #[cfg(feature = "blocking")]
    pub fn execute_blocking(mut self) -> Result<http::Response<Body>, Error<Infallible>> {
        self.deliver_blocking::<AsWhole>()
    }

    /// Sends the request through the client's blocking transport, again if it is to be retried, and hands the
    /// response over when its head is there.
    ///
    /// # Errors
    /// `Build`, `Token` or `Transport`.
    #[cfg(feature = "blocking")]
    pub fn execute_stream_blocking(
        mut self,
    ) -> Result<http::Response<Download>, Error<Infallible>> {
        self.stream_blocking()
    }

    /// [`execute_stream_blocking`](Self::execute_stream_blocking) of a call that may be sent once more later.
    #[cfg(feature = "blocking")]
    pub(in super::super) fn stream_blocking(
        &mut self,
    ) -> Result<http::Response<Download>, Error<Infallible>> {
        self.deliver_blocking::<InPieces>()
    }

    /// Sends the call, and again if it is to be retried.
    async fn deliver<R: Reading>(&mut self) -> Result<http::Response<R::Body>, Error<Infallible>> {
        let trace = Trace::of_call(self);
        trace.around(self.attempts::<R>()).await
    }

    async fn attempts<R: Reading>(&mut self) -> Result<http::Response<R::Body>, Error<Infallible>> {
        let mut retries = Retries::begin(self);
        loop {
            let outcome = self.attempt::<R>().await;
            match retries.after(self, &outcome) {
                Some(pause) => {
                    drop(outcome);
                    pause.pass().await;
                }
                None => return outcome,
            }
        }
    }

    /// Sends the request, and once more with another token if the first is not taken.
    async fn attempt<R: Reading>(&self) -> Result<http::Response<R::Body>, Error<Infallible>> {
        #[cfg(feature = "tokens")]
        if let Some(source) = super::super::token::attach::source_of(&self.0) {
            return super::super::token::attach::execute::<R>(self, source).await;
        }
        R::send(self, None).await
    }

    #[cfg(feature = "blocking")]
    fn deliver_blocking<R: Reading>(
        &mut self,
    ) -> Result<http::Response<R::Body>, Error<Infallible>> {
        let trace = Trace::of_call(self);
        trace.within(|| self.attempts_blocking::<R>())
    }

    #[cfg(feature = "blocking")]
    fn attempts_blocking<R: Reading>(
        &mut self,
    ) -> Result<http::Response<R::Body>, Error<Infallible>> {
        let mut retries = Retries::begin(self);
        loop {
            let outcome = self.attempt_blocking::<R>();
            match retries.after(self, &outcome) {
                Some(pause) => {
                    drop(outcome);
                    pause.pass_blocking();
                }
                None => return outcome,
            }
        }
    }

    #[cfg(feature = "blocking")]
    fn attempt_blocking<R: Reading>(&self) -> Result<http::Response<R::Body>, Error<Infallible>> {
        #[cfg(feature = "tokens")]
        if let Some(source) = super::super::token::attach::source_of(&self.0) {
            return super::super::token::attach::execute_blocking::<R>(self, source);
        }
        R::send_blocking(self, None)
    }

    /// Sends the request, with a token for the schemes that take one. A body that is not in memory goes piece by
    /// piece.
    async fn send_once(
        &self,
        token: Option<&Credential>,
    ) -> Result<http::Response<Body>, Error<Infallible>> {
        let (head, upload) = assemble(&self.0, token)?.into_parts();
        let (transport, limits) = (self.transport()?, self.limits());
        match upload.into_whole() {
            Ok(body) => {
                let request = http::Request::from_parts(head, body);
                check_length(transport.send(request, limits).await?, limits)
            }
            Err(upload) => {
                let request = http::Request::from_parts(head, upload);
                let (head, body) = transport.stream(request, limits).await?.into_parts();
                let body = body.gather(limits.max_response_bytes).await?;
                Ok(mark(http::Response::from_parts(head, body)))
            }
        }
    }

    async fn stream_once(
        &self,
        token: Option<&Credential>,
    ) -> Result<http::Response<Download>, Error<Infallible>> {
        let request = assemble(&self.0, token)?;
        let response = self.transport()?.stream(request, self.limits()).await?;
        Ok(mark(response))
    }

    fn transport(&self) -> Result<&dyn Transport, BuildError> {
        self.0.core.0.transport.as_deref().ok_or_else(|| {
            BuildError::new(
                BuildErrorKind::NoTransport,
                "the client has no asynchronous transport: switch on the feature `reqwest`, give one with \
                 `transport`, or use `send`",
            )
        })
    }

    #[cfg(feature = "blocking")]
    fn send_once_blocking(
        &self,
        token: Option<&Credential>,
    ) -> Result<http::Response<Body>, Error<Infallible>> {
        let (head, upload) = assemble(&self.0, token)?.into_parts();
        let (transport, limits) = (self.blocking_transport(), self.limits());
        match upload.into_whole() {
            Ok(body) => {
                let request = http::Request::from_parts(head, body);
                check_length(transport.send(request, limits)?, limits)
            }
            Err(upload) => {
                let request = http::Request::from_parts(head, upload);
                let (head, body) = transport.stream(request, limits)?.into_parts();
                let body = body.gather_blocking(limits.max_response_bytes)?;
                Ok(mark(http::Response::from_parts(head, body)))
            }
        }
    }

    #[cfg(feature = "blocking")]
    fn stream_once_blocking(
        &self,
        token: Option<&Credential>,
    ) -> Result<http::Response<Download>, Error<Infallible>> {
        let request = assemble(&self.0, token)?;
        let response = self.blocking_transport().stream(request, self.limits())?;
        Ok(mark(response))
    }

    #[cfg(feature = "blocking")]
    fn blocking_transport(&self) -> &dyn super::super::transport::BlockingTransport {
        let transport = self.0.core.0.blocking_transport.as_deref();
        transport.expect("the feature `blocking` brings a blocking transport")
    }

    pub(in super::super) fn limits(&self) -> Limits {
        let shared = &self.0.core.0;
        let mut limits = shared.limits;
        if let Some(timeout) = self.0.timeout {
            limits.timeout = timeout;
        }
        if self.0.spec.token.is_some() {
            let (most, usual) = TOKEN_RESPONSE;
            limits.max_response_bytes = shared.max_response_bytes.unwrap_or(usual).min(most);
        }
        limits
    }
}

/// Holds transports that are not ours to the cap, and hides the headers' values from `Debug`.
fn check_length(
    response: http::Response<Body>,
    limits: Limits,
) -> Result<http::Response<Body>, Error<Infallible>> {
    if response.body().len() > limits.max_response_bytes {
        return Err(TransportError::new(TransportErrorKind::TooLarge, Delivery::MaybeSent).into());
    }
    Ok(mark(response))
}
