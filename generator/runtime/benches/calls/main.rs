//! What a generated call costs beside the same call by hand: `cargo bench -p specmint-runtime --bench calls`.
//!
//! Both send a small POST over one kept connection to a server on this machine and read the token that it answers with,
//! turn by turn: the generated client, and reqwest with derived serde and the same settings of TLS and redirects. The
//! median of the ratios counts, below 1 the generated client is faster. What both send is compared first. The server is
//! driven by the same thread, so that no turn waits for another core to wake up.
#![allow(clippy::print_stdout, reason = "the figures are what it is for")]

use std::hint::black_box;
use std::io;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use specmint_runtime as runtime;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

#[path = "../../tests/sample/akeneo/mod.rs"]
pub mod akeneo;
mod hand;

/// How often each side runs.
const TURNS: usize = 41;

/// Calls in a turn.
const CALLS: usize = 100;

const ANSWER: &str = r#"{"access_token":"MjE5MTQxODgxNzNjZDE2ODZkNDI","expires_in":3600,"token_type":"bearer","scope":null,"refresh_token":"ZGQyYjcyYTkyYjM4ZTFiMTNlMzQ"}"#;

fn main() {
    let (sent, requests) = mpsc::channel();
    let driver = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let base = driver.block_on(serve(sent));
    let generated = generated(&base);
    let by_hand = hand::Client::new(&base);
    driver.block_on(call(&generated));
    let ours = next(&requests);
    driver.block_on(by_hand.token());
    assert_eq!(ours, next(&requests), "both send the same");
    let ours = || turn(&driver, || call(&generated));
    let theirs = || turn(&driver, || by_hand.token());
    let ratio = median((0..TURNS).map(|_| {
        let (one, other) = (ours(), theirs());
        (one.as_secs_f64() / other.as_secs_f64(), one / CALLS as u32)
    }));
    println!("ratio of a generated call to one by hand: {:.3}", ratio.0);
    println!("a generated call: {:?}", ratio.1);
    let count = |work: &dyn Fn()| allocation_counter::measure(work).count_total / 10;
    let ours = count(&|| (0..10).for_each(|_| driver.block_on(call(&generated))));
    let theirs = count(&|| (0..10).for_each(|_| driver.block_on(by_hand.token())));
    println!("allocations of a generated call: {ours}, of one by hand: {theirs}");
}

fn generated(base: &str) -> akeneo::Client {
    let builder = akeneo::Client::builder();
    let builder = builder.base_url(base).expect("the URL is one");
    let built = builder.basic_auth("id", "secret").build();
    built.expect("there is a transport")
}

async fn call(client: &akeneo::Client) {
    let request = akeneo::models::PostTokenRequest::new("ann", "p w+", "password");
    let token = client.post_token(request).await.expect("an answer");
    assert!(black_box(token.access_token.is_some()));
}

fn turn<F: Future<Output = ()>>(driver: &Runtime, call: impl Fn() -> F) -> Duration {
    let start = Instant::now();
    driver.block_on(async {
        for _ in 0..CALLS {
            call().await;
        }
    });
    start.elapsed()
}

fn median(turns: impl Iterator<Item = (f64, Duration)>) -> (f64, Duration) {
    let mut turns: Vec<_> = turns.collect();
    turns.sort_by(|a, b| a.0.total_cmp(&b.0));
    turns[turns.len() / 2]
}

/// Starts a server that answers every request alike, and tells what came; returns its URL.
async fn serve(sent: Sender<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, sent.clone()));
        }
    });
    format!("http://{address}")
}

async fn answer(stream: TcpStream, sent: Sender<String>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let whole = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{ANSWER}",
        ANSWER.len()
    );
    let mut request = Vec::with_capacity(4096);
    loop {
        stream.readable().await?;
        match stream.try_read_buf(&mut request) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
            Err(error) => return Err(error),
        }
        if let Some(told) = told(&request) {
            let _ = sent.send(told);
            request.clear();
            stream.writable().await?;
            stream.try_write(whole.as_bytes())?;
        }
    }
}

/// A request with its headers in lower case and sorted, if all of it is there.
fn told(request: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(request).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines: Vec<String> = head.lines().map(str::to_ascii_lowercase).collect();
    let length = lines
        .iter()
        .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    if body.len() < length.unwrap_or(0) {
        return None;
    }
    lines[1..].sort();
    lines.push(body.to_owned());
    Some(lines.join("\n"))
}

fn next(requests: &Receiver<String>) -> String {
    requests.recv().expect("a request came")
}
