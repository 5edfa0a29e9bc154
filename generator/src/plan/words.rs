//! Turns any text into words of an identifier: ASCII letters and digits, cased.
//!
//! Other alphabets are transliterated: an identifier in them would trip rustc's lints on confusable and
//! mixed scripts, and the names of files would depend on how a file system normalises them.

use super::names::Case;
use heck::{
    ToKebabCase, ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase, ToTrainCase, ToUpperCamelCase,
};

/// The longest identifier made of words, in bytes; whole words are left out at the end.
const LONGEST: usize = 80;

/// Words that are one word although their capitals say otherwise: as written, and as `heck` should see it.
const BRANDS: &[(&str, &str)] = &[
    ("OAuth", "Oauth"),
    ("oAuth", "oauth"),
    ("IPv", "Ipv"),
    ("IDs", "Ids"),
    ("URLs", "Urls"),
    ("URIs", "Uris"),
    ("APIs", "Apis"),
];

/// The words of `text` in `case`, joined. Empty if the text has neither letters nor digits.
pub(super) fn cased(text: &str, case: Case) -> String {
    shorten(&whole(text, case), case, LONGEST)
}

/// `text` and `tail` in one, `text` cut so that [`cased`] leaves the beginning of `tail` in the name.
pub(super) fn with_tail(text: &str, tail: &str, case: Case) -> String {
    if tail.is_empty() {
        return text.to_owned();
    }
    let both = format!("{text} {tail}");
    if whole(&both, case).len() <= LONGEST {
        return both;
    }
    let tail = shorten(&whole(tail, case), case, LONGEST / 2);
    let head = shorten(&whole(text, case), case, LONGEST - tail.len() - 1);
    format!("{head} {tail}")
}

/// All words of `text` in `case`, joined.
fn whole(text: &str, case: Case) -> String {
    let plain: String = any_ascii::any_ascii(text).replace('\'', "");
    match case {
        Case::Type | Case::Variant => plain.to_upper_camel_case(),
        Case::Constant => tamed(&plain).to_shouty_snake_case(),
        Case::Field | Case::Method | Case::Argument | Case::Module => tamed(&plain).to_snake_case(),
    }
}

/// `text` with every brand's capitals made plain, where a word of its own follows or nothing.
fn tamed(text: &str) -> String {
    let mut text = text.to_owned();
    if !text.contains(|c: char| c.is_ascii_uppercase()) {
        return text;
    }
    for (brand, tame) in BRANDS {
        if text.contains(brand) {
            text = replace_words(&text, brand, tame);
        }
    }
    text
}

fn replace_words(text: &str, brand: &str, tame: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(brand) {
        let (before, from) = rest.split_at(at);
        let after = &from[brand.len()..];
        out.push_str(before);
        let starts = !out.ends_with(|c: char| c.is_ascii_uppercase());
        let ends = !after.starts_with(|c: char| c.is_ascii_lowercase());
        out.push_str(if starts && ends { tame } else { brand });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Cuts an ASCII name before the last word that goes over `longest` bytes.
fn shorten(name: &str, case: Case, longest: usize) -> String {
    if name.len() <= longest || !name.is_ascii() {
        return name.to_owned();
    }
    let starts_word = |c: char| match case {
        Case::Type | Case::Variant => c.is_uppercase(),
        Case::Constant | Case::Field | Case::Method | Case::Argument | Case::Module => c == '_',
    };
    let end = name[..=longest]
        .rfind(starts_word)
        .filter(|end| *end > 0)
        .unwrap_or(longest);
    name[..end].to_owned()
}

/// How the words of a name are put together, where a document does so alike throughout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spelling {
    /// `pet_store`
    #[default]
    Snake,
    /// `petStore`
    Camel,
    /// `PetStore`
    Pascal,
    /// `pet-store`
    Kebab,
    /// `PET_STORE`
    Shouty,
    /// `Pet-Store`
    Train,
}

impl Spelling {
    /// All of them.
    pub(super) const ALL: [Self; 6] = [
        Self::Snake,
        Self::Camel,
        Self::Pascal,
        Self::Kebab,
        Self::Shouty,
        Self::Train,
    ];

    /// What it is called: by an example of itself.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Snake => "snake_case",
            Self::Camel => "camelCase",
            Self::Pascal => "PascalCase",
            Self::Kebab => "kebab-case",
            Self::Shouty => "SCREAMING_SNAKE_CASE",
            Self::Train => "Train-Case",
        }
    }

    /// The one spelling that `text` is in; `None` if it may be in several, as a single word, or is in none.
    pub(super) fn of(text: &str) -> Option<Self> {
        let has = |is: fn(char) -> bool| text.contains(is);
        let (lower, upper) = (
            has(|c| c.is_ascii_lowercase()),
            has(|c| c.is_ascii_uppercase()),
        );
        let begins_upper = text.starts_with(|c: char| c.is_ascii_uppercase());
        let is_plain = |sign: Option<char>| {
            text.chars()
                .all(|c| c.is_ascii_alphanumeric() || Some(c) == sign)
        };
        match (has(|c| c == '_'), has(|c| c == '-')) {
            (true, false) if is_plain(Some('_')) && !upper => Some(Self::Snake),
            (_, false) if is_plain(Some('_')) && upper && !lower => Some(Self::Shouty),
            (false, true) if is_plain(Some('-')) && !upper => Some(Self::Kebab),
            (false, true) if is_plain(Some('-')) && begins_upper => Some(Self::Train),
            (false, false) if is_plain(None) && upper && lower => Some(match begins_upper {
                true => Self::Pascal,
                false => Self::Camel,
            }),
            _ => None,
        }
    }

    /// Whether `text` is in this spelling what the name `ident` says. There is one such text for each name.
    pub(super) fn is_kept(self, text: &str, ident: &str) -> bool {
        match self {
            Self::Snake => text == ident.to_snake_case(),
            Self::Camel => text == ident.to_lower_camel_case(),
            Self::Pascal => text == ident.to_upper_camel_case(),
            Self::Kebab => text == ident.to_kebab_case(),
            Self::Shouty => text == ident.to_shouty_snake_case(),
            Self::Train => text == ident.to_train_case(),
        }
    }
}

/// What a sign is called where it must be spoken: `+` is `plus`.
fn spoken(sign: char) -> Option<&'static str> {
    Some(match sign {
        '+' => "plus",
        '-' => "minus",
        '_' => "underscore",
        '.' => "dot",
        ',' => "comma",
        ':' => "colon",
        ';' => "semicolon",
        '/' => "slash",
        '\\' => "backslash",
        '|' => "pipe",
        '&' => "and",
        '*' => "star",
        '#' => "hash",
        '$' => "dollar",
        '%' => "percent",
        '@' => "at",
        '!' => "not",
        '?' => "question",
        '=' => "equals",
        '<' => "less",
        '>' => "greater",
        '~' => "tilde",
        '^' => "caret",
        '"' => "quote",
        '\'' => "apostrophe",
        '`' => "backtick",
        '(' => "open",
        ')' => "close",
        '[' => "open_bracket",
        ']' => "close_bracket",
        '{' => "open_brace",
        '}' => "close_brace",
        ' ' => "space",
        _ => return None,
    })
}

/// `text` with every sign spoken.
pub(super) fn spelled(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match spoken(c) {
            Some(word) => {
                out.push(' ');
                out.push_str(word);
                out.push(' ');
            }
            None => out.push(c),
        }
    }
    out
}

/// `text` with the signs before its first letter or digit spoken, if there are any: `-1` is `minus 1`.
pub(super) fn led(text: &str) -> Option<String> {
    let end = text.find(|c: char| spoken(c).is_none())?;
    (end > 0).then(|| format!("{} {}", spelled(&text[..end]), &text[end..]))
}

/// The last segment of a URL's path without its ending: `https://a.b/c/not-found.html` is `not-found`.
pub(super) fn url_tail(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("://")?;
    let path = rest.split(['?', '#']).next()?.trim_end_matches('/');
    let (_, last) = path.rsplit_once('/')?;
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    stem.contains(|c: char| c.is_alphabetic()).then_some(stem)
}

/// How `text` is written, in words: the signs in it, or its capitals. Tells `pet-store` from `pet_store`.
pub(super) fn spelling(text: &str) -> String {
    let signs: String = text.chars().filter(|c| spoken(*c).is_some()).collect();
    let mut words = spelled(&signs);
    let lower = text.chars().any(char::is_lowercase);
    let upper = text.chars().any(char::is_uppercase);
    match (lower, upper) {
        (true, false) if signs.is_empty() => words.push_str("lower"),
        (false, true) => words.push_str(" upper"),
        _ => {}
    }
    words
}
