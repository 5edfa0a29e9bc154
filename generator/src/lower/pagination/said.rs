//! `x-specmint-pagination`: how pages follow one another, said by the document or an overlay.

use serde_json::{Map, Value};

use super::{Reached, has_query, items_at, kind_of, page_of, reach};
use crate::diag::Code;
use crate::lower::Lower;
use crate::model::{
    Body, Kind, NextPage, Operation, PageInput, PageItems, PagePlace, Pagination, Type,
};

/// The name of the extension.
pub(super) const NAME: &str = "x-specmint-pagination";

/// The members that go with each way, beside `by`; those with a mark are needed.
#[rustfmt::skip]
const WAYS: [(&str, &[&str]); 5] = [
    ("link",   &["items", "more"]),
    ("url",    &["at!", "items", "more"]),
    ("cursor", &["at!", "param!", "items", "more"]),
    ("offset", &["param!", "items!", "more", "total"]),
    ("page",   &["param!", "items", "more", "first", "pages"]),
];

/// A member, and what is wrong with it.
type Fault = (String, String);

/// Reads the extension, and reports what is wrong with it: then the operation has no pages.
pub(super) fn settled(
    cx: &mut Lower<'_>,
    operation: &Operation,
    said: &Value,
) -> Option<Pagination> {
    let at = operation.at.push(NAME);
    let diags = &mut *cx.schemas.diags;
    let Value::Object(members) = said else {
        if *said != Value::Bool(false) {
            let message = "it is `false`, or an object that says how the next page is asked for";
            diags.report(Code::InvalidPagination, &at, message);
        }
        return None;
    };
    let said = Said {
        types: &cx.schemas.types,
        operation,
        members,
    };
    match said.read() {
        Ok(pagination) => Some(pagination),
        Err(faults) => {
            for (member, message) in faults {
                let at = match members.contains_key(&member) {
                    true => at.push(&member),
                    false => at.clone(),
                };
                diags.report(Code::InvalidPagination, &at, message);
            }
            None
        }
    }
}

/// The extension beside what it speaks of.
struct Said<'a> {
    types: &'a [Type],
    operation: &'a Operation,
    members: &'a Map<String, Value>,
}

impl Said<'_> {
    fn read(&self) -> Result<Pagination, Vec<Fault>> {
        let by = self.members.get("by").and_then(Value::as_str);
        let way = WAYS.iter().find(|(name, _)| Some(*name) == by);
        let Some((by, goes_with)) = way else {
            return Err(vec![fault(
                "by",
                "must be `link`, `url`, `cursor`, `offset` or `page`",
            )]);
        };
        let mut faults = self.misplaced(by, goes_with);
        let mut note = |result: Result<(), Fault>| faults.extend(result.err());
        let items = keep(self.items(), &mut note);
        let more = keep(self.answer("more", is_flag, "a flag"), &mut note);
        let total = keep(self.answer("total", is_number, "a number"), &mut note);
        let pages = keep(self.answer("pages", is_number, "a number"), &mut note);
        let first = keep(self.first(), &mut note);
        let from = keep(self.place(items.as_ref()), &mut note);
        let to = keep(self.input(), &mut note);
        let ends = items.is_some() || more.is_some() || pages.is_some();
        if *by == "page" && faults.is_empty() && !ends {
            faults.push(fault(
                "by",
                "needs `items`, `more` or `pages`: nothing else says which page is the last",
            ));
        }
        let next = match (*by, from, to) {
            ("link", ..) => Some(NextPage::Link),
            ("url", Some(from), _) => Some(NextPage::Url(from)),
            ("cursor", Some(from), Some(to)) => Some(NextPage::Cursor(from, to)),
            ("offset", _, Some(to)) => Some(NextPage::Offset(to, total)),
            ("page", _, Some(to)) => Some(NextPage::Number(to, first.unwrap_or(1), pages)),
            _ => None,
        };
        match next {
            Some(next) if faults.is_empty() => Ok(Pagination { items, next, more }),
            _ => Err(faults),
        }
    }

    /// Members that mean nothing here, and those that are missing.
    fn misplaced(&self, by: &str, goes_with: &[&str]) -> Vec<Fault> {
        let plain = |member: &&str| member.trim_end_matches('!').to_owned();
        let known: Vec<String> = goes_with.iter().map(plain).collect();
        let unknown = self
            .members
            .keys()
            .filter(|key| *key != "by" && !known.contains(key));
        let unknown = unknown.map(|key| {
            let message = format!(
                "has no meaning with `by: {by}`, which takes {}",
                known.join(", ")
            );
            fault(key, &message)
        });
        let needed = goes_with
            .iter()
            .filter_map(|member| member.strip_suffix('!'));
        let missing = needed.filter(|member| !self.members.contains_key(*member));
        let missing =
            missing.map(|member| fault(member, &format!("is missing, which `by: {by}` needs")));
        unknown.chain(missing).collect()
    }

    fn items(&self) -> Result<Option<PageItems>, Fault> {
        let Some(path) = self.pointer("items")? else {
            return Ok(None);
        };
        let items = items_at(self.types, self.operation, path);
        items
            .map(Some)
            .map_err(|why| fault("items", &format!("leads to something {why}")))
    }

    /// The names that lead to something in a page.
    fn answer(
        &self,
        member: &str,
        fits: fn(&Kind) -> bool,
        what: &str,
    ) -> Result<Option<Vec<String>>, Fault> {
        let Some(path) = self.pointer(member)? else {
            return Ok(None);
        };
        match self.in_page(&path) {
            Some(Some(kind)) if !fits(kind) => Err(fault(
                member,
                &format!("leads to something that is not {what}"),
            )),
            Some(_) => Ok(Some(path)),
            None => Err(nowhere(member)),
        }
    }

    /// What a page has at the end of a path, if it has it, and if that is known.
    fn in_page(&self, path: &[String]) -> Option<Option<&Kind>> {
        match reach(self.types, page_of(self.operation), path) {
            Reached::Nothing => None,
            Reached::Unsaid => Some(None),
            Reached::Schema(schema) => Some(kind_of(self.types, schema)),
        }
    }

    fn first(&self) -> Result<Option<u64>, Fault> {
        let first = self.members.get("first");
        first
            .map(|first| {
                first
                    .as_u64()
                    .ok_or_else(|| fault("first", "must be a whole number"))
            })
            .transpose()
    }

    /// Where a page has what the next is asked for with.
    fn place(&self, items: Option<&PageItems>) -> Result<Option<PagePlace>, Fault> {
        let Some(value) = self.members.get("at") else {
            return Ok(None);
        };
        let text = value.as_str().unwrap_or_default();
        if let Some(name) = text.strip_prefix("header:") {
            let name = name.trim();
            return match name.is_empty() {
                true => Err(fault("at", PLACE)),
                false => Ok(Some(PagePlace::Header(name.to_owned()))),
            };
        }
        if let Some(path) = text.strip_prefix("item:") {
            let path = pointer(path).ok_or_else(|| fault("at", PLACE))?;
            let Some(items) = items else {
                return Err(fault(
                    "at",
                    "speaks of the last item, and `items` does not say where items are",
                ));
            };
            return match reach(self.types, Some(&items.schema), &path) {
                Reached::Nothing => Err(nowhere("at")),
                _ => Ok(Some(PagePlace::LastItem(path))),
            };
        }
        let path = pointer(text).filter(|path| !path.is_empty());
        let path = path.ok_or_else(|| fault("at", PLACE))?;
        match self.in_page(&path) {
            Some(Some(Kind::List(_) | Kind::Bool)) => Err(fault(
                "at",
                "leads to something that cannot say where to go on",
            )),
            Some(_) => Ok(Some(PagePlace::Body(path))),
            None => Err(nowhere("at")),
        }
    }

    /// Where the next call takes it.
    fn input(&self) -> Result<Option<PageInput>, Fault> {
        let Some(value) = self.members.get("param") else {
            return Ok(None);
        };
        let wanted = "must be the name of a query parameter, or a JSON pointer into the body (`/page/after`)";
        let text = value.as_str().filter(|text| !text.is_empty());
        let text = text.ok_or_else(|| fault("param", wanted))?;
        if !text.starts_with('/') {
            return match has_query(self.operation, text) {
                true => Ok(Some(PageInput::Query(text.to_owned()))),
                false => Err(fault("param", "names no query parameter of the operation")),
            };
        }
        let path = pointer(text).ok_or_else(|| fault("param", wanted))?;
        let json = |body: &Body| {
            let mut content = body.content.iter();
            let media = content.find(|media| super::is_json(&media.media_type))?;
            let reached = reach(self.types, media.schema.as_ref(), &path);
            (!matches!(reached, Reached::Nothing)).then_some(())
        };
        match self.operation.body.as_ref().and_then(json) {
            Some(()) => Ok(Some(PageInput::Body(path))),
            None => Err(fault("param", "leads to nothing that the body has as JSON")),
        }
    }

    fn pointer(&self, member: &str) -> Result<Option<Vec<String>>, Fault> {
        let Some(value) = self.members.get(member) else {
            return Ok(None);
        };
        let path = value.as_str().and_then(pointer);
        let path = path.ok_or_else(|| {
            fault(member, "must be a JSON pointer into the body (`/data/list`); an empty text is the whole body")
        })?;
        Ok(Some(path))
    }
}

const PLACE: &str = "must be a JSON pointer into the body (`/next`), `header:NAME`, or `item:` and a pointer into the last item";

/// Takes what is right, and notes what is not.
fn keep<T>(read: Result<Option<T>, Fault>, note: &mut impl FnMut(Result<(), Fault>)) -> Option<T> {
    match read {
        Ok(value) => value,
        Err(fault) => {
            note(Err(fault));
            None
        }
    }
}

fn fault(member: &str, message: &str) -> Fault {
    (member.to_owned(), format!("`{member}` {message}"))
}

fn nowhere(member: &str) -> Fault {
    fault(
        member,
        "leads to something which no page has, by what the document says",
    )
}

fn is_flag(kind: &Kind) -> bool {
    matches!(kind, Kind::Bool | Kind::Any)
}

fn is_number(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Integer(_) | Kind::Number(_) | Kind::String(_) | Kind::Any
    )
}

/// The tokens of a JSON pointer (RFC 6901).
pub(super) fn pointer(text: &str) -> Option<Vec<String>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    let tokens = text.strip_prefix('/')?.split('/');
    let plain = |token: &str| token.replace("~1", "/").replace("~0", "~");
    Some(tokens.map(plain).collect())
}
