//! Responses that are read piece by piece, so that none has to fit into memory.

use std::fmt;
use std::future::{Future, poll_fn};
use std::io::{self, Read};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;

use super::park::block_on;
use super::reader::Reader;
use super::timer::Timer;
use super::{Body, Delivery, TransportError, TransportErrorKind};

/// A source of pieces; after the last it says `None`.
type Pieces =
    Box<dyn FnMut(&mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> + Send>;

/// Ends after a time.
type Alarm = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The body of a response, read piece by piece. Dropping it cancels what is not read yet: the connection is closed.
///
/// Unlike a body that is read whole it may have any length, unless [`set_max_bytes`](Self::set_max_bytes) says
/// otherwise. With the feature `blocking` it is a [`std::io::Read`].
pub struct Download {
    source: Source,
    /// How many bytes are still to come, if that is known.
    length: Option<u64>,
    /// Of how many bytes more it may consist.
    left: Option<u64>,
    idle: Option<Duration>,
    timer: Option<Arc<dyn Timer>>,
    /// Set while a piece is waited for.
    alarm: Option<Mutex<Alarm>>,
    /// What was read of the network and not by [`std::io::Read`].
    #[cfg(feature = "blocking")]
    unread: Bytes,
    // After `source`, so that it is told last.
    driver: Option<Driver>,
}

enum Source {
    Whole(Bytes),
    Pieces(Mutex<Pieces>),
    Done,
}

/// Runs what a response on a calling thread needs besides that thread.
pub(super) trait Drive: Send + Sync {
    /// Polls until it is ready.
    fn drive(&self, turn: &mut (dyn FnMut(&mut Context<'_>) -> Poll<()> + Send));
}

/// A driver, which is run once more when the response is dropped, so that the connection learns of it.
struct Driver(Arc<dyn Drive>);

impl Drop for Driver {
    fn drop(&mut self) {
        let mut turns = 0;
        self.0.drive(&mut |cx| {
            turns += 1;
            if turns > 2 {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        });
    }
}

impl Download {
    /// A response of pieces.
    pub fn from_stream<S>(stream: S) -> Self
    where
        S: Stream<Item = Result<Bytes, TransportError>> + Send + 'static,
    {
        let mut stream = Box::pin(stream);
        Self::new(Source::Pieces(Mutex::new(Box::new(move |cx| {
            stream.as_mut().poll_next(cx)
        }))))
    }

    /// What a reader reads, for transports that block. Inside of tokio it is read on a thread that may block.
    ///
    /// A [`TransportError`] in an error of the reader is what the error is; any other is a broken connection.
    pub fn from_read(read: impl Read + Send + 'static) -> Self {
        let mut reader = Reader::new(read);
        Self::new(Source::Pieces(Mutex::new(Box::new(move |cx| {
            reader.poll(cx).map_err(broken)
        }))))
    }

    /// Gives up with [`Timeout`](TransportErrorKind::Timeout) if no piece comes for this time, as the timer
    /// has it; what a transport says of its responses.
    #[must_use]
    pub fn with_idle_timeout(mut self, time: Duration, timer: Arc<dyn Timer>) -> Self {
        self.idle = Some(time);
        self.timer = Some(timer);
        self
    }

    /// Changes after what time without a piece it is given up; `None` for never. It does nothing if the transport
    /// cannot measure time.
    pub fn set_idle_timeout(&mut self, time: Option<Duration>) {
        self.idle = time;
        self.alarm = None;
    }

    /// The number of bytes that are still to come, if the server has announced it.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// Says how many bytes are announced.
    #[must_use]
    pub fn with_length(mut self, bytes: u64) -> Self {
        self.length = Some(bytes);
        self
    }

    /// Refuses more than this many bytes from here on, with [`TooLarge`](TransportErrorKind::TooLarge).
    pub fn set_max_bytes(&mut self, bytes: u64) {
        self.left = Some(bytes);
    }

    /// The next piece, or `None` after the last.
    ///
    /// # Errors
    /// The rest does not come, or is too long; there is no other piece.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, TransportError> {
        poll_fn(|cx| self.poll_chunk(cx)).await.transpose()
    }

    /// [`chunk`](Self::chunk) for implementors of futures.
    pub fn poll_chunk(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportError>>> {
        #[cfg(feature = "blocking")]
        if !self.unread.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.unread))));
        }
        let next = loop {
            let next = match &mut self.source {
                Source::Done => Poll::Ready(None),
                Source::Whole(bytes) => {
                    let bytes = std::mem::take(bytes);
                    self.source = Source::Done;
                    Poll::Ready(Some(Ok(bytes)))
                }
                Source::Pieces(pieces) => {
                    let pieces = pieces.get_mut().unwrap_or_else(PoisonError::into_inner);
                    pieces(cx)
                }
            };
            if !matches!(&next, Poll::Ready(Some(Ok(piece))) if piece.is_empty()) {
                break next;
            }
        };
        match next {
            Poll::Ready(piece) => {
                self.alarm = None;
                let piece = piece.map(|piece| self.count(piece?));
                if !matches!(piece, Some(Ok(_))) {
                    self.source = Source::Done;
                }
                Poll::Ready(piece)
            }
            Poll::Pending => self.poll_alarm(cx).map(|()| {
                self.source = Source::Done;
                let kind = TransportErrorKind::Timeout;
                Some(Err(TransportError::new(kind, Delivery::MaybeSent)))
            }),
        }
    }

    /// [`chunk`](Self::chunk) on the calling thread.
    ///
    /// # Errors
    /// See there.
    pub fn chunk_blocking(&mut self) -> Result<Option<Bytes>, TransportError> {
        let Some(driver) = &self.driver else {
            return block_on(self.chunk());
        };
        let driver = Arc::clone(&driver.0);
        let mut outcome = None;
        driver.drive(&mut |cx| self.poll_chunk(cx).map(|piece| outcome = Some(piece)));
        if matches!(self.source, Source::Done) {
            // Nothing else is to come, and the connection is told at once.
            self.driver = None;
        }
        let broken = || TransportError::new(TransportErrorKind::Other, Delivery::MaybeSent);
        outcome.ok_or_else(broken)?.transpose()
    }

    /// All that is still to come.
    ///
    /// # Errors
    /// Not all of it comes, or it is longer than `most` bytes.
    pub async fn gather(mut self, most: usize) -> Result<Body, TransportError> {
        let mut whole = Whole::new(most, self.length)?;
        while let Some(piece) = self.chunk().await? {
            whole.push(piece)?;
        }
        Ok(whole.finish())
    }

    /// [`gather`](Self::gather) on the calling thread.
    ///
    /// # Errors
    /// See there.
    pub fn gather_blocking(mut self, most: usize) -> Result<Body, TransportError> {
        let mut whole = Whole::new(most, self.length)?;
        while let Some(piece) = self.chunk_blocking()? {
            whole.push(piece)?;
        }
        Ok(whole.finish())
    }

    /// Has it driven by what the transport runs on.
    #[cfg(feature = "blocking")]
    pub(super) fn driven_by(mut self, driver: Arc<dyn Drive>) -> Self {
        self.driver = Some(Driver(driver));
        self
    }

    fn new(source: Source) -> Self {
        Self {
            source,
            length: None,
            left: None,
            idle: None,
            timer: None,
            alarm: None,
            #[cfg(feature = "blocking")]
            unread: Bytes::new(),
            driver: None,
        }
    }

    fn count(&mut self, piece: Bytes) -> Result<Bytes, TransportError> {
        self.length = self
            .length
            .map(|length| length.saturating_sub(piece.len() as u64));
        if let Some(left) = &mut self.left {
            *left = left.checked_sub(piece.len() as u64).ok_or_else(too_large)?;
        }
        Ok(piece)
    }

    /// Ready if no piece came for too long.
    fn poll_alarm(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let (Some(time), Some(timer)) = (self.idle, &self.timer) else {
            return Poll::Pending;
        };
        let alarm = self.alarm.get_or_insert_with(|| {
            let timer = Arc::clone(timer);
            Mutex::new(Box::pin(async move { timer.sleep(time).await }))
        });
        let alarm = alarm.get_mut().unwrap_or_else(PoisonError::into_inner);
        alarm.as_mut().poll(cx)
    }
}

/// A body that grows by pieces; one piece alone is not copied.
struct Whole {
    most: usize,
    first: Bytes,
    all: BytesMut,
}

impl Whole {
    fn new(most: usize, announced: Option<u64>) -> Result<Self, TransportError> {
        if announced.is_some_and(|bytes| bytes > most as u64) {
            return Err(too_large());
        }
        Ok(Self {
            most,
            first: Bytes::new(),
            all: BytesMut::new(),
        })
    }

    fn push(&mut self, piece: Bytes) -> Result<(), TransportError> {
        if piece.len() > self.most {
            return Err(too_large());
        }
        self.most -= piece.len();
        if self.first.is_empty() && self.all.is_empty() {
            self.first = piece;
            return Ok(());
        }
        self.all.extend_from_slice(&std::mem::take(&mut self.first));
        self.all.extend_from_slice(&piece);
        Ok(())
    }

    fn finish(self) -> Body {
        match self.all.is_empty() {
            true => self.first.into(),
            false => self.all.freeze().into(),
        }
    }
}

fn broken(error: io::Error) -> TransportError {
    error.downcast().unwrap_or_else(|error| {
        let broken = TransportError::new(TransportErrorKind::Broken, Delivery::MaybeSent);
        broken.with_source(error)
    })
}

fn too_large() -> TransportError {
    TransportError::new(TransportErrorKind::TooLarge, Delivery::MaybeSent)
}

impl Stream for Download {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_chunk(cx)
    }
}

#[cfg(feature = "blocking")]
impl Read for Download {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.unread.is_empty() {
            let piece = self.chunk_blocking().map_err(io::Error::other)?;
            self.unread = piece.unwrap_or_default();
        }
        let piece = self.unread.split_to(buffer.len().min(self.unread.len()));
        buffer[..piece.len()].copy_from_slice(&piece);
        Ok(piece.len())
    }
}

#[cfg(any(feature = "reqwest", feature = "tower"))]
impl http_body::Body for Download {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, TransportError>>> {
        let piece = self.get_mut().poll_chunk(cx);
        piece.map(|piece| Some(piece?.map(http_body::Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.source, Source::Done)
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.length
            .map_or_else(Default::default, http_body::SizeHint::with_exact)
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Download { .. }")
    }
}

impl From<Body> for Download {
    fn from(body: Body) -> Self {
        match body.is_empty() {
            true => Self::new(Source::Done).with_length(0),
            false => {
                let length = body.len() as u64;
                Self::new(Source::Whole(body.into())).with_length(length)
            }
        }
    }
}

impl From<Bytes> for Download {
    fn from(bytes: Bytes) -> Self {
        Body::from(bytes).into()
    }
}
