//! Records: a response of JSON Lines or of a JSON text sequence, one value after another.

use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, StatusCode};

use super::super::call::Call;
use super::super::error::Error;
use super::super::json::{self, Slot, Step};
use super::super::operation::Operation;
use super::super::{DecodeError, Download, TransportError};
use super::record_text::RecordText;
use super::{Head, Opening, Sent, split, too_large};

/// The records of a response, each read as it comes. A record that is not what is declared is an error by itself:
/// those after it can still be read. Dropping it cancels what is not read yet.
pub struct Records<T, E> {
    head: Head,
    body: Option<Download>,
    text: RecordText,
    of: PhantomData<fn() -> (T, E)>,
}

/// What comes next: `None` if another piece of the text is needed.
type Next<T, E> = Option<Option<Result<T, Error<E>>>>;

impl<T: Slot, E> Records<T, E> {
    fn new(response: http::Response<Download>, most: usize) -> Self {
        let (head, body) = split(response);
        Self {
            head,
            body: Some(body),
            text: RecordText::new(most),
            of: PhantomData,
        }
    }

    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// Changes after what time without a piece of the response it is given up; `None` for never.
    pub fn set_idle_timeout(&mut self, time: Option<Duration>) {
        if let Some(body) = &mut self.body {
            body.set_idle_timeout(time);
        }
    }

    /// The next record, or `None` after the last.
    ///
    /// # Errors
    /// The record is not what is declared (`Decode`), or no other comes whole (`Transport`).
    pub async fn next(&mut self) -> Option<Result<T, Error<E>>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, Error<E>>>> {
        loop {
            if let Some(next) = self.at_hand() {
                return Poll::Ready(next);
            }
            let Some(body) = &mut self.body else {
                return Poll::Ready(None);
            };
            let piece = ready!(body.poll_chunk(cx));
            if let Some(next) = self.take(piece) {
                return Poll::Ready(next);
            }
        }
    }

    /// The record that has come whole.
    fn at_hand(&mut self) -> Next<T, E> {
        match self.text.next() {
            Ok(Some(record)) => Some(Some(read(&self.head, record))),
            Ok(None) => None,
            Err(_) => {
                self.body.take()?;
                Some(Some(Err(too_large().into())))
            }
        }
    }

    fn take(&mut self, piece: Option<Result<Bytes, TransportError>>) -> Next<T, E> {
        match piece {
            Some(Ok(piece)) => {
                self.text.push(&piece);
                None
            }
            Some(Err(error)) => {
                self.body = None;
                Some(Some(Err(error.into())))
            }
            None => {
                self.body = None;
                let head = &self.head;
                Some(self.text.last().map(|record| read(head, record)))
            }
        }
    }

    #[cfg(feature = "blocking")]
    fn next_blocking(&mut self) -> Option<Result<T, Error<E>>> {
        loop {
            if let Some(next) = self.at_hand() {
                return next;
            }
            let piece = self.body.as_mut()?.chunk_blocking().transpose();
            if let Some(next) = self.take(piece) {
                return next;
            }
        }
    }
}

fn read<T: Slot, E>(head: &Head, record: &[u8]) -> Result<T, Error<E>> {
    json::from_slice(record).map_err(|error| head.failure(error, record))
}

impl<T: Slot, E> Stream for Records<T, E> {
    type Item = Result<T, Error<E>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(cx)
    }
}

impl<T, E> std::fmt::Debug for Records<T, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Records { .. }")
    }
}

/// [`Records`] on the calling thread.
#[cfg(feature = "blocking")]
#[derive(Debug)]
pub struct RecordIter<T, E>(Records<T, E>);

#[cfg(feature = "blocking")]
impl<T, E> std::ops::Deref for RecordIter<T, E> {
    type Target = Records<T, E>;

    fn deref(&self) -> &Records<T, E> {
        &self.0
    }
}

#[cfg(feature = "blocking")]
impl<T: Slot, E> Iterator for RecordIter<T, E> {
    type Item = Result<T, Error<E>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next_blocking()
    }
}

/// Sends a call and reads its response record by record.
pub fn open_records<O: Operation, T: Slot + 'static>(
    mut call: Call,
    media_type: &str,
) -> Opening<Records<T, O::Failure>, O::Failure> {
    call.prefer(media_type);
    Box::pin(async move {
        let most = call.limits().max_response_bytes;
        let sent: Sent = call.stream().await;
        let response = super::accepted::<O>(sent.map_err(Error::widen)?, most).await?;
        Ok(Records::new(response, most))
    })
}

/// [`open_records`] on the calling thread.
///
/// # Errors
/// As of the call; an error status is one.
#[cfg(feature = "blocking")]
pub fn open_records_blocking<O: Operation, T: Slot>(
    mut call: Call,
    media_type: &str,
) -> Result<RecordIter<T, O::Failure>, Error<O::Failure>> {
    call.prefer(media_type);
    let most = call.limits().max_response_bytes;
    let sent: Sent = call.stream_blocking();
    let response = super::accepted_blocking::<O>(sent.map_err(Error::widen)?, most)?;
    Ok(RecordIter(Records::new(response, most)))
}

/// All records of a body that came whole.
pub(in super::super) fn read_records<T: Slot>(body: &[u8]) -> Result<Vec<T>, DecodeError> {
    let mut text = RecordText::new(usize::MAX);
    text.push(body);
    let mut records = Vec::new();
    let mut read = |record: &[u8]| {
        let place = Step::Index(records.len());
        let value = json::from_slice(record).map_err(|error: DecodeError| error.within(place))?;
        records.push(value);
        Ok::<(), DecodeError>(())
    };
    while let Ok(Some(record)) = text.next() {
        read(record)?;
    }
    if let Some(record) = text.last() {
        read(record)?;
    }
    Ok(records)
}
