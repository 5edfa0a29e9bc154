//! The site of a crate's pages: what is in it, what is not, and which folders it touches. How it behaves in a browser is
//! for `cargo xtask ci site`.

use std::fs;
use std::path::{Path, PathBuf};

use specmint::file::Asset;
use specmint::{site, write};
use tempfile::TempDir;

use crate::repo;

/// Pages as `specmint generate` writes them, and one whose text would like to be more than text.
fn pages() -> PathBuf {
    repo::root().join("tests/site/crate")
}

fn built(folder: &Path) -> Vec<Asset> {
    site::build(folder).expect("the pages make a site")
}

fn text(assets: &[Asset], path: &str) -> String {
    let asset = assets.iter().find(|asset| asset.path == path);
    let asset = asset.unwrap_or_else(|| panic!("the site has no {path}"));
    String::from_utf8(asset.bytes.clone()).expect("pages are UTF-8")
}

/// What a page says, without mdBook's frame around it.
fn main(assets: &[Asset], path: &str) -> String {
    let page = text(assets, path);
    let main = page.split("<main>").nth(1).expect("a page has a main part");
    main.split("</main>").next().unwrap_or_default().to_owned()
}

/// The one file whose name begins and ends so.
fn hashed(assets: &[Asset], name: &str, end: &str) -> String {
    let mut found = assets
        .iter()
        .filter(|asset| asset.path.starts_with(name) && asset.path.ends_with(end));
    let path = found.next().map(|asset| asset.path.clone());
    assert!(found.next().is_none(), "{name} stands twice");
    text(
        assets,
        &path.unwrap_or_else(|| panic!("there is no {name}…{end}")),
    )
}

/// A folder with the pages `files`.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (path, text) in files {
        put(folder.path(), path, text);
    }
    folder
}

fn put(folder: &Path, path: &str, text: &str) {
    let place = folder.join(path);
    fs::create_dir_all(place.parent().expect("a file stands in a folder")).expect("it can be made");
    fs::write(place, text).expect("it can be written");
}

#[test]
fn each_page_has_a_place_and_an_entry() {
    let site = built(&pages());
    let contents = hashed(&site, "toc-", ".js");
    for (place, name) in [
        ("index.html", "pets-clients"),
        ("docs/index.html", "APIs"),
        ("docs/pets/index.html", "Pets"),
        ("docs/pets/authorization.html", "Authorization"),
        ("docs/pets/operations/cats_and_dogs.html", "Cats and dogs"),
        ("docs/pets/models/adoption_request.html", "AdoptionRequest"),
    ] {
        let entry = format!("<a href=\"{place}\">{name}</a>");
        assert!(contents.contains(&entry), "no {entry} in\n{contents}");
        assert!(text(&site, place).contains(&format!("<title>{name} - pets-clients</title>")));
    }
    // Groups stand below their API as they are, models in a drawer.
    assert!(contents.contains("<span>Models</span>"));
    assert!(!contents.contains("Operations"));
}

#[test]
fn text_of_documents_stays_text() {
    let site = built(&pages());
    let page = main(&site, "docs/pets/operations/hostile.html");
    for harm in [
        "<script",
        "<img",
        "<i ",
        "<b ",
        "<div>",
        "href=\"javascript",
        "href=\"data",
        "href=\"//",
        "href=\"/",
        "file:",
        "class=\"hidden",
        "id=\"stolen",
        "onclick=\"window.broken = 2\">",
        "mdbook-runnable",
        "playground",
        "root:",
    ] {
        assert!(!page.contains(harm), "`{harm}` in\n{page}");
    }
    // It is all there to be read.
    for shown in [
        "{{#include /etc/passwd}}",
        "window.broken = 8",
        "-- \"quotes\" --- ...",
        "$$x$$",
        "هذا نص عربي",
    ] {
        assert!(page.contains(shown), "no `{shown}` in\n{page}");
    }
    // Names go where a script takes them for HTML.
    for script in [
        hashed(&site, "toc-", ".js"),
        hashed(&site, "searchindex-", ".js"),
    ] {
        assert!(!script.contains("» Trouble <img"));
        assert!(script.contains("Trouble &lt;img src=x"), "{script}");
    }
}

#[test]
fn links_lead_to_pages_of_the_site_or_are_text() {
    let site = built(&pages());
    let first = main(&site, "index.html");
    assert!(
        first.contains("<a href=\"docs/index.html\">Its pages</a>, its sources and its manifest.")
    );
    // A heading is a link itself, so its link stands below.
    let api = main(&site, "docs/pets/index.html");
    assert!(api.contains("href=\"#cats-and-dogs\">Cats and dogs</a></h3>\n<p>→ <a href=\"operations/cats_and_dogs.html\">Cats and dogs</a></p>"), "{api}");
    let group = main(&site, "docs/pets/operations/cats_and_dogs.html");
    assert!(group.contains("<a href=\"../models/pet.html\"><code>Pet</code></a>"));
    assert!(group.contains("<a href=\"../index.html#operations\">Index</a>"));
    assert!(group.contains("<a href=\"../../../index.html\">README</a>"));
    assert!(group.contains("<h2 id=\"adopt_pet\">"));
}

#[test]
fn alternatives_are_sections_that_a_script_makes_tabs_of() {
    let site = built(&pages());
    let group = main(&site, "docs/pets/operations/cats_and_dogs.html");
    assert_eq!(group.matches("<div class=\"tabs\">").count(), 2);
    assert_eq!(group.matches("<div class=\"tab\">").count(), 5);
    assert_eq!(
        group.matches("<div").count(),
        group.matches("</div>").count()
    );
    // A start without headings and one without an end are no tabs.
    assert!(!main(&site, "docs/pets/operations/hostile.html").contains("tabs"));
}

#[test]
fn no_page_asks_another_host_for_anything() {
    let site = built(&pages());
    for asset in site.iter().filter(|asset| asset.path.ends_with(".html")) {
        let page = String::from_utf8_lossy(&asset.bytes);
        for asking in [
            "<script src=\"http",
            "<link rel=\"stylesheet\" href=\"http",
            "<img",
            "<iframe src=\"http",
            "git_repository",
            "rel=\"edit\"",
        ] {
            assert!(!page.contains(asking), "{}: {asking}", asset.path);
        }
        assert!(page.contains("<html lang=\"en\""), "{}", asset.path);
    }
}

#[test]
fn the_index_knows_names_whole_and_in_parts() {
    let index = hashed(&built(&pages()), "searchindex-", ".js");
    assert!(index.contains("docs/pets/operations/cats_and_dogs.html#adopt_pet"));
    assert!(index.contains("docs/pets/models/adoption_request.html#adoptionrequest"));
    assert!(index.contains("Pets » Cats and dogs » adopt_pet"));
}

#[test]
fn equal_pages_make_equal_sites() {
    assert!(built(&pages()) == built(&pages()));
}

#[test]
fn a_book_says_itself_what_is_in_it() {
    let book = folder(&[
        (
            "src/SUMMARY.md",
            "# Summary\n\n[Start](README.md)\n\n# Guide\n\n- [Second](b.md)\n  - [Third](deep/c.md)\n",
        ),
        ("src/README.md", "# Welcome\n\nGo [on](b.md).\n"),
        ("src/b.md", "# B\n\n## Part\n"),
        ("src/deep/c.md", "# C\n\n[back](../b.md#part)\n"),
        ("src/not_listed.md", "# D\n"),
    ]);
    let site = built(book.path());
    let contents = hashed(&site, "toc-", ".js");
    for entry in [
        "index.html\">Start",
        "b.html\">Second",
        "deep/c.html\">Third",
    ] {
        assert!(contents.contains(entry), "no {entry} in {contents}");
    }
    assert!(main(&site, "deep/c.html").contains("<a href=\"../b.html#part\">back</a>"));
    assert!(!site.iter().any(|asset| asset.path == "not_listed.html"));

    put(book.path(), "src/SUMMARY.md", "- [Gone](gone.md)\n");
    let refused = site::build(book.path())
        .expect_err("a page is missing")
        .to_string();
    assert_eq!(refused, "`SUMMARY.md` names `gone.md`, which is not there");
}

#[test]
fn pages_without_a_place_are_refused() {
    let nothing = folder(&[("README.md", "# Nothing\n")]);
    let refused = site::build(nothing.path())
        .expect_err("there are no pages")
        .to_string();
    assert!(
        refused.contains("neither `docs/README.md`, which `specmint generate` writes,"),
        "{refused}"
    );

    let twice = folder(&[("docs/README.md", "# A\n"), ("docs/index.md", "# B\n")]);
    let refused = site::build(twice.path())
        .expect_err("both are docs/index.html")
        .to_string();
    assert_eq!(
        refused,
        "`docs/index.md` and `docs/README.md` would be one page of the site"
    );

    let odd = folder(&[("docs/README.md", "# A\n"), ("docs/it's.md", "# B\n")]);
    let refused = site::build(odd.path())
        .expect_err("a quote in a name")
        .to_string();
    assert!(
        refused.starts_with("`docs/it's.md` cannot be an address"),
        "{refused}"
    );
}

#[test]
fn a_crate_without_a_readme_has_a_first_page_all_the_same() {
    let alone = folder(&[
        ("docs/README.md", "# Pages\n"),
        ("docs/guide.md", "No heading.\n"),
    ]);
    let site = built(alone.path());
    assert!(main(&site, "index.html").contains("<a href=\"docs/index.html\">The pages</a>"));
    assert!(hashed(&site, "toc-", ".js").contains("docs/guide.html\">guide</a>"));
}

#[test]
fn a_folder_holds_the_site_and_what_was_not_of_it_stays() {
    let file = |path: &str, text: &str| Asset {
        path: path.to_owned(),
        bytes: text.into(),
    };
    let desk = folder(&[]);
    let out = desk.path().join("site");
    let kept = write::keep(&out, &[file("a.html", "a"), file("b/c.html", "c")]).expect("it is new");
    assert_eq!((kept.written, kept.unchanged, kept.removed), (2, 0, 0));

    put(&out, "mine.txt", "mine");
    let kept = write::keep(&out, &[file("a.html", "changed")]).expect("it is ours");
    assert_eq!((kept.written, kept.unchanged, kept.removed), (1, 0, 1));
    assert!(!out.join("b").exists());
    assert_eq!(repo::read(&out.join("mine.txt")), "mine");

    let refused = write::keep(&out, &[file("mine.txt", "ours")]).expect_err("it is somebody's");
    assert!(
        refused
            .to_string()
            .contains("mine.txt` was not made by specmint"),
        "{refused}"
    );
    assert_eq!(repo::read(&out.join("mine.txt")), "mine");
    assert_eq!(repo::read(&out.join("a.html")), "changed");
}

#[test]
fn a_folder_of_somebody_else_is_refused() {
    let file = |path: &str| {
        [Asset {
            path: path.to_owned(),
            bytes: vec![0, 159],
        }]
    };
    let theirs = folder(&[("letter.txt", "dear")]);
    let refused = write::keep(theirs.path(), &file("a.html")).expect_err("it holds a letter");
    assert!(
        refused
            .to_string()
            .contains("holds files that specmint did not make"),
        "{refused}"
    );

    let forged = folder(&[(
        ".specmint-site",
        "# @generated by specmint\n../letter.txt\n",
    )]);
    let refused = write::keep(forged.path(), &file("a.html")).expect_err("the list leads out");
    assert!(
        refused.to_string().contains("is no list of specmint's"),
        "{refused}"
    );

    let empty = folder(&[]);
    for path in ["../a.html", "/a.html", "a//b", "a\nb"] {
        write::keep(empty.path(), &file(path)).expect_err("the path is not plain");
    }
    assert!(repo::entries(empty.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let elsewhere = folder(&[]);
    let out = folder(&[(".specmint-site", "# @generated by specmint\nb/a.html\n")]);
    std::os::unix::fs::symlink(elsewhere.path(), out.path().join("b")).expect("links can be made");
    let asset = Asset {
        path: "b/a.html".to_owned(),
        bytes: Vec::new(),
    };
    let refused = write::keep(out.path(), &[asset]).expect_err("a link is on the way");
    assert!(
        refused.to_string().contains("is a symbolic link"),
        "{refused}"
    );
    assert!(repo::entries(elsewhere.path()).is_empty());
}
