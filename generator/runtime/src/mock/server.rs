//! The fake as a server: a thread, a socket, HTTP/1.1.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt;
use std::future::{pending, poll_fn};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::thread::{self, JoinHandle};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use hyper::body::{Body as _, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::oneshot;

use super::super::Body;
use super::super::operation::ApiSpec;
use super::answer::{Answer, Fault};
use super::received::Received;
use super::route::Route;
use super::spec::{FakeOperation, FakeSpec};
use super::world::{Mismatch, Strictness, World};

/// The longest body that a fake takes, in bytes.
const LONGEST: usize = 64 << 20;

/// The fake of an API, on a free port of 127.0.0.1. It ends when it is dropped.
pub struct FakeServer {
    world: Arc<World>,
    url: String,
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl FakeServer {
    /// Starts a fake: once this returns, it answers.
    ///
    /// # Errors
    /// No port is free, or no thread can be started.
    pub fn start(api: &'static ApiSpec, fakes: &[&'static FakeSpec]) -> io::Result<Self> {
        let world = Arc::new(World::new(api, fakes));
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address: SocketAddr = listener.local_addr()?;
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel();
        let served = world.clone();
        let serve = move || {
            runtime.block_on(async move {
                let Ok(listener) = TcpListener::from_std(listener) else {
                    return;
                };
                tokio::spawn(accept(listener, served));
                // until the other end is dropped; nothing is ever sent
                let _ = stopped.await;
            });
        };
        let thread = thread::Builder::new().name(format!("fake-{}", api.name));
        Ok(Self {
            world,
            url: format!("http://{address}"),
            stop: Some(stop),
            thread: Some(thread.spawn(serve)?),
        })
    }

    /// Where it is: `http://127.0.0.1:PORT`. Calls are answered below the paths of the API's servers as well.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// An operation.
    pub fn route<O: FakeOperation>(&self) -> Route<'_, O> {
        Route::new(&self.world)
    }

    /// Says whether requests are looked at before they are answered; they are, unless this says otherwise.
    pub fn set_strictness(&self, strictness: Strictness) {
        self.world.state().strictness = strictness;
    }

    /// All requests that came, in their order.
    pub fn requests(&self) -> Vec<Arc<Received>> {
        let state = self.world.state();
        state
            .log
            .iter()
            .map(|(_, received)| received.clone())
            .collect()
    }

    /// The requests that were refused: those that are for no operation, and those that break its description.
    pub fn refused(&self) -> Vec<Arc<Received>> {
        let mut requests = self.requests();
        requests.retain(|received| received.refusal().is_some());
        requests
    }

    /// Forgets what it was told and what it was asked.
    pub fn reset(&self) {
        let mut state = self.world.state();
        state.log.clear();
        state.steps.iter_mut().for_each(VecDeque::clear);
    }

    /// The answers that the description shows and the client cannot read: none, or the description and its
    /// examples contradict each other.
    pub fn mismatches(&self) -> Vec<Mismatch> {
        self.world.mismatches()
    }
}

impl Drop for FakeServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // a thread that panicked has said so
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for FakeServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeServer")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

async fn accept(listener: TcpListener, world: Arc<World>) {
    loop {
        // what fails here is one connection, which is gone already
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let world = world.clone();
        let service = service_fn(move |request| answer(world.clone(), request));
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        // a client that hangs up, and a fault that was asked for, end here
        tokio::spawn(async { drop(connection.await) });
    }
}

async fn answer(world: Arc<World>, request: Request<Incoming>) -> io::Result<Response<Sent>> {
    let (head, incoming) = request.into_parts();
    let answer = match gather(incoming).await? {
        Some(body) => world.answer(Request::from_parts(head, body.into())),
        None => Answer::text(
            StatusCode::PAYLOAD_TOO_LARGE,
            "the body is too long for a fake",
        ),
    };
    if !answer.delay.is_zero() {
        tokio::time::sleep(answer.delay).await;
    }
    let fault = answer.fault;
    match fault {
        Some(Fault::Hangup) => Err(io::ErrorKind::ConnectionAborted.into()),
        Some(Fault::Silence) => pending().await,
        Some(Fault::Cut) | None => Ok(answer.response.map(|body| Sent::new(body, fault))),
    }
}

/// The whole body; `None` if it is longer than a fake takes.
async fn gather(mut incoming: Incoming) -> io::Result<Option<Bytes>> {
    let mut body = Vec::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut incoming).poll_frame(cx)).await {
        let frame = frame.map_err(io::Error::other)?;
        if let Ok(piece) = frame.into_data() {
            body.extend_from_slice(&piece);
        }
        if body.len() > LONGEST {
            return Ok(None);
        }
    }
    Ok(Some(body.into()))
}

/// A body on its way, whole or cut.
struct Sent {
    pieces: VecDeque<io::Result<Bytes>>,
    length: u64,
}

impl Sent {
    fn new(body: Body, fault: Option<Fault>) -> Self {
        let mut bytes = Bytes::from(body);
        let length = bytes.len() as u64;
        let mut pieces = VecDeque::new();
        if fault == Some(Fault::Cut) {
            bytes.truncate(bytes.len() / 2);
            pieces.push_back(Ok(bytes));
            pieces.push_back(Err(io::ErrorKind::ConnectionAborted.into()));
        } else if !bytes.is_empty() {
            pieces.push_back(Ok(bytes));
        }
        Self { pieces, length }
    }
}

impl hyper::body::Body for Sent {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        Poll::Ready(self.pieces.pop_front().map(|piece| piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
