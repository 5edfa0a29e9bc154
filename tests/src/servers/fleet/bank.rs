//! A token server that rotates refresh tokens and revokes a family when one of its tokens comes again.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

/// What becomes of the process that asks.
pub(super) enum Fate {
    Lives,
    /// It is killed before the server looks at its request.
    DiesUnheard(Box<dyn FnOnce() + Send>),
    /// It is killed after the server has rotated, and before it answers.
    DiesUnanswered(Box<dyn FnOnce() + Send>),
    /// It is killed after the answer, when others have had their turn on the processor so often.
    DiesAfter(u32, Box<dyn FnOnce() + Send>),
}

/// What the server knows of what it did.
#[derive(Default)]
pub(super) struct Books {
    issued: usize,
    requests: usize,
    pub(super) families: usize,
    pub(super) families_revoked: usize,
    /// The family of each refresh token that is good.
    good: BTreeMap<String, usize>,
    /// The family of each that was good.
    spent: BTreeMap<String, usize>,
    /// How often each was presented.
    pub(super) presented: BTreeMap<String, usize>,
}

/// The server.
pub(super) struct Bank {
    port: u16,
    books: Arc<Mutex<Books>>,
}

type Judge = dyn Fn(u32, usize) -> Fate + Send + Sync;

impl Bank {
    /// Opens with one refresh token. The judge is told who asks and how many requests there were before.
    pub(super) fn open(
        first: &str,
        judge: impl Fn(u32, usize) -> Fate + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let mut books = Books::default();
        books.good.insert(first.to_owned(), 0);
        let books = Arc::new(Mutex::new(books));
        let shared = books.clone();
        let judge: Arc<Judge> = Arc::new(judge);
        // Ends with the process: nobody connects any more when the test is over.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (books, judge) = (shared.clone(), judge.clone());
                thread::spawn(move || serve(stream, &books, &*judge));
            }
        });
        Self { port, books }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().expect("nobody panics with the lock")
    }
}

/// Answers one request. A connection that ends early is a process that died.
fn serve(stream: TcpStream, books: &Mutex<Books>, judge: &Judge) {
    let Some(form) = read(&stream) else {
        return;
    };
    let lock = || books.lock().expect("nobody panics with the lock");
    let id = form["client_id"].parse().expect("the worker's id");
    let request = {
        let mut books = lock();
        books.requests += 1;
        books.requests - 1
    };
    let answer = || lock().exchange(form.get("refresh_token"));
    match judge(id, request) {
        Fate::Lives => write(&stream, &answer()),
        Fate::DiesUnheard(kill) => kill(),
        Fate::DiesUnanswered(kill) => {
            drop(answer());
            kill();
        }
        Fate::DiesAfter(turns, kill) => {
            write(&stream, &answer());
            (0..turns).for_each(|_| thread::yield_now());
            kill();
        }
    }
}

/// The fields of a form that was posted.
fn read(stream: &TcpStream) -> Option<BTreeMap<String, String>> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(text) = line.strip_prefix("content-length: ") {
            length = text.parse().ok()?;
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).ok()?;
    let fields = body.split('&').filter_map(|field| field.split_once('='));
    Some(fields.map(|(k, v)| (k.to_owned(), v.to_owned())).collect())
}

fn write(mut stream: &TcpStream, (status, body): &(u16, String)) {
    let head = format!(
        "HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    // Whoever asked may be gone.
    let _ = stream.write_all(format!("{head}{body}").as_bytes());
}

impl Books {
    fn exchange(&mut self, refresh_token: Option<&String>) -> (u16, String) {
        let family = match refresh_token {
            None => {
                self.families += 1;
                self.families
            }
            Some(token) => {
                *self.presented.entry(token.clone()).or_default() += 1;
                let Some(family) = self.good.remove(token) else {
                    if let Some(family) = self.spent.get(token) {
                        self.families_revoked += 1;
                        self.good.retain(|_, other| other != family);
                    }
                    return (400, r#"{"error":"invalid_grant"}"#.to_owned());
                };
                self.spent.insert(token.clone(), family);
                family
            }
        };
        self.issued += 1;
        let number = self.issued;
        self.good.insert(format!("r{number}"), family);
        let body = format!(
            r#"{{"access_token":"a{number}","token_type":"Bearer","expires_in":3600,"refresh_token":"r{number}"}}"#
        );
        (200, body)
    }
}
