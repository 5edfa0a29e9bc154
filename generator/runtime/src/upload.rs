//! Bodies that are sent piece by piece, so that none has to fit into memory.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::io::{self, Read};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
#[cfg(any(feature = "reqwest", feature = "tower"))]
use std::time::Duration;
use std::time::Instant;

use bytes::Bytes;
use futures_core::Stream;
use zeroize::Zeroizing;

use super::Body;
use super::park::block_on;
use super::reader::Reader;

/// A source of pieces; after the last it says `None`.
type Pieces = Box<dyn FnMut(&mut Context<'_>) -> Poll<Option<Result<Bytes, UploadError>>> + Send>;

/// The body of a request, sent piece by piece.
///
/// Bytes and files can be sent again; a stream or a reader is good for once, and a call with one in it is never
/// repeated, neither after a failure nor with another token. `Debug` shows the length alone.
///
/// ```
/// # use specmint_runtime::Upload;
/// let upload = Upload::from_read(std::io::Cursor::new("line\n")).with_length(5);
/// assert_eq!(upload.length(), Some(5));
/// assert!(!upload.is_repeatable());
/// ```
#[derive(Default)]
pub struct Upload {
    /// What is still to be sent.
    sections: VecDeque<Section>,
    /// Who is told when a piece goes.
    progress: Vec<Progress>,
}

/// One stretch of a body.
enum Section {
    Bytes(Bytes),
    File {
        path: PathBuf,
        length: u64,
    },
    /// Pieces that come once, and how many bytes are still to come, where that is known.
    Once(Mutex<Pieces>, Option<u64>),
}

impl Upload {
    /// A file, which is opened when it is sent. As many bytes are sent as it has now.
    ///
    /// # Errors
    /// There is no file at the path, or it cannot be looked at.
    pub fn from_path(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let found = std::fs::metadata(&path)?;
        if !found.is_file() {
            let message = "a body is sent from a file, and this is none";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let length = found.len();
        Ok(Self::of(Section::File { path, length }))
    }

    /// The items of a stream.
    pub fn from_stream<S, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let mut stream = Box::pin(stream);
        let pieces: Pieces =
            Box::new(move |cx| stream.as_mut().poll_next(cx).map_err(UploadError::new));
        Self::of(Section::Once(Mutex::new(pieces), None))
    }

    /// What a reader reads, to its end. Inside of tokio it is read on a thread that may block.
    pub fn from_read(read: impl Read + Send + 'static) -> Self {
        Self::of(Section::Once(Mutex::new(pieces(Reader::new(read))), None))
    }

    /// Several bodies, one after another.
    pub fn concat(uploads: impl IntoIterator<Item = Self>) -> Self {
        let sections = uploads.into_iter().flat_map(|upload| upload.sections);
        Self {
            sections: sections.collect(),
            progress: Vec::new(),
        }
    }

    /// Says how long the body is whose stream or reader does not know. It then goes with its length, and one that
    /// turns out to be longer or shorter is not sent to its end. What knows its length by itself keeps it.
    #[must_use]
    pub fn with_length(mut self, bytes: u64) -> Self {
        let known: u64 = self.sections.iter().filter_map(Section::length).sum();
        let mut unknown = self
            .sections
            .iter_mut()
            .filter_map(|section| match section {
                Section::Once(_, left @ None) => Some(left),
                _ => None,
            });
        if let (Some(left), None) = (unknown.next(), unknown.next()) {
            *left = bytes.checked_sub(known);
        }
        self
    }

    /// The number of bytes that are still to be sent, if it is known.
    pub fn length(&self) -> Option<u64> {
        self.sections.iter().map(Section::length).sum()
    }

    /// Whether the body can be sent more than once.
    pub fn is_repeatable(&self) -> bool {
        let once = |section: &Section| matches!(section, Section::Once(..));
        !self.sections.iter().any(once)
    }

    /// The same body once more, if it can be sent more than once.
    pub fn repeat(&self) -> Option<Self> {
        let again = |section: &Section| match section {
            Section::Bytes(bytes) => Some(Section::Bytes(bytes.clone())),
            Section::File { path, length } => Some(Section::File {
                path: path.clone(),
                length: *length,
            }),
            Section::Once(..) => None,
        };
        let sections: Option<_> = self.sections.iter().map(again).collect();
        Some(Self {
            sections: sections?,
            progress: Vec::new(),
        })
    }

    /// The whole body, if all of it is in memory.
    ///
    /// # Errors
    /// Some of it is not: the upload as it was.
    pub fn into_whole(mut self) -> Result<Body, Self> {
        let is_bytes = |section: &Section| matches!(section, Section::Bytes(_));
        if !self.sections.iter().all(is_bytes) {
            return Err(self);
        }
        if self.sections.len() > 1 {
            let mut whole = Zeroizing::new(Vec::new());
            whole.reserve_exact(self.length().map_or(0, |length| length as usize));
            for section in &self.sections {
                if let Section::Bytes(bytes) = section {
                    whole.extend_from_slice(bytes);
                }
            }
            return Ok(Bytes::from_owner(whole).into());
        }
        match self.sections.pop_front() {
            Some(Section::Bytes(bytes)) => Ok(bytes.into()),
            _ => Ok(Body::empty()),
        }
    }

    /// Reads it all.
    ///
    /// # Errors
    /// It cannot be read, or is longer than `most` bytes.
    pub(super) async fn gather(self, most: usize) -> Result<Body, UploadError> {
        let mut upload = match self.into_whole() {
            Ok(body) => return Ok(body),
            Err(upload) => upload,
        };
        let mut whole = Zeroizing::new(Vec::new());
        while let Some(piece) = upload.chunk().await? {
            if piece.len() > most - whole.len() {
                return Err(UploadError::new(
                    "it is too long for a transport that sends bodies whole",
                ));
            }
            whole.extend_from_slice(&piece);
        }
        Ok(Bytes::from_owner(whole).into())
    }

    /// The next piece, or `None` after the last.
    ///
    /// # Errors
    /// There is a next piece, and it could not be had; nothing comes after it.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, UploadError> {
        poll_fn(|cx| self.poll_chunk(cx)).await.transpose()
    }

    /// [`chunk`](Self::chunk) on the calling thread, for transports that block.
    ///
    /// # Errors
    /// See there.
    pub fn chunk_blocking(&mut self) -> Result<Option<Bytes>, UploadError> {
        block_on(self.chunk())
    }

    /// [`chunk`](Self::chunk) for implementors of futures.
    pub fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, UploadError>>> {
        let piece = ready!(self.poll_section(cx));
        self.progress.iter().for_each(Progress::note);
        Poll::Ready(piece)
    }

    /// Notes from here on when a piece goes.
    #[cfg(any(feature = "reqwest", feature = "tower"))]
    pub(super) fn watch(&mut self, progress: Progress) {
        self.progress.push(progress);
    }

    fn poll_section(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, UploadError>>> {
        while let Some(section) = self.sections.front_mut() {
            let piece = match section {
                Section::Bytes(bytes) => Some(Ok(std::mem::take(bytes))),
                Section::File { path, length } => {
                    let pieces = Mutex::new(pieces(Reader::file(std::mem::take(path), *length)));
                    *section = Section::Once(pieces, Some(*length));
                    continue;
                }
                Section::Once(pieces, left) => ready!(next(pieces, left, cx)),
            };
            match piece {
                Some(Err(error)) => {
                    self.sections.clear();
                    return Poll::Ready(Some(Err(error)));
                }
                Some(Ok(piece)) => {
                    if matches!(section, Section::Bytes(_)) {
                        self.sections.pop_front();
                    }
                    if !piece.is_empty() {
                        return Poll::Ready(Some(Ok(piece)));
                    }
                }
                None => {
                    self.sections.pop_front();
                }
            }
        }
        Poll::Ready(None)
    }

    fn of(section: Section) -> Self {
        Self {
            sections: VecDeque::from([section]),
            progress: Vec::new(),
        }
    }
}

impl Section {
    fn length(&self) -> Option<u64> {
        match self {
            Section::Bytes(bytes) => Some(bytes.len() as u64),
            Section::File { length, .. } => Some(*length),
            Section::Once(_, left) => *left,
        }
    }
}

/// What a reader reads.
fn pieces(mut reader: Reader) -> Pieces {
    Box::new(move |cx| reader.poll(cx).map_err(UploadError::new))
}

/// The next piece, which must keep to the length that was announced.
fn next(
    pieces: &mut Mutex<Pieces>,
    left: &mut Option<u64>,
    cx: &mut Context<'_>,
) -> Poll<Option<Result<Bytes, UploadError>>> {
    let pieces = pieces.get_mut().unwrap_or_else(PoisonError::into_inner);
    let piece = ready!(pieces(cx));
    let wrong = |text: &str| Poll::Ready(Some(Err(UploadError::new(text))));
    match (&piece, left) {
        (Some(Ok(bytes)), Some(left)) => match left.checked_sub(bytes.len() as u64) {
            Some(rest) => *left = rest,
            None => return wrong("it is longer than was said"),
        },
        (None, Some(1..)) => return wrong("it is shorter than was said"),
        _ => {}
    }
    Poll::Ready(piece)
}

impl Stream for Upload {
    type Item = Result<Bytes, UploadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_chunk(cx)
    }
}

#[cfg(any(feature = "reqwest", feature = "tower"))]
impl http_body::Body for Upload {
    type Data = Bytes;
    type Error = UploadError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, UploadError>>> {
        let piece = ready!(self.get_mut().poll_chunk(cx));
        Poll::Ready(piece.map(|piece| piece.map(http_body::Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.sections.is_empty()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.length()
            .map_or_else(Default::default, http_body::SizeHint::with_exact)
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.length() {
            Some(bytes) => write!(f, "Upload({bytes} bytes)"),
            None => f.write_str("Upload(any number of bytes)"),
        }
    }
}

impl From<Bytes> for Upload {
    fn from(bytes: Bytes) -> Self {
        if bytes.is_empty() {
            return Self::default();
        }
        Self::of(Section::Bytes(bytes))
    }
}

impl From<Body> for Upload {
    fn from(body: Body) -> Self {
        Bytes::from(body).into()
    }
}

impl From<Vec<u8>> for Upload {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<String> for Upload {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&'static str> for Upload {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

/// When the last piece of a body was sent.
#[derive(Clone)]
pub(super) struct Progress(Arc<Mutex<Instant>>);

impl Progress {
    #[cfg(any(feature = "reqwest", feature = "tower"))]
    pub(super) fn begin() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }

    fn note(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// How much of a time that began with the last piece is left.
    #[cfg(any(feature = "reqwest", feature = "tower"))]
    pub(super) fn left(&self, time: Duration) -> Duration {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        time.saturating_sub(last.elapsed())
    }
}

/// A body that was to be sent and could not be read to its end.
#[derive(Debug)]
pub struct UploadError(Box<dyn std::error::Error + Send + Sync>);

impl UploadError {
    fn new(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

impl fmt::Display for UploadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body that was to be sent could not be read to its end")
    }
}

impl std::error::Error for UploadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.0.as_ref())
    }
}

/// An upload that waits for its call to be sent. One that is good for once is gone with the first.
#[derive(Clone)]
pub(super) struct HeldUpload {
    upload: Arc<Mutex<Option<Upload>>>,
    is_repeatable: bool,
}

impl HeldUpload {
    pub(super) fn new(upload: Upload) -> Self {
        Self {
            is_repeatable: upload.is_repeatable(),
            upload: Arc::new(Mutex::new(Some(upload))),
        }
    }

    pub(super) fn is_repeatable(&self) -> bool {
        self.is_repeatable
    }

    /// What it holds, if all of that is in memory.
    pub(super) fn whole(&self) -> Option<Bytes> {
        let held = self.upload.lock().unwrap_or_else(PoisonError::into_inner);
        let whole = held.as_ref()?.repeat()?.into_whole();
        whole.ok().map(Bytes::from)
    }

    /// Whether it is the same upload, or holds the same bytes.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        if Arc::ptr_eq(&self.upload, &other.upload) {
            return true;
        }
        match (self.whole(), other.whole()) {
            (Some(own), Some(other)) => own == other,
            _ => false,
        }
    }

    /// The upload, unless it was good for once and is gone.
    pub(super) fn take(&self) -> Option<Upload> {
        let mut held = self.upload.lock().unwrap_or_else(PoisonError::into_inner);
        let again = held.as_ref().and_then(Upload::repeat);
        std::mem::replace(&mut *held, again)
    }
}
