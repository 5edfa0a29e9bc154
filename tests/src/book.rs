//! The book (`generator/book`) and the README: their commands do what they show, their programs compile and
//! run; the book's reference is made of what it refers to. `tests/README.md` says how a page is written so that it is tested.

mod page;
#[cfg(unix)]
mod play;
mod programs;

use std::path::PathBuf;

use specmint::write;

use crate::repo;
use page::Page;

/// The page that shows the documents that all others begin with.
const SHELF: &str = "example.md";

fn folder() -> PathBuf {
    repo::root().join(xtask::book::FOLDER)
}

/// All pages, by their place below the book's `src`.
fn pages() -> Vec<Page> {
    let folder = folder();
    let files = repo::files(&folder);
    let pages = files
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "md"));
    pages.map(|path| Page::read(&folder, path)).collect()
}

fn shelf() -> Page {
    Page::read(&folder(), &folder().join(SHELF))
}

/// The repository's README, which is tested as a page is.
fn readme() -> Page {
    Page::read(&repo::root(), &repo::root().join("README.md"))
}

#[test]
fn the_reference_is_what_the_generator_says() {
    let made = xtask::book::pages(&repo::root()).expect("the examples can be read");
    let changes = write::diff(&folder(), &made).expect("the book can be compared");
    assert!(
        changes.is_empty(),
        "{}",
        write::out_of_date(xtask::book::FOLDER, &changes, xtask::COMMAND)
    );
}

#[test]
fn the_summary_lists_every_page_once() {
    let summary = repo::read(&folder().join("SUMMARY.md"));
    let mut listed: Vec<&str> = summary
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .collect();
    listed.sort_unstable();
    let pages = pages();
    let mut there: Vec<&str> = pages.iter().map(|page| page.name.as_str()).collect();
    there.retain(|name| *name != "SUMMARY.md");
    there.sort_unstable();
    assert_eq!(listed, there);
}

#[cfg(unix)]
#[test]
fn its_commands_do_what_it_shows() {
    let shelf = shelf();
    for page in pages().iter().chain([&readme()]) {
        play::play(page, &shelf);
    }
}

#[test]
fn its_programs_compile_and_run() {
    let mut pages = pages();
    pages.push(readme());
    programs::check(&pages, &shelf());
}
