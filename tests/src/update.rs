//! `specmint update`: documents from where they come from, over sockets of this machine and from files.

#[cfg(target_os = "linux")]
mod tls;

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use specmint::cli::{self, DONE, Mode, REFUSED};
use tempfile::TempDir;

use crate::process;
use crate::repo;
use crate::said::{Said, said, specmint};
use crate::wire::server::{Answer, Server};

/// `specs/pets.yaml`, the crate that is made of it, and where it comes from.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let desk = Self { folder };
        desk.put("specs/pets.yaml", &process::document("cat"));
        let said = desk.specmint("generate", &["specs/pets.yaml"], &[]);
        assert_eq!(said.code, DONE, "{}", said.err);
        desk
    }

    fn from(source: &str) -> Self {
        let desk = Self::new();
        desk.put(
            "specs/pets.source",
            &format!("# The vendor's own.\n\n{source}\n"),
        );
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.path(name);
        let folder = path.parent().expect("it is in the folder");
        fs::create_dir_all(folder).expect("folders can be made");
        fs::write(path, text).expect("files can be written");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("the file is there")
    }

    fn specmint(&self, command: &str, specs: &[&str], more: &[&str]) -> Said {
        let mut args = vec![OsString::from(command)];
        args.extend(specs.iter().map(|spec| self.path(spec).into_os_string()));
        args.extend(["--out".into(), self.path("out").into_os_string()]);
        args.extend(["--runtime".into(), "path:../runtime".into()]);
        args.extend(more.iter().map(Into::into));
        specmint(args)
    }

    fn update(&self, more: &[&str]) -> Said {
        self.specmint("update", &["specs/pets.yaml"], more)
    }

    fn is_of(&self, word: &str) -> bool {
        self.path(&format!("out/src/pets/operations/{word}9.rs"))
            .exists()
    }
}

fn dog() -> Answer {
    Answer::new(200, "application/yaml", &process::document("dog"))
}

#[test]
fn a_document_and_its_crate_follow_the_url_that_it_comes_from() {
    let vendors = format!("\u{feff}{}\r\n", process::document("dog"));
    let server = Server::answering([Answer::new(200, "text/plain", &vendors)]);
    let desk = Desk::from(&format!("{}/pets.yaml?v=2", server.origin()));
    let done = desk.update(&[]);
    assert_eq!(done.code, DONE, "{}", done.err);
    assert_eq!(desk.read("specs/pets.yaml"), vendors, "byte for byte");
    assert!(desk.is_of("dog") && !desk.is_of("cat"));
    assert!(done.out.contains("dog9"), "a review: {}", done.out);
    let request = server.request();
    assert_eq!(request.line, "GET /pets.yaml?v=2");
    for header in ["authorization", "cookie", "referer"] {
        assert_eq!(request.header(header), None);
    }
}

#[test]
fn a_dry_run_shows_the_review_and_writes_nothing() {
    let server = Server::answering([dog()]);
    let desk = Desk::from(&format!("{}/pets.yaml", server.origin()));
    let before = process::tree(desk.folder.path());
    let done = desk.update(&["--dry-run"]);
    assert_eq!(done.code, DONE, "{}", done.err);
    assert!(done.out.contains("dog9"), "{}", done.out);
    assert!(done.err.contains("nothing was written"), "{}", done.err);
    assert_eq!(process::tree(desk.folder.path()), before);
    drop(server.requests());
}

#[test]
fn a_document_may_come_from_a_file_and_be_what_it_is_there() {
    let desk = Desk::from("../vendor/pets.yaml");
    desk.put("vendor/pets.yaml", &process::document("dog"));
    assert_eq!(desk.update(&[]).code, DONE);
    assert!(desk.is_of("dog"));
    let again = desk.update(&[]);
    assert_eq!(again.code, DONE, "{}", again.err);
    assert!(again.err.contains("`pets` is what `"), "{}", again.err);
    assert_eq!(again.out, "", "nothing to review");
}

#[test]
fn the_source_of_a_folder_stands_beside_it() {
    let desk = Desk::new();
    desk.put("specs/cats/openapi.yaml", &process::document("cat"));
    desk.put("specs/cats.source", "vendor.yaml\n");
    desk.put("specs/vendor.yaml", &process::document("dog"));
    let done = desk.specmint("update", &["specs/cats/openapi.yaml"], &[]);
    assert_eq!(done.code, DONE, "{}", done.err);
    assert_eq!(
        desk.read("specs/cats/openapi.yaml"),
        process::document("dog")
    );
}

#[test]
fn what_is_no_document_is_refused_and_the_old_one_stays() {
    let large = " ".repeat((64 << 20) + 1);
    let loops = vec![Answer::empty(301).header("location", "/pets.yaml"); 6];
    let page = "<!DOCTYPE html><html><body>Sign in: it's here</body></html>";
    #[rustfmt::skip]
    let table = [
        (vec![Answer::json(404, "{}")],                                 "the answer is 404"),
        (vec![Answer::new(206, "text/yaml", &process::document("dog"))], "the answer is 206"),
        (vec![Answer::empty(204)],                                      "the answer is 204"),
        (vec![Answer::cut(200, "openapi: 3.0.3\n")],                    "cannot be fetched"),
        (vec![Answer::json(200, &large)],                               "cannot be fetched"),
        (loops,                                                         "it redirects too often"),
        (vec![Answer::empty(302)],                                      "it redirects to nowhere"),
        (vec![Answer::empty(302).header("location", "http://localhost:1/pets.yaml")], "to somewhere else"),
        (vec![Answer::empty(302).header("location", "http://u:pass@127.0.0.1/")],     "to somewhere else"),
        (vec![Answer::json(200, "\u{1f}\u{8b}").header("content-encoding", "gzip")], "compressed with `gzip`"),
        (vec![Answer::new(200, "text/html", page)],                     "is refused"),
        (vec![Answer::new(200, "text/yaml", "")],                       "is refused"),
        (vec![Answer::new(200, "text/yaml", "openapi: [3.0.3\n")],      "is refused"),
        (vec![Answer::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n\xff\xfe".to_vec())], "is not UTF-8"),
    ];
    let desk = Desk::new();
    let before = process::tree(&desk.path("out"));
    for (answers, why) in table {
        let server = Server::answering(answers);
        desk.put(
            "specs/pets.source",
            &format!("{}/pets.yaml?v=hidden", server.origin()),
        );
        let done = desk.update(&[]);
        assert_eq!(done.code, REFUSED, "{why}: {}", done.err);
        assert!(done.err.contains(why), "{why}: {}", done.err);
        assert!(
            !done.err.contains("hidden") && !done.err.contains("u:pass"),
            "{}",
            done.err
        );
        assert_eq!(
            desk.read("specs/pets.yaml"),
            process::document("cat"),
            "{why}"
        );
        assert_eq!(process::tree(&desk.path("out")), before, "{why}");
        drop(server.requests());
    }
}

#[test]
fn a_source_that_is_not_to_be_asked_is_named_by_its_line_and_never_shown() {
    #[rustfmt::skip]
    let table = [
        ("https://user:hidden@pets.example.com/pets.yaml",       "holds credentials"),
        ("https://hidden@pets.example.com/pets.yaml",            "holds credentials"),
        ("https://pets.example.com/pets.yaml?api_key=hidden",    "holds credentials"),
        ("https://pets.example.com/?X-Amz-Signature=hidden",     "holds credentials"),
        ("https://user:hidden@pets.example.com:port/pets.yaml",  "the URL is none"),
        ("http://pets.example.com/hidden.yaml",                  "over https alone"),
        ("ftp://pets.example.com/hidden.yaml",                   "an https URL or a relative path"),
        ("file:///hidden.yaml",                                  "an https URL or a relative path"),
        ("/hidden.yaml",                                         "a path is relative"),
    ];
    let desk = Desk::new();
    for (source, why) in table {
        desk.put("specs/pets.source", &format!("# From:\n{source}\n"));
        let done = desk.update(&[]);
        assert_eq!(done.code, REFUSED, "{source}");
        assert!(done.err.contains(why), "{source}: {}", done.err);
        assert!(done.err.contains("pets.source:2"), "{source}: {}", done.err);
        assert!(!done.err.contains("hidden"), "{source}: {}", done.err);
    }
    desk.put("specs/pets.source", "# Nobody knows.\n");
    assert!(desk.update(&[]).err.contains("names no place"));
}

#[test]
fn redirects_are_followed_on_the_same_host() {
    let server = Server::answering([
        Answer::empty(302).header("location", "/v2/pets.yaml"),
        dog(),
    ]);
    let desk = Desk::from(&format!("{}/pets.yaml", server.origin()));
    let done = desk.update(&[]);
    assert_eq!(done.code, DONE, "{}", done.err);
    assert!(desk.is_of("dog"));
    assert_eq!(server.requests()[1].line, "GET /v2/pets.yaml");
}

#[test]
fn one_that_fails_does_not_keep_the_others_from_their_new_state() {
    let desk = Desk::from("dog.yaml");
    desk.put("specs/dog.yaml", &process::document("dog"));
    desk.put("specs/cats.yaml", &process::document("cat"));
    desk.put("specs/cats.source", "broken.yaml");
    desk.put("specs/broken.yaml", "openapi: [3.0.3\n");
    desk.put("specs/owls.yaml", &process::document("owl"));
    desk.put("specs/owls.source", "missing.yaml");
    let specs = ["specs/cats.yaml", "specs/owls.yaml", "specs/pets.yaml"];
    let done = desk.specmint("update", &specs, &[]);
    assert_eq!(done.code, REFUSED);
    for told in [
        "`cats` stays as it is",
        "error[syntax-error]",
        "`owls`: reading",
        "`pets` is now what",
    ] {
        assert!(done.err.contains(told), "{told}: {}", done.err);
    }
    assert!(desk.is_of("dog"));
    assert_eq!(desk.read("specs/cats.yaml"), process::document("cat"));

    desk.put("specs/dog.yaml", &process::document("cow"));
    let done = desk.specmint("update", &specs, &["--api", "pets"]);
    assert_eq!(
        done.code, DONE,
        "those that are not meant do not count: {}",
        done.err
    );
}

#[test]
fn what_has_no_source_is_named_where_it_was_asked_for() {
    let desk = Desk::new();
    let done = desk.update(&[]);
    assert_eq!(done.code, DONE);
    assert!(
        done.err.contains("no document has a source"),
        "{}",
        done.err
    );
    let done = desk.update(&["--api", "pets"]);
    assert_eq!(done.code, REFUSED);
    assert!(done.err.contains("pets.source"), "{}", done.err);
    let done = desk.update(&["--api", "dogs"]);
    assert_eq!(done.code, REFUSED);
    assert!(done.err.contains("there is no `dogs`"), "{}", done.err);
}

#[test]
fn no_document_of_this_repository_has_a_source() {
    let root = repo::root();
    let done = said(|streams| {
        let place = xtask::place(Mode::Check);
        cli::update(place, &[], || xtask::job(&root, Mode::Check), streams)
    });
    assert_eq!(done.code, DONE, "{}", done.err);
    assert!(
        done.err.contains("no document has a source"),
        "{}",
        done.err
    );
}

#[test]
fn a_document_that_has_become_json_keeps_its_name() {
    let desk = Desk::from("pets.json");
    let json = r#"{"openapi":"3.0.3","info":{"title":"Pets","version":"2"},"paths":{"/p":{"get":{"operationId":"json9","responses":{"204":{"description":"None"}}}}}}"#;
    desk.put("specs/pets.json", json);
    let done = desk.update(&[]);
    assert_eq!(done.code, DONE, "{}", done.err);
    assert!(done.err.contains("now holds JSON"), "{}", done.err);
    assert_eq!(desk.read("specs/pets.yaml"), json);
    assert!(desk.is_of("json"));
}

#[test]
fn a_crate_that_cannot_be_written_keeps_its_document() {
    let desk = Desk::from("dog.yaml");
    desk.put("specs/dog.yaml", &process::document("dog"));
    desk.put("out/src/pets/operations/dog9.rs", "// mine\n");
    let done = desk.update(&[]);
    assert_eq!(done.code, REFUSED);
    assert!(
        done.err.contains("was not made by specmint"),
        "{}",
        done.err
    );
    assert_eq!(desk.read("specs/pets.yaml"), process::document("cat"));
    assert!(desk.is_of("cat"));
}

#[test]
fn programs_are_told_what_became_of_each_document() {
    let desk = Desk::from("dog.yaml");
    desk.put("specs/dog.yaml", &process::document("dog"));
    let done = desk.update(&["--format", "json"]);
    assert_eq!(done.code, DONE, "{}", done.err);
    let object: serde_json::Value =
        serde_json::from_str(&done.out).expect("stdout holds one object");
    assert_eq!(object["documents"][0]["name"], "pets");
    assert_eq!(object["documents"][0]["state"], "changed");
    assert!(object["review"].is_object(), "{object}");
    assert!(!object["written"].as_array().unwrap().is_empty());
}
