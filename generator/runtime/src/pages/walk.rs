//! What is asked after a page.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::convert::Infallible;
use std::hash::BuildHasher as _;

use http::HeaderMap;

use super::super::Body;
use super::super::call::{Call, Payload};
use super::super::error::{BuildError, BuildErrorKind};
use super::super::json::find::{self, Extent};
use super::super::json::{edit, write_text};
use super::super::node::Node;
use super::super::request::url_of;
use super::super::{DecodeError, Error};
use super::link::{follow, next_of};
use super::{NextPage, PageInput, PagePlace, Paging};

/// A way through pages: what is asked next, and what was there already.
pub(super) struct Walk {
    pub(super) paging: &'static Paging,
    next: Next,
    /// Hashes of the links and cursors that were followed, and of the page before.
    seen: HashSet<u64>,
    before: Option<u64>,
    hasher: RandomState,
}

/// What is asked next.
enum Next {
    Ask(Call),
    Refuse(BuildError),
    End,
}

/// What a page says of the next.
enum Sight {
    Last,
    Next(Call),
}

impl Walk {
    /// Begins with a page.
    pub(super) fn new(call: Call, paging: &'static Paging) -> Self {
        let mut walk = Self {
            paging,
            next: Next::End,
            seen: HashSet::new(),
            before: None,
            hasher: RandomState::new(),
        };
        let first = match &paging.next {
            NextPage::Link | NextPage::Url(_) => url_of(&call.0).ok().map(|url| url.to_string()),
            NextPage::Cursor { to, .. } => given(&call, to),
            NextPage::Offset { .. } | NextPage::Number { .. } => None,
        };
        if let Some(first) = first {
            walk.see(&first);
        }
        walk.next = Next::Ask(call);
        walk
    }

    /// The call that brings the next page, and the same call to go on from; `None` at the end.
    pub(super) fn ask(&mut self) -> Option<Result<(Call, Call), Error<Infallible>>> {
        match std::mem::replace(&mut self.next, Next::End) {
            Next::Ask(call) => {
                let mut copy = call.again(call.0.spec);
                copy.copy_input(&call);
                Some(Ok((call, copy)))
            }
            Next::Refuse(error) => Some(Err(error.into())),
            Next::End => None,
        }
    }

    /// Asks for no other page.
    #[cfg(feature = "blocking")]
    pub(super) fn end(&mut self) {
        self.next = Next::End;
    }

    /// Looks at a page that `call` would bring again. Says whether it is one: the same page again is none.
    ///
    /// Nothing follows a page that cannot be read, or that is an error.
    pub(super) fn learn(&mut self, call: Call, page: &http::Response<Body>) -> bool {
        if !page.status().is_success() {
            return true;
        }
        let body = page.body().as_bytes();
        if let NextPage::Offset { .. } | NextPage::Number { .. } = self.paging.next {
            let hash = self.hasher.hash_one(body);
            if self.before.replace(hash) == Some(hash) {
                return false;
            }
        }
        match self.look(call, page.headers(), body) {
            Ok(Sight::Next(call)) => self.next = Next::Ask(call),
            Ok(Sight::Last) => {}
            Err(error) => self.next = Next::Refuse(error),
        }
        true
    }

    fn look(
        &mut self,
        mut call: Call,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Sight, BuildError> {
        let flag = self
            .paging
            .more
            .map(|path| scalar(body, path))
            .transpose()?;
        if flag.flatten().is_some_and(|flag| flag == "false") {
            return Ok(Sight::Last);
        }
        match &self.paging.next {
            NextPage::Link => self.by_link(call, next_of(headers)),
            NextPage::Url(place) => {
                let link = self.read(place, headers, body)?;
                self.by_link(call, link.as_deref().and_then(text_of))
            }
            NextPage::Cursor { from, to } => {
                let Some(cursor) = self.read(from, headers, body)? else {
                    return Ok(Sight::Last);
                };
                // The number 0 leads back to the beginning, which is how some say that there is no more. An item's may
                // be 0 all the same.
                if cursor == b"0" && !matches!(from, PagePlace::LastItem(_)) {
                    return Ok(Sight::Last);
                }
                let Some(text) = text_of(&cursor).filter(|text| self.see(text)) else {
                    return Ok(Sight::Last);
                };
                give(&mut call, to, &text, &cursor)?;
                Ok(Sight::Next(call))
            }
            NextPage::Offset { to, total } => {
                let count = self.extent(body)?.unwrap_or_default().count;
                let offset = number(given(&call, to).as_deref(), 0).saturating_add(count);
                let total = total.map(|path| scalar(body, path)).transpose()?.flatten();
                let is_last = total.is_some_and(|total| offset >= number(Some(&total), u64::MAX));
                self.by_number(call, to, offset, count == 0 || is_last)
            }
            NextPage::Number { to, first, pages } => {
                let number_of_page = number(given(&call, to).as_deref(), *first);
                let next = number_of_page.saturating_add(1);
                let pages = pages.map(|path| scalar(body, path)).transpose()?.flatten();
                let pages = pages.map(|pages| number(Some(&pages), u64::MAX));
                let is_past = pages.is_some_and(|pages| next >= first.saturating_add(pages));
                let is_empty = self.extent(body)?.is_some_and(|extent| extent.count == 0);
                self.by_number(call, to, next, is_empty || is_past)
            }
        }
    }

    fn by_link(&mut self, mut call: Call, link: Option<String>) -> Result<Sight, BuildError> {
        let Some(link) = link.filter(|link| !link.trim().is_empty()) else {
            return Ok(Sight::Last);
        };
        let next = follow(&url_of(&call.0)?, &link)?;
        if !self.see(&next.to_string()) {
            return Ok(Sight::Last);
        }
        call.0.page = Some(next);
        Ok(Sight::Next(call))
    }

    fn by_number(
        &self,
        mut call: Call,
        to: &PageInput,
        number: u64,
        is_last: bool,
    ) -> Result<Sight, BuildError> {
        if is_last {
            return Ok(Sight::Last);
        }
        let text = number.to_string();
        give(&mut call, to, &text, text.as_bytes())?;
        Ok(Sight::Next(call))
    }

    /// Takes a link or a cursor down; says whether it is new.
    fn see(&mut self, text: &str) -> bool {
        self.seen.insert(self.hasher.hash_one(text))
    }

    /// How many items a page has, and the last; `None` if nobody knows where they are.
    fn extent<'b>(&self, body: &'b [u8]) -> Result<Option<Extent<'b>>, BuildError> {
        let Some(path) = self.paging.items else {
            return Ok(None);
        };
        match find::find(body, path).map_err(unreadable)? {
            Some(list) => find::extent(list).map(Some).map_err(unreadable),
            None => Ok(Some(Extent::default())),
        }
    }

    /// The JSON at a place of a page.
    fn read(
        &self,
        place: &PagePlace,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Option<Vec<u8>>, BuildError> {
        let found = match place {
            PagePlace::Header(name) => {
                let value = headers.get(*name).and_then(|value| value.to_str().ok());
                return Ok(value.map(|value| {
                    let mut json = Vec::with_capacity(value.len() + 2);
                    write_text(value, &mut json);
                    json
                }));
            }
            PagePlace::Body(path) => find::find(body, path),
            PagePlace::LastItem(path) => match self.extent(body)?.unwrap_or_default().last {
                Some(last) => find::find(last, path),
                None => return Ok(None),
            },
        };
        Ok(found.map_err(unreadable)?.map(<[u8]>::to_vec))
    }
}

/// The text of a value that says where to go on; `None` for `null`, `false` and an empty text.
fn text_of(json: &[u8]) -> Option<String> {
    let node = Node::parse(json)?;
    let text = node.text()?.into_owned();
    let is_none = text.is_empty() || json == b"false";
    (!is_none).then_some(text)
}

/// The text of a number or a flag in a page.
fn scalar(body: &[u8], path: &[&'static str]) -> Result<Option<String>, BuildError> {
    let found = find::find(body, path).map_err(unreadable)?;
    let node = found.and_then(Node::parse);
    Ok(node.and_then(|node| Some(node.text()?.into_owned())))
}

fn number(text: Option<&str>, otherwise: u64) -> u64 {
    text.and_then(|text| text.trim().parse().ok())
        .unwrap_or(otherwise)
}

/// What a call has at a place.
fn given(call: &Call, input: &PageInput) -> Option<String> {
    match input {
        PageInput::Query(name) => {
            let (_, pair) = call.0.query.iter().find(|(known, _)| known == name)?;
            let (_, value) = pair.split_once('=')?;
            decoded(value)
        }
        PageInput::Body(path) => {
            let Payload::Json(json) = &call.0.body else {
                return None;
            };
            text_of(&edit::get(json, path)?)
        }
    }
}

/// Puts a value into a call: as a text into the query, and as it is spelled into the body.
fn give(call: &mut Call, input: &PageInput, text: &str, json: &[u8]) -> Result<(), BuildError> {
    match input {
        PageInput::Query(name) => call.query_text(name, text),
        PageInput::Body(path) => {
            let body = match &call.0.body {
                Payload::Json(json) => json.clone(),
                _ => bytes::Bytes::from_static(b"{}"),
            };
            let body = edit::set(&body, path, Some(json)).ok_or_else(|| {
                refused("the body of the call has no place for what asks for the next page")
            })?;
            call.0.body = Payload::Json(bytes::Bytes::from_owner(body));
        }
    }
    Ok(())
}

/// A percent-encoded text.
fn decoded(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let pair = bytes.get(at + 1..at + 3).filter(|_| byte == b'%');
        let pair = pair.and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).ok()
}

fn unreadable(_: DecodeError) -> BuildError {
    refused(
        "what asks for the next page is not where the API's description says: the page is of another form",
    )
}

fn refused(message: &str) -> BuildError {
    BuildError::new(BuildErrorKind::NextPage, message)
}
