//! Whether pages of Markdown hold together: links and anchors, tables, fences, HTML, and ways to each of them.
//!
//! Links within the pages are followed as GitHub follows them. Those into the web are looked at for their form alone:
//! whether a site answers is not for a check that has to say the same tomorrow.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pulldown_cmark::{
    BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd,
};
use specmint::file::MARK;
use specmint::site::Slugs;

/// Where a link into the web may lead.
const SCHEMES: &[&str] = &["https://", "http://", "mailto:"];

/// Words in the head of a fence that make rustdoc take what is in it for Rust.
const RUSTDOC: &[&str] = &[
    "ignore",
    "no_run",
    "should_panic",
    "compile_fail",
    "standalone_crate",
    "test_harness",
];

/// Pages, by their paths below one folder, with `/` between names.
pub type Pages = BTreeMap<String, String>;

/// A page as a reader of it sees it.
#[derive(Default)]
struct Seen {
    anchors: BTreeSet<String>,
    links: Vec<(usize, String)>,
    problems: Vec<(usize, String)>,
}

/// What does not hold of `pages`, as `path:line: what`, in the order of the pages.
///
/// `exists` says whether there is a file or a folder that is no page. Every page must be within reach of the page
/// `first`, if there is one.
pub fn problems(pages: &Pages, exists: &dyn Fn(&str) -> bool, first: Option<&str>) -> Vec<String> {
    let seen: BTreeMap<&str, Seen> = pages
        .iter()
        .map(|(path, text)| (path.as_str(), look(text)))
        .collect();
    let mut problems = Vec::new();
    let mut ways: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (path, page) in &seen {
        let text = &pages[*path];
        let mut found = page.problems.clone();
        for (at, target) in &page.links {
            match follow(path, target, &seen, exists) {
                Ok(Some(next)) => ways.entry(path).or_default().push(next),
                Ok(None) => {}
                Err(problem) => found.push((*at, problem)),
            }
        }
        found.sort();
        for (at, problem) in found {
            let line = text[..at].matches('\n').count() + 1;
            problems.push(format!("{path}:{line}: {problem}"));
        }
    }
    if let Some(first) = first {
        let reached = reached(first, &ways);
        let lost = seen.keys().filter(|path| !reached.contains(*path));
        problems.extend(lost.map(|path| format!("{path}:1: no link of {first} leads here")));
    }
    problems
}

/// All pages to which links lead from `first`.
fn reached<'a>(first: &'a str, ways: &BTreeMap<&'a str, Vec<&'a str>>) -> BTreeSet<&'a str> {
    let (mut reached, mut next) = (BTreeSet::new(), vec![first]);
    while let Some(path) = next.pop() {
        if reached.insert(path) {
            next.extend(ways.get(path).into_iter().flatten());
        }
    }
    reached
}

fn look(text: &str) -> Seen {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    let is_generated = text.lines().next().is_some_and(|line| line.contains(MARK));
    let mut seen = Seen::default();
    let mut undefined = Vec::new();
    let broken = |link: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
            undefined.push((
                link.span.start,
                format!("`[{}]` is not defined", link.reference),
            ));
        }
        None
    };
    let parser = Parser::new_with_broken_link_callback(text, options, Some(broken));
    let (mut slugs, mut heading) = (Slugs::default(), None::<String>);
    let (mut columns, mut in_tabs) = (0, None::<usize>);
    for (event, range) in parser.into_offset_iter() {
        match &event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                seen.anchors
                    .insert(slugs.next(&heading.take().unwrap_or_default()));
            }
            Event::Text(words) | Event::Code(words) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(words);
                }
            }
            Event::Start(Tag::Link {
                dest_url,
                link_type,
                ..
            }) if *link_type != LinkType::Email => {
                seen.links.push((range.start, dest_url.to_string()));
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                seen.links.push((range.start, dest_url.to_string()));
                if is_generated {
                    seen.problems
                        .push((range.start, "holds an image".to_owned()));
                }
            }
            Event::Start(Tag::Table(alignments)) => columns = alignments.len(),
            Event::Start(Tag::TableRow | Tag::TableHead) => {
                row(text, range, columns, &mut seen.problems);
            }
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => {
                html(
                    &text[range.clone()],
                    range.start,
                    is_generated,
                    &mut in_tabs,
                    &mut seen.problems,
                );
            }
            Event::Start(Tag::CodeBlock(kind)) if is_generated => {
                if let Some(problem) = fence(kind) {
                    seen.problems.push((range.start, problem));
                }
            }
            _ => {}
        }
    }
    seen.problems
        .extend(in_tabs.map(|at| (at, "the tabs have no end".to_owned())));
    seen.problems.extend(undefined);
    seen
}

/// A row has as many cells as its head: those that are missing would be filled up, and those too many not shown.
fn row(text: &str, range: Range<usize>, columns: usize, problems: &mut Vec<(usize, String)>) {
    let line = text[range.clone()].trim();
    // Where no border stands before the first cell, one at the end stands before an empty last one.
    let line = match line.strip_prefix('|') {
        Some(inner) => inner
            .strip_suffix('|')
            .filter(|inner| !inner.ends_with('\\'))
            .unwrap_or(inner),
        None => line,
    };
    let bytes = line.as_bytes();
    let borders =
        (0..bytes.len()).filter(|at| bytes[*at] == b'|' && (*at == 0 || bytes[at - 1] != b'\\'));
    let cells = borders.count() + 1;
    if cells != columns {
        problems.push((
            range.start,
            format!("a row has {cells} cells, its head {columns}"),
        ));
    }
}

fn html(
    html: &str,
    at: usize,
    is_generated: bool,
    in_tabs: &mut Option<usize>,
    problems: &mut Vec<(usize, String)>,
) {
    let html = html.trim();
    match html {
        "<!-- tabs -->" if in_tabs.is_none() => *in_tabs = Some(at),
        "<!-- /tabs -->" if in_tabs.is_some() => *in_tabs = None,
        "<!-- tabs -->" | "<!-- /tabs -->" => problems.push((at, "tabs do not nest".to_owned())),
        _ if html.starts_with("<!--") && html.contains(MARK) && at == 0 => {}
        _ if !is_generated && html.starts_with("<!--") && html.ends_with("-->") => {}
        _ => {
            let shown: String = html.chars().take(60).collect();
            problems.push((at, format!("holds HTML: `{shown}`")));
        }
    }
}

/// Whether rustdoc would take a block for Rust that does not say that it is.
fn fence(kind: &CodeBlockKind<'_>) -> Option<String> {
    let CodeBlockKind::Fenced(info) = kind else {
        return Some("a block of code is indented, which rustdoc takes for Rust".to_owned());
    };
    let mut words = info.split([',', ' ', '\t']).filter(|word| !word.is_empty());
    let Some(first) = words.clone().next().map(str::to_owned) else {
        return Some("a fence says no language, so rustdoc takes it for Rust".to_owned());
    };
    let takes = |word: &str| RUSTDOC.contains(&word) || word.starts_with("edition");
    if first != "rust" && words.any(takes) {
        return Some(format!("rustdoc takes the fence `{info}` for Rust"));
    }
    None
}

/// The page that a link leads to, if it leads to one of these.
fn follow<'a>(
    page: &'a str,
    target: &str,
    seen: &BTreeMap<&'a str, Seen>,
    exists: &dyn Fn(&str) -> bool,
) -> Result<Option<&'a str>, String> {
    if let Some(scheme) = SCHEMES.iter().find(|scheme| target.starts_with(**scheme)) {
        let rest = &target[scheme.len()..];
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let is_address = !host.is_empty() && !target.contains(char::is_whitespace);
        return if is_address {
            Ok(None)
        } else {
            Err(format!("`{target}` is no address"))
        };
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    if file.contains(':') || file.starts_with('/') || file.contains('\\') {
        return Err(format!("`{target}` leads out of the pages"));
    }
    let wanted = if file.is_empty() {
        page.to_owned()
    } else {
        joined(page, file).ok_or_else(|| format!("`{target}` leads out of the pages"))?
    };
    let Some((path, found)) = seen.get_key_value(wanted.as_str()) else {
        return if exists(&wanted) {
            Ok(None)
        } else {
            Err(format!("`{target}` is not there"))
        };
    };
    if anchor.is_empty() || found.anchors.contains(anchor) {
        Ok(Some(path))
    } else {
        Err(format!("`{target}`: the page has no such heading"))
    }
}

fn joined(page: &str, relative: &str) -> Option<String> {
    let mut names: Vec<&str> = page.split('/').collect();
    names.pop();
    for name in relative.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                names.pop()?;
            }
            name => names.push(name),
        }
    }
    Some(names.join("/"))
}
