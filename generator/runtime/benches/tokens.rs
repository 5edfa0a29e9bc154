//! What a token costs its caller: `cargo bench -p specmint-runtime --features tokens --bench tokens`.
//!
//! Beside the source stand designs that others use: a lock with a token that is cloned and a header that is written
//! for each request. All look at the clock, as they must to know whether the token is good.
#![allow(missing_docs, reason = "criterion makes the functions public")]

use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::sync::{Arc, Barrier, Mutex, RwLock};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use criterion::{Criterion, criterion_group, criterion_main};
use specmint_runtime::http::HeaderValue;
use specmint_runtime::token::{Endpoint, Grant, Identity, Issued, Lifetime, Refusal, TokenSource};
use specmint_runtime::transport::memory::Memory;
use specmint_runtime::{Body, BuildError, http};

/// A token as long as those of large identity providers.
const LENGTH: usize = 1200;

/// An endpoint without a network.
struct Local(String);

impl Endpoint for Local {
    fn request(&self, _: Grant<'_>) -> Result<http::Request<Body>, BuildError> {
        Ok(http::Request::new(Body::empty()))
    }

    fn read(&self, _: Grant<'_>, _: &http::Response<Body>) -> Result<Issued, Refusal> {
        let mut issued = Issued::new(self.0.as_str());
        issued.lifetime = Lifetime::In(Duration::from_secs(3600));
        Ok(issued)
    }

    fn identify(&self, identity: &mut Identity) {
        identity.part("endpoint", "local");
    }
}

fn source() -> TokenSource {
    TokenSource::builder(Local("t".repeat(LENGTH)))
        .transport(Memory::new(|_| Ok(http::Response::new(Body::empty()))))
        .build()
        .expect("there is a transport")
}

/// A source that has a token.
fn warm() -> TokenSource {
    let source = source();
    ready(source.token()).expect("the endpoint issues");
    source
}

/// The output of a future that does not wait.
fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("nobody waits"),
    }
}

/// A token as the other designs keep it.
struct Kept {
    text: String,
    expires: SystemTime,
}

impl Kept {
    fn new() -> Self {
        Self {
            text: "t".repeat(LENGTH),
            expires: SystemTime::now() + Duration::from_secs(3600),
        }
    }

    fn header(&self) -> Option<HeaderValue> {
        let good = SystemTime::now() < self.expires;
        good.then(|| HeaderValue::try_from(format!("Bearer {}", self.text)).ok())?
    }
}

/// A lock for reading, as in azure_identity.
fn read_lock() -> impl Fn() + Send + Sync {
    let kept = RwLock::new(Kept::new());
    move || drop(black_box(kept.read().expect("not poisoned").header()))
}

/// A lock for reading around what is shared: no copy and no header.
fn read_lock_of_shared() -> impl Fn() + Send + Sync {
    let kept = RwLock::new(Arc::new(Kept::new()));
    move || {
        let kept = Arc::clone(&kept.read().expect("not poisoned"));
        black_box(SystemTime::now() < kept.expires);
    }
}

/// A lock, as in golang.org/x/oauth2.
fn lock() -> impl Fn() + Send + Sync {
    let kept = Mutex::new(Kept::new());
    move || drop(black_box(kept.lock().expect("not poisoned").header()))
}

/// An asynchronous lock, as in yup-oauth2 and kube-rs.
fn async_lock() -> impl Fn() + Send + Sync {
    let kept = tokio::sync::Mutex::new(Kept::new());
    move || {
        let header = async { kept.lock().await.header() };
        // With several threads it may have to wait, which a spin stands for.
        let mut header = pin!(header);
        let mut cx = Context::from_waker(Waker::noop());
        while header.as_mut().poll(&mut cx).is_pending() {
            thread::yield_now();
        }
    }
}

fn cached() -> impl Fn() + Send + Sync {
    let source = warm();
    move || drop(black_box(source.try_cached()))
}

fn cached_header() -> impl Fn() + Send + Sync {
    let source = warm();
    move || {
        let token = ready(source.token()).expect("there is a token");
        drop(black_box(token.header().clone()));
    }
}

type Design = (&'static str, Box<dyn Fn() + Send + Sync>);

fn designs() -> Vec<Design> {
    vec![
        ("try_cached", Box::new(cached())),
        ("token().await and its header", Box::new(cached_header())),
        ("RwLock, Arc", Box::new(read_lock_of_shared())),
        ("RwLock, header written", Box::new(read_lock())),
        ("Mutex, header written", Box::new(lock())),
        ("async Mutex, header written", Box::new(async_lock())),
    ]
}

fn one_reader(c: &mut Criterion) {
    let mut group = c.benchmark_group("one reader");
    for (name, read) in designs() {
        group.bench_function(name, |b| b.iter(&read));
    }
    group.finish();
}

/// The time of one read while every core does nothing else.
fn all_cores(c: &mut Criterion) {
    let cores = thread::available_parallelism().map_or(2, usize::from);
    let mut group = c.benchmark_group(format!("{cores} readers"));
    for (name, read) in designs() {
        group.bench_function(name, |b| {
            b.iter_custom(|times| {
                let all = Barrier::new(cores);
                thread::scope(|scope| {
                    let reader = || {
                        all.wait();
                        let start = Instant::now();
                        (0..times).for_each(|_| read());
                        start.elapsed()
                    };
                    let readers: Vec<_> = (0..cores).map(|_| scope.spawn(reader)).collect();
                    let times = readers.into_iter().map(|it| it.join().expect("it reads"));
                    times.max().unwrap_or_default()
                })
            });
        });
    }
    group.finish();
}

/// A first token, with everything but the network.
fn miss(c: &mut Criterion) {
    let mut group = c.benchmark_group("miss");
    group.bench_function("token_blocking", |b| {
        b.iter_batched_ref(
            source,
            |source| source.token_blocking().map(drop),
            criterion::BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, one_reader, all_cores, miss);
criterion_main!(benches);
