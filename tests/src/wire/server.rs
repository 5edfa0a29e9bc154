//! A server that records every byte it gets, and answers what the test says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

use super::tls::{Authority, Wire};

/// What the server does with one request.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Sends these bytes, then closes the connection. What they promise and do not hold is a cut.
    Bytes(Vec<u8>),
    /// Sends these bytes, then is gone without the goodbye that TLS has for the end of a connection.
    Torn(Vec<u8>),
    /// Says nothing until the client gives up.
    Silence,
}

impl Answer {
    /// A whole response with a body of this media type.
    pub(crate) fn new(status: u16, media_type: &str, body: &str) -> Self {
        let head = format!("HTTP/1.1 {status} Said\r\ncontent-type: {media_type}\r\n");
        Self::with_length(head, body)
    }

    /// A whole response with a JSON body.
    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::new(status, "application/json", body)
    }

    /// A whole response with no body and no word about its type.
    pub(crate) fn empty(status: u16) -> Self {
        Self::with_length(format!("HTTP/1.1 {status} Said\r\n"), "")
    }

    /// A response that ends in the middle of its body.
    pub(crate) fn cut(status: u16, body: &str) -> Self {
        let length = body.len() + 100;
        let head = format!(
            "HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        );
        Self::Bytes([head.as_bytes(), body.as_bytes()].concat())
    }

    /// The same with one more header.
    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        match self {
            Self::Bytes(bytes) => {
                let end = bytes
                    .windows(2)
                    .position(|pair| pair == b"\r\n")
                    .map_or(0, |at| at + 2);
                let (status, rest) = bytes.split_at(end);
                Self::Bytes([status, format!("{name}: {value}\r\n").as_bytes(), rest].concat())
            }
            Self::Torn(_) | Self::Silence => self,
        }
    }

    fn with_length(head: String, body: &str) -> Self {
        let length = body.len();
        Self::Bytes(
            format!("{head}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
                .into_bytes(),
        )
    }
}

/// A request as it came over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Recorded {
    /// The first line without the version: `POST /token`.
    pub(crate) line: String,
    /// The headers in the order of their coming, names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body, byte for byte.
    pub(crate) body: Vec<u8>,
}

impl Recorded {
    /// The value of a header; fails if it came twice.
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(found, _)| found == name);
        let value = values.next().map(|(_, value)| value.as_str());
        assert_eq!(values.next(), None, "`{name}` came twice");
        value
    }

    /// The whole request as a text: line, headers sorted by name, a blank line, the body.
    ///
    /// `host` shows as `HOST`, since its port is another in each run, and `user-agent` as `AGENT`, since it
    /// holds the version.
    pub(crate) fn text(&self) -> String {
        let mut headers: Vec<String> = self
            .headers
            .iter()
            .map(|(name, value)| match name.as_str() {
                "host" => "host: HOST".to_owned(),
                "user-agent" => "user-agent: AGENT".to_owned(),
                _ => format!("{name}: {value}"),
            })
            .collect();
        headers.sort();
        let body = String::from_utf8_lossy(&self.body);
        format!("{}\n{}\n\n{body}", self.line, headers.join("\n"))
    }
}

/// A server on a free port of this machine. It answers as many requests as it was given answers.
pub(crate) struct Server {
    address: SocketAddr,
    thread: JoinHandle<Vec<Recorded>>,
}

impl Server {
    /// Starts a server with one answer for each request to come.
    pub(crate) fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::start(answers, |stream| Box::new(stream))
    }

    /// The same over TLS, with a certificate that `authority` has signed for `localhost`.
    pub(crate) fn with_tls(
        authority: &Authority,
        answers: impl IntoIterator<Item = Answer>,
    ) -> Self {
        let tls = authority.server_of("localhost");
        Self::start(answers, move |stream| Box::new(tls.accept(stream)))
    }

    fn start(
        answers: impl IntoIterator<Item = Answer>,
        open: impl Fn(TcpStream) -> Box<dyn Wire> + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let answers: Vec<Answer> = answers.into_iter().collect();
        let thread = thread::spawn(move || serve(&listener, answers, open));
        Self { address, thread }
    }

    /// Where it is: `http://127.0.0.1:PORT`.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it is over TLS: `https://localhost:PORT`.
    pub(crate) fn origin_with_tls(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    /// Ends the server and returns what came, which may be less than there were answers.
    #[track_caller]
    pub(crate) fn requests(self) -> Vec<Recorded> {
        // Wakes the server if it still waits; a connection that says nothing is no request.
        drop(TcpStream::connect(self.address));
        self.thread
            .join()
            .expect("the server saw what it was told to expect")
    }

    /// The same where there is one request.
    #[track_caller]
    pub(crate) fn request(self) -> Recorded {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1, "one request was expected");
        requests.remove(0)
    }
}

fn serve(
    listener: &TcpListener,
    answers: Vec<Answer>,
    open: impl Fn(TcpStream) -> Box<dyn Wire>,
) -> Vec<Recorded> {
    let mut recorded = Vec::new();
    for answer in answers {
        let (stream, _) = listener.accept().expect("a connection can be accepted");
        let mut stream = open(stream);
        match read(&mut *stream) {
            Some(request) => recorded.push(request),
            None => break,
        }
        reply(&mut *stream, answer);
    }
    recorded
}

/// Reads one request, or `None` if the connection ends before it says anything.
fn read(stream: &mut dyn Wire) -> Option<Recorded> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).ok().filter(|read| *read > 0)?;
    let line = first
        .trim_end()
        .strip_suffix(" HTTP/1.1")
        .expect("the client speaks HTTP/1.1");

    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).expect("headers are text");
        match header.trim_end_matches(['\r', '\n']).split_once(": ") {
            Some((name, value)) => headers.push((name.to_ascii_lowercase(), value.to_owned())),
            None => break,
        }
    }
    let mut recorded = Recorded {
        line: line.to_owned(),
        headers,
        body: Vec::new(),
    };
    let length = recorded
        .header("content-length")
        .map_or(0, |length| length.parse().expect("the length is a number"));
    assert_eq!(
        recorded.header("transfer-encoding"),
        None,
        "bodies are sent with their length"
    );
    recorded.body.resize(length, 0);
    reader
        .read_exact(&mut recorded.body)
        .expect("the body is as long as it says");
    Some(recorded)
}

fn reply(stream: &mut dyn Wire, answer: Answer) {
    match answer {
        // The client may hang up before it has read all, if it must: a response too large, say.
        Answer::Bytes(bytes) => {
            let _ = stream.write_all(&bytes);
            stream.say_goodbye();
        }
        Answer::Torn(bytes) => {
            let _ = stream.write_all(&bytes);
            let _ = stream.flush();
        }
        Answer::Silence => {
            let _ = stream.read(&mut [0]);
        }
    }
}

#[test]
fn the_server_records_the_bytes_and_answers_as_told() {
    let server = Server::answering([Answer::json(201, "{}").header("x-first", "1")]);
    let mut stream = TcpStream::connect(server.address).expect("the server listens");
    stream
        .write_all(
            b"POST /token?a=b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nAccept: */*\r\n\r\na=1",
        )
        .expect("the server reads");
    let mut answer = String::new();
    stream
        .read_to_string(&mut answer)
        .expect("the server answers");
    assert_eq!(
        answer,
        "HTTP/1.1 201 Said\r\nx-first: 1\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"
    );
    let request = server.request();
    assert_eq!(
        request.text(),
        "POST /token?a=b\naccept: */*\ncontent-length: 3\nhost: HOST\n\na=1"
    );
}
