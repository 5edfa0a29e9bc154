//! A server on loopback that keeps what it was sent and answers by a script.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What the server does once it has read a request.
#[derive(Clone)]
pub enum Answer {
    /// Sends these bytes and closes.
    Bytes(Vec<u8>),
    /// Sends these bytes over and over until the client hangs up.
    Endless(Vec<u8>, Vec<u8>),
    /// Sends these bytes and then nothing, with the connection open until the client hangs up.
    Stall(Vec<u8>),
    /// Sends the first bytes, and then the others again and again, slowly.
    Trickle(Vec<u8>, Vec<u8>),
    /// Sends these bytes as soon as a request begins, and closes.
    Refuse(Vec<u8>),
    /// Sends these bytes, then one of the pieces each time that it is told to, and closes after the last.
    Stepwise(Vec<u8>, Vec<Vec<u8>>),
}

/// A server that lives as long as the process.
pub struct Peer {
    /// `127.0.0.1:port`
    pub address: String,
    seen: Arc<Mutex<Vec<Vec<u8>>>>,
    step: Sender<()>,
    left: Mutex<Receiver<()>>,
}

/// What the threads of a server share.
#[derive(Clone)]
struct Desk {
    seen: Arc<Mutex<Vec<Vec<u8>>>>,
    step: Arc<Mutex<Receiver<()>>>,
    left: Sender<()>,
}

impl Peer {
    /// Starts a server that answers every request in the same way.
    pub fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (step, steps) = channel();
        let (leave, left) = channel();
        let desk = Desk {
            seen: Arc::clone(&seen),
            step: Arc::new(Mutex::new(steps)),
            left: leave,
        };
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (answer, desk) = (answer.clone(), desk.clone());
                thread::spawn(move || serve(stream.unwrap(), &answer, &desk));
            }
        });
        Self {
            address,
            seen,
            step,
            left: Mutex::new(left),
        }
    }

    /// Lets the server send its next piece.
    pub fn step(&self) {
        self.step.send(()).unwrap();
    }

    /// Waits until a client has hung up before the end of its request or of the answer.
    pub fn wait_for_hangup(&self) {
        let left = self.left.lock().unwrap();
        left.recv_timeout(Duration::from_secs(10)).unwrap();
    }

    /// A response with this head (without its empty line) and body.
    pub fn answering(head: &str, body: &str) -> Self {
        Self::start(Answer::Bytes(
            format!("{head}\r\nconnection: close\r\n\r\n{body}").into(),
        ))
    }

    /// A response of 200 with a body of JSON.
    pub fn json(body: &str) -> Self {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ";
        Self::answering(&format!("{head}{}", body.len()), body)
    }

    /// The URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests so far, byte for byte.
    pub fn seen(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        seen.iter()
            .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
            .collect()
    }
}

fn serve(mut stream: TcpStream, answer: &Answer, desk: &Desk) {
    if let Answer::Refuse(bytes) = answer {
        let _ = stream.read(&mut [0; 256]);
        let _ = stream.write_all(bytes);
        return;
    }
    let Some(request) = read_request(&mut stream) else {
        let _ = desk.left.send(());
        return;
    };
    desk.seen.lock().unwrap().push(request);
    match answer {
        Answer::Bytes(bytes) => {
            let _ = stream.write_all(bytes);
        }
        Answer::Endless(head, chunk) => {
            let _ = stream.write_all(head);
            while stream.write_all(chunk).is_ok() {}
            let _ = desk.left.send(());
        }
        Answer::Stall(bytes) => {
            let _ = stream.write_all(bytes);
            let _ = stream.read_to_end(&mut Vec::new());
            let _ = desk.left.send(());
        }
        Answer::Trickle(head, piece) => {
            let _ = stream.write_all(head);
            let pace = Some(Duration::from_millis(20));
            stream.set_read_timeout(pace).unwrap();
            // Until the client hangs up, another piece each time that it has not.
            while !matches!(stream.read(&mut [0; 16]), Ok(0)) {
                if stream.write_all(piece).is_err() {
                    break;
                }
            }
            let _ = desk.left.send(());
        }
        Answer::Refuse(_) => {}
        Answer::Stepwise(head, pieces) => {
            let _ = stream.write_all(head);
            let steps = desk.step.lock().unwrap();
            for piece in pieces {
                if steps.recv().is_err() || stream.write_all(piece).is_err() {
                    return;
                }
            }
        }
    }
}

/// The bytes of one request; `None` if the client hung up before its end.
fn read_request(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(0, |length| length.parse().unwrap());
            let is_whole = match head.contains("transfer-encoding: chunked") {
                true => bytes.ends_with(b"\r\n0\r\n\r\n"),
                false => bytes.len() >= end + 4 + length,
            };
            if is_whole {
                return Some(bytes);
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
        }
    }
}
