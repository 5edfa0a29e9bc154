//! A server on loopback that keeps what it was sent and answers by a script.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What the server does once it has read a request.
#[derive(Clone)]
pub enum Answer {
    /// Sends these bytes and closes.
    Bytes(Vec<u8>),
    /// Sends these bytes over and over until the client hangs up.
    Endless(Vec<u8>, Vec<u8>),
    /// Sends these bytes and then nothing, with the connection open until the client hangs up.
    Stall(Vec<u8>),
}

/// A server that lives as long as the process.
pub struct Peer {
    /// `127.0.0.1:port`
    pub address: String,
    seen: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Peer {
    /// Starts a server that answers every request in the same way.
    pub fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (answer, kept) = (answer.clone(), Arc::clone(&kept));
                thread::spawn(move || serve(stream.unwrap(), &answer, &kept));
            }
        });
        Self { address, seen }
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

fn serve(mut stream: TcpStream, answer: &Answer, seen: &Mutex<Vec<Vec<u8>>>) {
    let Some(request) = read_request(&mut stream) else {
        return;
    };
    seen.lock().unwrap().push(request);
    match answer {
        Answer::Bytes(bytes) => {
            let _ = stream.write_all(bytes);
        }
        Answer::Endless(head, chunk) => {
            let _ = stream.write_all(head);
            while stream.write_all(chunk).is_ok() {}
        }
        Answer::Stall(bytes) => {
            let _ = stream.write_all(bytes);
            let _ = stream.read_to_end(&mut Vec::new());
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
            if bytes.len() >= end + 4 + length {
                return Some(bytes);
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
        }
    }
}
