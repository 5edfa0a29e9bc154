//! Bodies of many values: JSON Lines, and JSON text sequences (RFC 7464).

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use zeroize::Zeroizing;

use super::json::{Slot, to_request};
use super::upload::Upload;

/// Many values, each of which is sent on a line of its own, in memory or as they come.
///
/// A list turns into one by itself; an iterator and a stream are read while they are sent.
///
/// ```
/// # use specmint_runtime::Sequence;
/// let sequence = Sequence::from(vec![1_i64, 2]);
/// assert_eq!(format!("{sequence:?}"), "Sequence(4 bytes)");
/// let endless = Sequence::from_iter(1_i64..);
/// assert_eq!(format!("{endless:?}"), "Sequence(any number of bytes)");
/// ```
pub struct Sequence<T> {
    lines: Upload,
    of: std::marker::PhantomData<fn() -> T>,
}

impl<T: Slot> Sequence<T> {
    /// The items of a stream, as they come. It is good for once.
    pub fn from_stream<S>(items: S) -> Self
    where
        S: Stream<Item = T> + Send + 'static,
    {
        Self::of(Upload::from_stream(Lines(Box::pin(items))))
    }

    /// The items of an iterator, as they are asked for. It is good for once.
    #[expect(
        clippy::should_implement_trait,
        reason = "the trait would ask for any iterator, and this one is kept"
    )]
    pub fn from_iter<I>(items: I) -> Self
    where
        I: IntoIterator<Item = T>,
        I::IntoIter: Send + 'static,
    {
        Self::from_stream(Items(items.into_iter()))
    }

    fn of(lines: Upload) -> Self {
        Self {
            lines,
            of: std::marker::PhantomData,
        }
    }

    /// Pieces that are one JSON text and a line end each, or all of them in one piece.
    pub(super) fn into_lines(self) -> Upload {
        self.lines
    }
}

impl<T: Slot> From<Vec<T>> for Sequence<T> {
    fn from(items: Vec<T>) -> Self {
        let mut lines = Zeroizing::new(Vec::new());
        for item in &items {
            lines.extend_from_slice(&to_request(item));
            lines.push(b'\n');
        }
        Self::of(Bytes::from_owner(lines).into())
    }
}

impl<T> std::fmt::Debug for Sequence<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.lines.length() {
            Some(bytes) => write!(f, "Sequence({bytes} bytes)"),
            None => f.write_str("Sequence(any number of bytes)"),
        }
    }
}

fn line(item: &dyn Slot) -> Bytes {
    let mut line = to_request(item);
    line.push(b'\n');
    Bytes::from_owner(line)
}

/// Values as lines.
struct Lines<S>(Pin<Box<S>>);

impl<S: Stream<Item: Slot>> Stream for Lines<S> {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = self.0.as_mut().poll_next(cx);
        item.map(|item| item.map(|item| Ok(line(&item))))
    }
}

/// An iterator as a stream.
struct Items<I>(I);

impl<I> Unpin for Items<I> {}

impl<I: Iterator> Stream for Items<I> {
    type Item = I::Item;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<I::Item>> {
        Poll::Ready(self.0.next())
    }
}

/// Lines as a JSON text sequence: a record separator stands before each.
pub(super) fn separated(lines: Upload) -> Upload {
    match lines.into_whole() {
        Ok(whole) => {
            let mut out = Zeroizing::new(Vec::with_capacity(whole.len() + 64));
            for line in whole.as_bytes().split_inclusive(|byte| *byte == b'\n') {
                out.push(0x1E);
                out.extend_from_slice(line);
            }
            Bytes::from_owner(out).into()
        }
        Err(lines) => Upload::from_stream(Separated(lines)),
    }
}

struct Separated(Upload);

impl Stream for Separated {
    type Item = Result<Bytes, super::upload::UploadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let line = self.0.poll_chunk(cx);
        line.map(|line| {
            line.map(|line| {
                let line = line?;
                let mut out = Zeroizing::new(Vec::with_capacity(line.len() + 1));
                out.push(0x1E);
                out.extend_from_slice(&line);
                Ok(Bytes::from_owner(out))
            })
        })
    }
}
