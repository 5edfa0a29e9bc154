//! Paths: which operation a request is for, and what its path holds.

use super::super::operation::ApiSpec;
use super::super::rules::Input;
use super::spec::{FakeSpec, Shape};

/// Where an operation is: below one of its servers, or at the root.
pub(super) struct Template {
    segments: Vec<String>,
    /// The segment that may be several: a parameter whose slashes are its own.
    wide: Option<usize>,
    /// What stands behind a question mark in the template.
    query: Vec<(String, String)>,
}

/// How closely a template says what a path is: the smaller, the closer.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Distance {
    segments: Vec<u8>,
    query: std::cmp::Reverse<usize>,
}

/// What a path holds, by the names of its template.
pub(super) type Held = Vec<(String, String)>;

impl Template {
    /// Those of an operation: its path as it is, and below the paths of its servers.
    pub(super) fn all(api: &ApiSpec, fake: &FakeSpec) -> Vec<Self> {
        let servers = match fake.spec.servers {
            [] => api.servers,
            own => own,
        };
        let mut bases = vec![""];
        for server in servers {
            let base = server_path(server.url);
            if !bases.contains(&base) {
                bases.push(base);
            }
        }
        bases
            .into_iter()
            .map(|base| Self::new(base, fake))
            .collect()
    }

    fn new(base: &str, fake: &FakeSpec) -> Self {
        let template = fake.spec.path.split('#').next().unwrap_or_default();
        let (path, query) = template.split_once('?').unwrap_or((template, ""));
        let segments: Vec<String> = segments(base).chain(segments(path)).collect();
        let is_wide = |segment: &String| {
            fake.params.iter().any(|param| match param.input {
                Input::Path(name) => {
                    param.shape == Shape::Wide && *segment == format!("{{{name}}}")
                }
                _ => false,
            })
        };
        Self {
            wide: segments.iter().position(is_wide),
            segments,
            query: pairs(query),
        }
    }

    /// What a path holds, if it is one of the template's.
    pub(super) fn read(&self, path: &str, query: &[(String, String)]) -> Option<(Distance, Held)> {
        let mut held = Held::new();
        let mut given: Vec<String> = segments(path).collect();
        if let (Some(wide), Some(more)) = (self.wide, given.len().checked_sub(self.segments.len()))
        {
            let one = given.drain(wide..=wide + more).collect::<Vec<_>>();
            given.insert(wide, one.join("/"));
        }
        let mut given = given.into_iter();
        for segment in &self.segments {
            let text = decode(&given.next()?);
            if !fill(&decode(segment), &text, &mut held) {
                return None;
            }
        }
        let fixed = self.query.iter().filter(|(_, value)| !value.contains('{'));
        if given.next().is_some() || !fixed.clone().all(|pair| query.contains(pair)) {
            return None;
        }
        let distance = |segment: &String| match segment.as_bytes() {
            [b'{', .., b'}'] if segment.matches('{').count() == 1 => 2,
            _ if segment.contains('{') => 1,
            _ => 0,
        };
        let distance = Distance {
            segments: self.segments.iter().map(distance).collect(),
            query: std::cmp::Reverse(fixed.count()),
        };
        Some((distance, held))
    }
}

/// The path of a server's URL, be it absolute or not.
fn server_path(url: &str) -> &str {
    let host = url.split_once("://").map(|(_, host)| host);
    let path = match host.or(url.strip_prefix("//")) {
        Some(host) => host.find('/').map_or("", |slash| &host[slash..]),
        None => url.trim_start_matches("./"),
    };
    path.trim_matches('/')
}

/// The segments of a path; an empty one at its end counts, one at its beginning does not.
fn segments(path: &str) -> impl Iterator<Item = String> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let is_empty = path.is_empty();
    let segments: Vec<String> = path.split('/').map(str::to_owned).collect();
    segments.into_iter().filter(move |_| !is_empty)
}

/// The decoded pairs of a query.
pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    let pairs = super::form::urlencoded(query).into_iter();
    pairs.map(|pair| (pair.name, pair.text)).collect()
}

/// Fills the names of one segment of a template, each with one character at least; the first as far as it can.
fn fill(template: &str, text: &str, held: &mut Held) -> bool {
    let parts = template
        .split_once('{')
        .and_then(|(literal, rest)| Some((literal, rest.split_once('}')?)));
    let Some((literal, (name, rest))) = parts else {
        return template == text;
    };
    let Some(text) = text.strip_prefix(literal) else {
        return false;
    };
    let ends = text.char_indices().map(|(at, char)| at + char.len_utf8());
    let ends: Vec<usize> = ends.collect();
    for end in ends.into_iter().rev() {
        if fill(rest, &text[end..], held) {
            held.push((name.to_owned(), text[..end].to_owned()));
            return true;
        }
    }
    false
}

/// The text without percent-encoding (RFC 3986, section 2.1); what is no encoding stays.
pub(super) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = text.get(at + 1..at + 3).filter(|_| byte == b'%');
        let hex = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(hex.unwrap_or(byte));
        at += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}
