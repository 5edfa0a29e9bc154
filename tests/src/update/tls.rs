//! Over TLS, from a host whose certificate comes from an authority that the system does not know.

use std::process::Command;

use specmint::cli::{DONE, REFUSED};

use super::{Desk, dog};
use crate::process::{self, Ended, Running};
use crate::wire::server::{Answer, Server};
use crate::wire::tls::Authority;

/// Whom a run trusts.
#[derive(Clone, Copy)]
enum Trust<'a> {
    /// Whom the system trusts.
    System,
    /// This authority alone, by the variable that a user sets.
    Only(&'a Authority),
}

impl Desk {
    fn update_trusting(&self, trust: Trust<'_>) -> Ended {
        let spec = self.path("specs/pets.yaml");
        let mut command = Command::new(process::program());
        let mut args = process::generate(&spec, &self.path("out"));
        args[0] = "update".into();
        command.args(args);
        command
            .env_remove("SSL_CERT_DIR")
            .env_remove("SSL_CERT_FILE");
        if let Trust::Only(authority) = trust {
            self.put("authority.pem", authority.pem());
            command.env("SSL_CERT_FILE", self.path("authority.pem"));
        }
        Running::spawn(&mut command).end()
    }

    /// Points the document to a server that trusts nobody's word but TLS's, and brings it up to date.
    fn update_from(&self, authority: &Authority, server: &Server) -> Ended {
        let source = format!("{}/pets.yaml", server.origin_with_tls());
        self.put("specs/pets.source", &source);
        self.update_trusting(Trust::Only(authority))
    }

    #[track_caller]
    fn assert_unchanged(&self, ended: &Ended, why: &str) {
        assert_eq!(
            ended.code,
            Some(i32::from(REFUSED)),
            "{why}: {}",
            ended.said
        );
        assert!(ended.said.contains(why), "{why}: {}", ended.said);
        assert_eq!(
            self.read("specs/pets.yaml"),
            process::document("cat"),
            "{why}"
        );
        assert!(self.is_of("cat") && !self.is_of("dog"), "{why}");
    }
}

fn raw(text: &str) -> Answer {
    Answer::Bytes(text.as_bytes().to_vec())
}

fn torn(text: &str) -> Answer {
    Answer::Torn(text.as_bytes().to_vec())
}

#[test]
fn an_authority_of_ones_own_is_named_by_a_variable() {
    let authority = Authority::new("Ours");
    let moved = Answer::empty(307).header("location", "/v2/pets.yaml");
    let server = Server::with_tls(&authority, [moved, dog()]);
    let desk = Desk::new();
    let ended = desk.update_from(&authority, &server);
    assert_eq!(ended.code, Some(i32::from(DONE)), "{}", ended.said);
    assert!(desk.is_of("dog"));
    assert_eq!(server.requests()[1].line, "GET /v2/pets.yaml");
}

#[test]
fn who_is_not_trusted_is_asked_for_nothing_and_the_variable_is_named() {
    let (authority, other) = (Authority::new("Ours"), Authority::new("Another"));
    for trust in [Trust::System, Trust::Only(&other)] {
        let server = Server::with_tls(&authority, [dog()]);
        let desk = Desk::from(&format!("{}/pets.yaml", server.origin_with_tls()));
        let ended = desk.update_trusting(trust);
        desk.assert_unchanged(&ended, "SSL_CERT_FILE");
        assert!(server.requests().is_empty());
    }
}

#[test]
fn a_certificate_is_for_one_host() {
    let authority = Authority::new("Ours");
    let server = Server::with_tls(&authority, [dog()]);
    let other = server.origin().replace("http://", "https://");
    let desk = Desk::from(&format!("{other}/pets.yaml"));
    let ended = desk.update_trusting(Trust::Only(&authority));
    desk.assert_unchanged(&ended, "certificate");
    assert!(server.requests().is_empty());
}

#[test]
fn redirects_lead_neither_away_from_tls_nor_to_others() {
    let authority = Authority::new("Ours");
    let elsewhere = Server::answering([dog()]);
    let plain = elsewhere.origin().replace("127.0.0.1", "localhost");
    for location in [
        &format!("{plain}/pets.yaml"),
        &plain.replace("http://", "https://"),
        "//127.0.0.1/pets.yaml",
        "https://localhost.example.com/pets.yaml",
        "ftp://localhost/pets.yaml",
    ] {
        let moved = Answer::empty(302).header("location", location);
        let server = Server::with_tls(&authority, [moved]);
        let desk = Desk::new();
        let ended = desk.update_from(&authority, &server);
        desk.assert_unchanged(&ended, "it redirects to somewhere else");
        drop(server.requests());
    }
    assert!(elsewhere.requests().is_empty());
}

/// Each of these is a whole document to who does not ask whether there is more. Where only the end of the connection ends
/// it, whoever can end connections can cut it.
#[test]
fn what_is_cut_is_no_document() {
    let dog = process::document("dog");
    let length = dog.len();
    let authority = Authority::new("Ours");
    #[rustfmt::skip]
    let table = [
        raw(&format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{dog}", length + 1)),
        torn(&format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{dog}", length + 1)),
        torn(&format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{dog}")),
        raw(&format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{dog}")),
        raw(&format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n{dog}\r\n")),
        torn(&format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n{dog}\r\n")),
    ];
    for answer in table {
        let server = Server::with_tls(&authority, [answer]);
        let desk = Desk::new();
        let ended = desk.update_from(&authority, &server);
        desk.assert_unchanged(&ended, "cannot be fetched");
        drop(server.requests());
    }
}

#[test]
fn a_body_may_come_in_chunks_or_say_its_length() {
    let dog = process::document("dog");
    let length = dog.len();
    let authority = Authority::new("Ours");
    #[rustfmt::skip]
    let table = [
        raw(&format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n{dog}\r\n0\r\n\r\n")),
        raw(&format!("HTTP/1.1 200 OK\r\ncontent-encoding: identity\r\ncontent-length: {length}\r\n\r\n{dog}")),
    ];
    for answer in table {
        let server = Server::with_tls(&authority, [answer]);
        let desk = Desk::new();
        let ended = desk.update_from(&authority, &server);
        assert_eq!(ended.code, Some(i32::from(DONE)), "{}", ended.said);
        assert!(desk.is_of("dog"));
        assert_eq!(server.request().header("accept-encoding"), None);
    }
}
