//! Server-Sent Events: a response of events, one after another, asked for again when it breaks if that is wanted.

use std::fmt;
use std::future::{Future, poll_fn};
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, StatusCode};
use zeroize::Zeroizing;

use super::super::call::Call;
use super::super::error::Error;
use super::super::json::{self, Slot, write_text};
use super::super::media::MediaType;
use super::super::operation::Operation;
use super::super::retry::Backoff;
use super::super::timer::{SystemTimer, Timer};
use super::super::{Body, DecodeError, Download, TransportError};
use super::event_text::{EventText, RawEvent};
use super::{Head, Opening, Sent, gathered, refused, split, too_large};

/// The media type of events.
const EVENT_STREAM: &str = "text/event-stream";

/// The header that names the last event that came (WHATWG HTML, section 9.2.4).
const LAST_EVENT_ID: &str = "Last-Event-ID";

/// What many servers send behind the last event where the others hold JSON.
const END: &str = "[DONE]";

/// An event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event<T> {
    /// Its name; `message` if it was sent without one.
    pub event: String,
    /// The identifier that was sent last, with it or with one before it; empty if there was none.
    pub id: String,
    /// What it holds.
    pub data: T,
}

/// How the value of an event is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventData {
    /// Its data are JSON. Data of `[DONE]` end the events.
    Json,
    /// Its data are a text.
    Text,
    /// The value is an object of the event's fields: `event`, `data`, `id`, as OpenAPI 3.2 describes events.
    Fields,
}

/// Whether and when events are asked for again after their response ended or broke.
///
/// The request is sent anew, with a token that is valid by then and with the identifier of the last event in
/// `Last-Event-ID`; so the call must be one that may be sent several times. The server says how long to wait
/// before (`retry`) and, by an answer of 204, when there is no more to come.
#[derive(Clone)]
pub struct Reconnect {
    attempts: u32,
    wait: Backoff,
    timer: Arc<dyn Timer>,
}

impl Default for Reconnect {
    /// Five attempts without an event between them, 3 seconds after the first end and at most a minute.
    fn default() -> Self {
        Self {
            attempts: 5,
            wait: Backoff {
                first: Duration::from_secs(3),
                most: Duration::from_secs(60),
            },
            timer: Arc::new(SystemTimer),
        }
    }
}

impl Reconnect {
    /// Gives up after this many attempts in a row that brought no event.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// How long to wait before asking again. It doubles from one attempt without an event to the next; the server's
    /// `retry` takes the place of the first, within the last.
    #[must_use]
    pub fn wait(mut self, wait: Backoff) -> Self {
        self.wait = wait;
        self
    }

    /// What lets time pass.
    #[must_use]
    pub fn timer(mut self, timer: impl Timer) -> Self {
        self.timer = Arc::new(timer);
        self
    }
}

impl fmt::Debug for Reconnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reconnect")
            .field("attempts", &self.attempts)
            .field("wait", &self.wait)
            .finish_non_exhaustive()
    }
}

/// The events of a response, each read as it comes. An event that is not what is declared is an error by itself:
/// those after it can still be read. Dropping it cancels what is not read yet.
pub struct Events<T, E> {
    head: Head,
    state: State,
    text: EventText,
    data: EventData,
    reconnect: Option<Reconnect>,
    /// How often it was asked again since the last event.
    failures: u32,
    most: usize,
    refused: fn(http::Response<Body>) -> Error<E>,
    of: PhantomData<fn() -> T>,
}

enum State {
    /// The response is read; the call is kept for another.
    Open(Box<(Call, Download)>),
    /// The call waits and is sent again.
    Opening(Mutex<Again>),
    Ended,
}

type Again = Pin<Box<dyn Future<Output = (Call, Opened)> + Send>>;

/// What came of asking again.
enum Opened {
    Events(http::Response<Download>),
    /// 204: there is nothing else to come.
    End,
    /// Something else than events.
    Refused(http::Response<Body>),
    Failed(Error<std::convert::Infallible>),
}

/// What comes next: `None` if another piece of the text is needed.
type Next<T, E> = Option<Option<Result<Event<T>, Error<E>>>>;

impl<T: Slot, E> Events<T, E> {
    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// The identifier of the last event; empty if there was none. A later call may go on from it, by its header
    /// `Last-Event-ID`.
    pub fn last_event_id(&self) -> &str {
        self.text.last_id()
    }

    /// Asks for more events when the response ends or breaks.
    #[must_use]
    pub fn reconnecting(mut self, reconnect: Reconnect) -> Self {
        self.reconnect = Some(reconnect);
        self
    }

    /// Changes after what time without a piece of the response it is given up; `None` for never.
    pub fn set_idle_timeout(&mut self, time: Option<Duration>) {
        if let State::Open(open) = &mut self.state {
            open.1.set_idle_timeout(time);
        }
    }

    /// The next event, or `None` after the last.
    ///
    /// # Errors
    /// The event is not what is declared (`Decode`), or no other comes: the response broke (`Transport`), or asking
    /// for more was refused (`Api` and others).
    pub async fn next(&mut self) -> Option<Result<Event<T>, Error<E>>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Event<T>, Error<E>>>> {
        loop {
            if let Some(next) = self.at_hand() {
                return Poll::Ready(next);
            }
            let next = match &mut self.state {
                State::Ended => return Poll::Ready(None),
                State::Open(open) => {
                    let piece = ready!(open.1.poll_chunk(cx));
                    self.take(piece)
                }
                State::Opening(again) => {
                    let again = again.get_mut().unwrap_or_else(PoisonError::into_inner);
                    let (call, opened) = ready!(again.as_mut().poll(cx));
                    self.opened(call, opened)
                }
            };
            if let Some(next) = next {
                return Poll::Ready(next);
            }
        }
    }

    #[cfg(feature = "blocking")]
    fn next_blocking(&mut self) -> Option<Result<Event<T>, Error<E>>> {
        loop {
            if let Some(next) = self.at_hand() {
                return next;
            }
            let State::Open(open) = &mut self.state else {
                return None;
            };
            let piece = open.1.chunk_blocking().transpose();
            let next = match self.piece(piece) {
                Ok(next) => next,
                Err(error) => match self.wait() {
                    None => self.end(error),
                    Some((wait, timer, mut call)) => {
                        timer.sleep_blocking(wait);
                        let opened = open_again_blocking(&mut call, self.most);
                        self.opened(call, opened)
                    }
                },
            };
            if let Some(next) = next {
                return next;
            }
        }
    }

    /// The event that has come whole.
    fn at_hand(&mut self) -> Next<T, E> {
        match self.text.next() {
            Ok(Some(raw)) if self.data != EventData::Text && raw.data.trim() == END => {
                self.state = State::Ended;
                Some(None)
            }
            Ok(Some(raw)) => {
                self.failures = 0;
                Some(Some(self.read(raw)))
            }
            Ok(None) => None,
            Err(_) => self.end(Some(too_large())),
        }
    }

    fn read(&self, raw: RawEvent) -> Result<Event<T>, Error<E>> {
        let read = match self.data {
            EventData::Json => json::from_slice(raw.data.as_bytes()),
            EventData::Text => json::from_slice(&quoted(&raw.data)),
            EventData::Fields => read_fields(&raw),
        };
        match read {
            Ok(data) => Ok(Event {
                event: raw.event.unwrap_or_else(|| "message".to_owned()),
                id: raw.id,
                data,
            }),
            Err(error) => Err(self.head.failure(error, raw.data.as_bytes())),
        }
    }

    fn take(&mut self, piece: Option<Result<Bytes, TransportError>>) -> Next<T, E> {
        match self.piece(piece) {
            Ok(next) => next,
            Err(error) => match self.wait() {
                None => self.end(error),
                Some((wait, timer, call)) => {
                    let again = open_again(call, wait, timer, self.most);
                    self.state = State::Opening(Mutex::new(Box::pin(again)));
                    None
                }
            },
        }
    }

    /// Takes a piece of the text. That there is no other is an error here, with its reason.
    fn piece(
        &mut self,
        piece: Option<Result<Bytes, TransportError>>,
    ) -> Result<Next<T, E>, Option<TransportError>> {
        match piece {
            Some(Ok(piece)) => {
                self.text.push(&piece);
                Ok(None)
            }
            Some(Err(error)) => Err(Some(error)),
            None => Err(None),
        }
    }

    /// Ends the events, with a reason or without.
    fn end(&mut self, error: Option<TransportError>) -> Next<T, E> {
        if matches!(self.state, State::Ended) {
            return None;
        }
        self.state = State::Ended;
        Some(error.map(|error| Err(error.into())))
    }

    /// The call, made ready to be sent again, and how long it waits before; `None` if it is not to be.
    fn wait(&mut self) -> Option<(Duration, Arc<dyn Timer>, Call)> {
        let policy = self.reconnect.as_ref()?;
        let State::Open(open) = &self.state else {
            return None;
        };
        if self.failures >= policy.attempts || !open.0.0.is_repeatable() {
            return None;
        }
        self.failures += 1;
        let first = self.text.retry().unwrap_or(policy.wait.first);
        let wait = Backoff {
            first,
            ..policy.wait
        };
        let (wait, timer) = (wait.after(self.failures), Arc::clone(&policy.timer));
        self.text.begin_again();
        let State::Open(open) = std::mem::replace(&mut self.state, State::Ended) else {
            return None;
        };
        let (mut call, _) = *open;
        if !self.text.last_id().is_empty() {
            call.header(LAST_EVENT_ID, self.text.last_id());
        }
        Some((wait, timer, call))
    }

    fn opened(&mut self, call: Call, opened: Opened) -> Next<T, E> {
        match opened {
            Opened::Events(response) => {
                let (head, body) = split(response);
                self.head = head;
                self.state = State::Open(Box::new((call, body)));
                None
            }
            Opened::End => {
                self.state = State::Ended;
                Some(None)
            }
            Opened::Failed(Error::Transport(error)) => {
                // as if the response had broken before its first byte
                let body = Download::from(Body::empty());
                self.state = State::Open(Box::new((call, body)));
                match self.is_worn_out() {
                    true => self.end(Some(error)),
                    false => None,
                }
            }
            Opened::Failed(error) => {
                self.state = State::Ended;
                Some(Some(Err(error.widen())))
            }
            Opened::Refused(response) if is_passing(response.status()) && !self.is_worn_out() => {
                let body = Download::from(Body::empty());
                self.state = State::Open(Box::new((call, body)));
                None
            }
            Opened::Refused(response) => {
                self.state = State::Ended;
                Some(Some(Err((self.refused)(response))))
            }
        }
    }

    fn is_worn_out(&self) -> bool {
        let policy = self.reconnect.as_ref();
        policy.is_none_or(|policy| self.failures >= policy.attempts)
    }
}

/// Whether a status says that the same request may succeed later.
fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)
}

async fn open_again(
    mut call: Call,
    wait: Duration,
    timer: Arc<dyn Timer>,
    most: usize,
) -> (Call, Opened) {
    timer.sleep(wait).await;
    let opened = match call.stream().await {
        Err(error) => Opened::Failed(error),
        Ok(response) if response.status() == StatusCode::NO_CONTENT => Opened::End,
        Ok(response) if is_event_stream(&response) => Opened::Events(response),
        Ok(response) => match gathered(response, most).await {
            Ok(response) => Opened::Refused(response),
            Err(error) => Opened::Failed(error.into()),
        },
    };
    (call, opened)
}

#[cfg(feature = "blocking")]
fn open_again_blocking(call: &mut Call, most: usize) -> Opened {
    match call.stream_blocking() {
        Err(error) => Opened::Failed(error),
        Ok(response) if response.status() == StatusCode::NO_CONTENT => Opened::End,
        Ok(response) if is_event_stream(&response) => Opened::Events(response),
        Ok(response) => match super::gathered_blocking(response, most) {
            Ok(response) => Opened::Refused(response),
            Err(error) => Opened::Failed(error.into()),
        },
    }
}

/// Whether a response holds events: a success, and of their media type or of none.
fn is_event_stream(response: &http::Response<Download>) -> bool {
    let media_type = MediaType::of(response.headers()).essence();
    response.status().is_success() && (media_type.is_empty() || media_type == EVENT_STREAM)
}

fn quoted(text: &str) -> Zeroizing<Vec<u8>> {
    let mut json = Zeroizing::new(Vec::with_capacity(text.len() + 2));
    write_text(text, &mut json);
    json
}

/// Reads the object of an event's fields. Its data are a text, or else what they hold as JSON.
fn read_fields<T: Slot>(raw: &RawEvent) -> Result<T, DecodeError> {
    let text = quoted(&raw.data);
    json::from_slice(&fields(raw, &text)).or_else(|error| {
        if json::from_slice::<()>(raw.data.as_bytes()).is_err() {
            return Err(error);
        }
        json::from_slice(&fields(raw, raw.data.as_bytes()))
    })
}

fn fields(raw: &RawEvent, data: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut json = Zeroizing::new(b"{\"data\":".to_vec());
    json.extend_from_slice(data);
    if let Some(event) = &raw.event {
        json.extend_from_slice(b",\"event\":");
        write_text(event, &mut json);
    }
    if raw.is_own_id {
        json.extend_from_slice(b",\"id\":");
        write_text(&raw.id, &mut json);
    }
    json.push(b'}');
    json
}

impl<T: Slot, E> Stream for Events<T, E> {
    type Item = Result<Event<T>, Error<E>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(cx)
    }
}

impl<T, E> fmt::Debug for Events<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Events { .. }")
    }
}

/// [`Events`] on the calling thread.
#[cfg(feature = "blocking")]
#[derive(Debug)]
pub struct EventIter<T, E>(Events<T, E>);

#[cfg(feature = "blocking")]
impl<T: Slot, E> EventIter<T, E> {
    /// Asks for more events when the response ends or breaks.
    #[must_use]
    pub fn reconnecting(self, reconnect: Reconnect) -> Self {
        Self(self.0.reconnecting(reconnect))
    }

    /// Changes after what time without a piece of the response it is given up; `None` for never.
    pub fn set_idle_timeout(&mut self, time: Option<Duration>) {
        self.0.set_idle_timeout(time);
    }
}

#[cfg(feature = "blocking")]
impl<T, E> std::ops::Deref for EventIter<T, E> {
    type Target = Events<T, E>;

    fn deref(&self) -> &Events<T, E> {
        &self.0
    }
}

#[cfg(feature = "blocking")]
impl<T: Slot, E> Iterator for EventIter<T, E> {
    type Item = Result<Event<T>, Error<E>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next_blocking()
    }
}

/// Sends a call and reads its response event by event.
pub fn open_events<O: Operation, T: Slot + 'static>(
    mut call: Call,
    data: EventData,
) -> Opening<Events<T, O::Failure>, O::Failure> {
    call.prefer(EVENT_STREAM);
    Box::pin(async move {
        let most = call.limits().max_response_bytes;
        let sent: Sent = call.stream().await;
        let response = sent.map_err(Error::widen)?;
        if !is_event_stream(&response) {
            return Err(refused::<O>(gathered(response, most).await?));
        }
        Ok(begin::<O, T>(call, response, data, most))
    })
}

/// [`open_events`] on the calling thread.
///
/// # Errors
/// As of the call; an error status is one.
#[cfg(feature = "blocking")]
pub fn open_events_blocking<O: Operation, T: Slot>(
    mut call: Call,
    data: EventData,
) -> Result<EventIter<T, O::Failure>, Error<O::Failure>> {
    call.prefer(EVENT_STREAM);
    let most = call.limits().max_response_bytes;
    let response = call.stream_blocking().map_err(Error::widen)?;
    if !is_event_stream(&response) {
        return Err(refused::<O>(super::gathered_blocking(response, most)?));
    }
    Ok(EventIter(begin::<O, T>(call, response, data, most)))
}

fn begin<O: Operation, T: Slot>(
    call: Call,
    response: http::Response<Download>,
    data: EventData,
    most: usize,
) -> Events<T, O::Failure> {
    let (head, body) = split(response);
    Events {
        head,
        state: State::Open(Box::new((call, body))),
        text: EventText::new(most),
        data,
        reconnect: None,
        failures: 0,
        most,
        refused: refused::<O>,
        of: PhantomData,
    }
}
