//! Links of pages as links of the site.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use super::{Edit, github};
use crate::site::contents::Places;

/// Where links may lead, beside the site.
const SCHEMES: &[&str] = &["http:", "https:", "mailto:"];

/// A link or an image whose end is not reached yet.
struct Open {
    is_image: bool,
    kind: LinkType,
    range: Range<usize>,
    target: String,
    /// What stands between the brackets.
    inner: Option<Range<usize>>,
}

/// Where a link leads from a page of the site.
enum Target {
    /// Where it says.
    Same,
    /// To another page, or to a place in this one.
    Page(String),
    /// To nowhere that the site has.
    Nowhere,
}

/// Whether the site may have a link there.
pub(super) fn is_safe(target: &str) -> bool {
    has_known_scheme(target) || !has_scheme(target)
}

fn has_known_scheme(target: &str) -> bool {
    let lower = target.trim_start().to_ascii_lowercase();
    SCHEMES.iter().any(|scheme| lower.starts_with(scheme))
}

/// Whether it names a scheme, or a host without one.
fn has_scheme(target: &str) -> bool {
    let head = target.split(['/', '?', '#']).next().unwrap_or_default();
    head.contains(':') || target.starts_with("//") || target.contains('\\')
}

/// What becomes of each link and each image of the page at `path`.
pub(super) fn edits(source: &str, path: &str, places: &Places) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut heading: Option<Vec<String>> = None;
    for (event, range) in Parser::new_ext(source, github()).into_offset_iter() {
        if !matches!(event, Event::End(_)) {
            for outer in &mut open {
                let inner = outer.inner.get_or_insert_with(|| range.clone());
                inner.start = inner.start.min(range.start);
                inner.end = inner.end.max(range.end);
            }
        }
        match event {
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                ..
            }) => open.push(Open {
                is_image: false,
                kind: link_type,
                range,
                target: dest_url.into_string(),
                inner: None,
            }),
            Event::Start(Tag::Image {
                link_type,
                dest_url,
                ..
            }) => open.push(Open {
                is_image: true,
                kind: link_type,
                range,
                target: dest_url.into_string(),
                inner: None,
            }),
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if let Some(link) = open.pop() {
                    let is_inside = !open.is_empty();
                    let new = rewritten(source, &link, is_inside, path, places);
                    match &mut heading {
                        Some(links) if !link.is_image && !is_inside => {
                            links.push(taken_out(source, &link, new, &mut edits));
                        }
                        _ => edits.extend(new),
                    }
                }
            }
            Event::Start(Tag::Heading { .. }) => heading = Some(Vec::new()),
            Event::End(TagEnd::Heading(_)) => {
                let mut links = heading.take().unwrap_or_default();
                links.retain(|link| !link.is_empty());
                if !links.is_empty() {
                    let line = format!("\n\n→ {}\n\n", links.join(" · "));
                    edits.push(Edit::new(range.end..range.end, line));
                }
            }
            _ => {}
        }
    }
    edits
}

/// A link of a heading, to be shown below it: mdBook makes a link of each heading, and links do not nest.
///
/// What stays of it in the heading is its text. Returns the link, or nothing if it leads to nowhere.
fn taken_out(source: &str, link: &Open, new: Vec<Edit>, edits: &mut Vec<Edit>) -> String {
    let (Some(inner), LinkType::Inline) = (&link.inner, link.kind) else {
        edits.extend(new);
        return String::new();
    };
    let target = match new.as_slice() {
        // It stays as it is.
        [] => format!("](<{}>)", addressed(&link.target)),
        [.., after] => after.text.clone(),
    };
    let close = source[inner.end..link.range.end].find(']').unwrap_or(0);
    let text = &source[link.range.start + 1..inner.end + close];
    edits.push(Edit::new(link.range.start..link.range.start + 1, ""));
    edits.push(Edit::new(inner.end + close..link.range.end, ""));
    if target.is_empty() {
        String::new()
    } else {
        format!("[{text}{target}")
    }
}

fn rewritten(source: &str, link: &Open, is_inside: bool, path: &str, places: &Places) -> Vec<Edit> {
    if matches!(link.kind, LinkType::Autolink | LinkType::Email) {
        let is_kept = link.kind == LinkType::Email || has_known_scheme(&link.target);
        let text = source[link.range.clone()].replace('<', "&lt;");
        return if is_kept {
            Vec::new()
        } else {
            vec![Edit::new(link.range.clone(), text)]
        };
    }
    let target = match target(&link.target, path, places) {
        // An image of another host would be fetched from there: it becomes a link.
        Target::Same if link.is_image && is_inside => Target::Nowhere,
        Target::Page(_) if link.is_image => Target::Nowhere,
        target => target,
    };
    let Some(inner) = &link.inner else {
        let text = match (&target, link.is_image) {
            (Target::Same, true) => format!("[image](<{}>)", addressed(&link.target)),
            _ => String::new(),
        };
        return vec![Edit::new(link.range.clone(), text)];
    };
    // Escapes are no part of what events say of their places, so brackets are looked for.
    let bracket = if link.is_image { 2 } else { 1 };
    let close = source[inner.end..link.range.end].find(']').unwrap_or(0);
    let before = link.range.start..link.range.start + bracket;
    let after = inner.end + close..link.range.end;
    match target {
        Target::Nowhere => vec![Edit::new(before, ""), Edit::new(after, "")],
        Target::Same if !link.is_image && matches!(link.kind, LinkType::Inline) => Vec::new(),
        Target::Same => linked(before, after, &link.target),
        Target::Page(place) => linked(before, after, &place),
    }
}

fn linked(before: Range<usize>, after: Range<usize>, target: &str) -> Vec<Edit> {
    vec![
        Edit::new(before, "["),
        Edit::new(after, format!("](<{}>)", addressed(target))),
    ]
}

/// The address between `<` and `>` of Markdown.
fn addressed(target: &str) -> String {
    let mut text = String::with_capacity(target.len());
    for c in target.chars() {
        match c {
            '<' => text.push_str("%3C"),
            '>' => text.push_str("%3E"),
            '\\' => text.push_str("%5C"),
            '&' => text.push_str("&amp;"),
            c if c.is_control() => {}
            c => text.push(c),
        }
    }
    text
}

fn target(target: &str, path: &str, places: &Places) -> Target {
    if has_known_scheme(target) {
        return Target::Same;
    }
    if has_scheme(target) || target.starts_with('/') {
        return Target::Nowhere;
    }
    let (file, anchor) = match target.split_once('#') {
        Some((file, anchor)) => (file, format!("#{anchor}")),
        None => (target, String::new()),
    };
    let file = file.split('?').next().unwrap_or_default();
    if file.is_empty() {
        return Target::Page(anchor);
    }
    let Some(wanted) = joined(path, &decoded(file)) else {
        return Target::Nowhere;
    };
    let readme = format!("{}/README.md", wanted.trim_end_matches('/'));
    let readme = readme.trim_start_matches('/');
    let place = places.get(&wanted).or_else(|| places.get(readme));
    match (place, places.get(path)) {
        (Some(place), Some(here)) => Target::Page(format!("{}{anchor}", relative(here, place))),
        _ => Target::Nowhere,
    }
}

/// A path below the folder of pages, from a page and a path that is relative to it.
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

/// The way from one page of the site to another.
fn relative(here: &str, there: &str) -> String {
    let (from, to): (Vec<&str>, Vec<&str>) =
        (here.split('/').collect(), there.split('/').collect());
    let most = from.len().min(to.len()) - 1;
    let shared = (0..most).take_while(|at| from[*at] == to[*at]).count();
    let mut names = vec![".."; from.len() - 1 - shared];
    names.extend(&to[shared..]);
    names.join("/").replace(' ', "%20")
}

/// Without percent signs: `a%20b` is `a b`. What is no UTF-8 then stays as it is.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}
