//! Looks whether a template names what its context does not have, also where it would not be noticed: in a condition, and
//! in what is shown for lists that are empty here.

use super::contexts::{Context, ContextKind};
use std::collections::{BTreeMap, BTreeSet};

/// A name that nothing has.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stranger {
    /// The line, from 1.
    pub(super) line: usize,
    /// The name as it is written, with what it is in.
    pub(super) name: String,
    /// The names that are there.
    pub(super) known: Vec<String>,
}

/// Words of expressions that are no names.
const WORDS: [&str; 12] = [
    "and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "loop", "as",
];

/// Tags without names of the context.
const BARE: [&str; 8] = [
    "else",
    "endif",
    "endfor",
    "break",
    "continue",
    "endset",
    "endfilter",
    "endraw",
];

/// Looks through a template. Of those that are made of several (`include`, `block`, `component`) Tera alone knows what
/// their names mean, and says so when they are shown.
pub(super) fn stranger(
    text: &str,
    context: &Context,
    all: &BTreeMap<String, Context>,
) -> Option<Stranger> {
    let tags = tags(text);
    let mut look = Look {
        all,
        context,
        asked: tags.iter().flat_map(|tag| asked(tag.body)).collect(),
        scopes: vec![BTreeMap::new()],
    };
    for tag in tags {
        match look.tag(&tag) {
            Ok(Outcome::Goes) => {}
            Ok(Outcome::Ends) => return None,
            Err((at, name, known)) => {
                let start = tag.body.as_ptr() as usize - text.as_ptr() as usize;
                return Some(Stranger {
                    line: text[..start + at].matches('\n').count() + 1,
                    name,
                    known,
                });
            }
        }
    }
    None
}

/// Whether the look goes on.
enum Outcome {
    Goes,
    Ends,
}

/// Where in a tag an unknown name stands, it, and the known ones.
type Unknown = (usize, String, Vec<String>);

/// What is between the signs of a tag.
struct Tag<'t> {
    kind: TagKind,
    body: &'t str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TagKind {
    /// `{{ … }}`
    Shows,
    /// `{% … %}`
    Does,
}

/// The tags of a template, without comments and what is raw.
fn tags(text: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let after = &rest[at + 1..];
        let (kind, end) = match after.as_bytes().first() {
            Some(b'{') => (Some(TagKind::Shows), "}}"),
            Some(b'%') => (Some(TagKind::Does), "%}"),
            Some(b'#') => (None, "#}"),
            _ => {
                rest = after;
                continue;
            }
        };
        let inside = &after[1..];
        let Some(length) = end_of(inside, end, kind) else {
            return tags;
        };
        rest = &inside[length + end.len()..];
        let Some(kind) = kind else { continue };
        let body = inside[..length].trim_matches('-');
        if kind == TagKind::Does && body.trim() == "raw" {
            rest = rest.find("endraw").map_or("", |end| &rest[end..]);
            continue;
        }
        tags.push(Tag { kind, body });
    }
    tags
}

/// Where a tag ends: signs in quotes do not count.
fn end_of(inside: &str, end: &str, kind: Option<TagKind>) -> Option<usize> {
    let mut quote = None;
    for (at, sign) in inside.char_indices() {
        match quote {
            Some(open) if sign == open => quote = None,
            Some(_) => {}
            None if inside[at..].starts_with(end) => return Some(at),
            None if kind.is_some() && matches!(sign, '"' | '\'' | '`') => quote = Some(sign),
            None => {}
        }
    }
    None
}

/// A word or a sign of an expression, and where it stands.
enum Token<'t> {
    /// Names with points between them.
    Path(usize, Vec<&'t str>),
    /// Anything else.
    Sign(char),
}

fn tokens(body: &str) -> Vec<Token<'_>> {
    let is_first = |sign: char| sign.is_ascii_alphabetic() || sign == '_';
    let is_next = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut at = 0;
    while let Some(sign) = body[at..].chars().next() {
        let rest = &body[at..];
        if is_first(sign) {
            let end = rest.find(|sign| !is_next(sign)).unwrap_or(rest.len());
            let name = &rest[..end];
            let before = body[..at].trim_end_matches('?');
            match tokens.last_mut() {
                Some(Token::Path(_, path)) if before.ends_with('.') => path.push(name),
                // a member of an item, of which nothing is known
                _ if before.ends_with('.') => {}
                _ => tokens.push(Token::Path(at, vec![name])),
            }
            at += end;
        } else if matches!(sign, '"' | '\'' | '`') {
            let end = rest[1..].find(sign).map_or(rest.len(), |end| end + 2);
            tokens.push(Token::Sign('"'));
            at += end;
        } else {
            if !sign.is_whitespace() && sign != '.' && sign != '?' {
                tokens.push(Token::Sign(sign));
            }
            at += sign.len_utf8();
        }
    }
    tokens
}

/// The names of which a tag asks whether they are there.
fn asked(body: &str) -> Vec<String> {
    let tokens = tokens(body);
    let asked = tokens.windows(3).filter_map(|next| match next {
        [
            Token::Path(_, path),
            Token::Path(_, is),
            Token::Path(_, test),
        ] if is[..] == ["is"] && matches!(test[..], ["defined" | "not" | "undefined"]) => {
            Some(path.join("."))
        }
        _ => None,
    });
    asked.collect()
}

/// What names mean where the look is.
struct Look<'a> {
    all: &'a BTreeMap<String, Context>,
    context: &'a Context,
    /// Names of which the template asks whether they are there: they may lack.
    asked: BTreeSet<String>,
    /// The names of loops, and what they hold if that is known.
    scopes: Vec<BTreeMap<String, Option<ContextKind>>>,
}

impl Look<'_> {
    fn tag(&mut self, tag: &Tag<'_>) -> Result<Outcome, Unknown> {
        let tokens = tokens(tag.body);
        let first = match tokens.first() {
            Some(Token::Path(_, path)) if tag.kind == TagKind::Does => path[0],
            _ => {
                self.expression(&tokens)?;
                return Ok(Outcome::Goes);
            }
        };
        match first {
            "for" => self.begin_loop(&tokens[1..])?,
            "endfor" => drop(self.scopes.pop()),
            "if" | "elif" => self.expression(&tokens[1..])?,
            "set" | "set_global" => {
                if let Some(Token::Path(_, name)) = tokens.get(1) {
                    self.expression(tokens.get(2..).unwrap_or_default())?;
                    self.bind(name[0], None);
                }
            }
            bare if BARE.contains(&bare) => {}
            _ => return Ok(Outcome::Ends),
        }
        Ok(Outcome::Goes)
    }

    fn bind(&mut self, name: &str, kind: Option<ContextKind>) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name.to_owned(), kind);
        }
    }

    /// `for name in list`, or `for key, value in map`.
    fn begin_loop(&mut self, tokens: &[Token<'_>]) -> Result<(), Unknown> {
        let is_in = |token: &Token<'_>| matches!(token, Token::Path(_, path) if path[..] == ["in"]);
        let at = tokens.iter().position(is_in).unwrap_or(tokens.len());
        let (names, list) = tokens.split_at(at);
        let list = list.get(1..).unwrap_or_default();
        self.expression(list)?;
        let names: Vec<&str> = names
            .iter()
            .filter_map(|token| match token {
                Token::Path(_, path) => Some(path[0]),
                Token::Sign(_) => None,
            })
            .collect();
        let item = match (list, names.len()) {
            ([Token::Path(at, path)], 1) => match self.kind(*at, path)? {
                Some(ContextKind::Many(name)) => Some(ContextKind::One(name)),
                Some(ContextKind::Texts) => Some(ContextKind::Text),
                _ => None,
            },
            _ => None,
        };
        self.scopes.push(BTreeMap::new());
        for name in names {
            self.bind(name, item.clone());
        }
        Ok(())
    }

    /// Looks at each name of an expression that is one of the context.
    fn expression(&self, tokens: &[Token<'_>]) -> Result<(), Unknown> {
        let sign = |at: Option<usize>| match at.and_then(|at| tokens.get(at)) {
            Some(Token::Sign(sign)) => Some(*sign),
            _ => None,
        };
        let word = |at: Option<usize>| match at.and_then(|at| tokens.get(at)) {
            Some(Token::Path(_, path)) => path[0],
            _ => "",
        };
        for (index, token) in tokens.iter().enumerate() {
            let Token::Path(at, path) = token else {
                continue;
            };
            let (before, after) = (index.checked_sub(1), Some(index + 1));
            let is_called = sign(after) == Some('(');
            let is_filter = sign(before) == Some('|');
            let is_test = word(before) == "is"
                || (word(before) == "not" && word(index.checked_sub(2)) == "is");
            let is_argument = sign(after) == Some('=')
                && sign(Some(index + 2)) != Some('=')
                && sign(before) != Some('=');
            let may_lack = word(after) == "is" && word(Some(index + 2)).contains("defined")
                || word(after) == "is" && word(Some(index + 3)).contains("defined")
                || sign(after) == Some('|') && word(Some(index + 2)) == "default";
            let is_name = !(is_called || is_filter || is_test || is_argument || may_lack)
                && !(path.len() == 1 && WORDS.contains(&path[0]))
                && path[0] != "loop"
                && !path[0].starts_with("__tera");
            if is_name {
                self.kind(*at, path)?;
            }
        }
        Ok(())
    }

    /// What a path leads to; `None` if that is not known.
    fn kind(&self, at: usize, path: &[&str]) -> Result<Option<ContextKind>, Unknown> {
        match self.found(at, path) {
            Err((_, name, _)) if self.asked.contains(&name) => Ok(None),
            found => found,
        }
    }

    fn found(&self, at: usize, path: &[&str]) -> Result<Option<ContextKind>, Unknown> {
        let mut scopes = self.scopes.iter().rev();
        let local = scopes.find_map(|scope| scope.get(path[0]));
        let mut kind = match local {
            Some(None) => return Ok(None),
            Some(Some(kind)) => kind.clone(),
            None => field(self.context, path, 0, at)?,
        };
        for place in 1..path.len() {
            let ContextKind::One(name) = &kind else {
                return Err((at, path[..=place].join("."), Vec::new()));
            };
            let Some(context) = self.all.get(name) else {
                return Ok(None);
            };
            kind = field(context, path, place, at)?;
        }
        Ok(Some(kind))
    }
}

/// What the field of a context holds that a path names.
fn field(
    context: &Context,
    path: &[&str],
    place: usize,
    at: usize,
) -> Result<ContextKind, Unknown> {
    let mut fields = context.fields.iter();
    match fields.find(|field| field.name == path[place]) {
        Some(field) => Ok(field.kind.clone()),
        None => {
            let known = context.fields.iter().map(|field| field.name.clone());
            Err((at, path[..=place].join("."), known.collect()))
        }
    }
}
