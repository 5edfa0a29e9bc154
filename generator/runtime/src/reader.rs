//! Readers as sources of pieces. Inside of tokio they are read on threads that may block.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::task::{Context, Poll};
#[cfg(feature = "reqwest")]
use std::{future::Future as _, pin::Pin};

use bytes::Bytes;

/// How long a piece is at most.
const PIECE: usize = 64 << 10;

type Source = Box<dyn Read + Send>;

/// What a reader reads, in pieces.
pub(super) enum Reader {
    Idle(Source),
    #[cfg(feature = "reqwest")]
    Busy(tokio::task::JoinHandle<(Source, io::Result<Bytes>)>),
    Done,
}

enum Unopened {
    Path(PathBuf),
    File(File),
}

impl Read for Unopened {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Unopened::Path(path) = self {
            *self = Unopened::File(File::open(path)?);
        }
        match self {
            Unopened::Path(_) => Ok(0),
            Unopened::File(file) => file.read(buffer),
        }
    }
}

impl Reader {
    pub(super) fn new(read: impl Read + Send + 'static) -> Self {
        Self::Idle(Box::new(read))
    }

    /// The first `length` bytes of a file, which is opened with the first piece.
    pub(super) fn file(path: PathBuf, length: u64) -> Self {
        Self::new(Unopened::Path(path).take(length))
    }

    /// The next piece, or `None` after the last.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        #[cfg(feature = "reqwest")]
        self.begin_elsewhere();
        #[cfg(not(feature = "reqwest"))]
        let _ = cx;
        let (source, piece) = match std::mem::replace(self, Reader::Done) {
            Reader::Done => return Poll::Ready(None),
            Reader::Idle(source) => read(source),
            #[cfg(feature = "reqwest")]
            Reader::Busy(mut reading) => match Pin::new(&mut reading).poll(cx) {
                Poll::Ready(Ok(turn)) => turn,
                Poll::Ready(Err(error)) => {
                    return Poll::Ready(Some(Err(io::Error::other(error))));
                }
                Poll::Pending => {
                    *self = Reader::Busy(reading);
                    return Poll::Pending;
                }
            },
        };
        Poll::Ready(match piece {
            Ok(piece) if piece.is_empty() => None,
            Ok(piece) => {
                *self = Reader::Idle(source);
                Some(Ok(piece))
            }
            Err(error) => Some(Err(error)),
        })
    }

    /// Begins to read on a thread that may block, where tokio has one.
    #[cfg(feature = "reqwest")]
    fn begin_elsewhere(&mut self) {
        if tokio::runtime::Handle::try_current().is_err() {
            return;
        }
        *self = match std::mem::replace(self, Reader::Done) {
            Reader::Idle(source) => Reader::Busy(tokio::task::spawn_blocking(|| read(source))),
            other => other,
        };
    }
}

/// The next piece, empty at the end.
fn read(mut source: Source) -> (Source, io::Result<Bytes>) {
    let mut buffer = vec![0; PIECE];
    let outcome = loop {
        match source.read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            outcome => break outcome,
        }
    };
    let piece = outcome.map(|length| {
        buffer.truncate(length);
        Bytes::from(buffer)
    });
    (source, piece)
}
