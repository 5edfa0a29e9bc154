//! The index for the search: what is found, by which words, and what the results show.
//!
//! mdBook's own index knows words between spaces alone, shows headings as HTML, and grows to five times the text. This
//! one is for the same script: whole words (`post_token`, `/users/{id}`) and their parts, headings as text, and of each
//! part of a page so much that the index of a large API can still be loaded.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use elasticlunr::IndexBuilder;
use elasticlunr::config::{SearchBool, SearchOptions, SearchOptionsField};
use serde::Serialize;

use super::Draft;
use super::contents::{Entry, Places, refused};
use crate::file::Asset;

/// Up to how many sections the whole text of each is in the index.
const FEW: usize = 2_000;
/// How much of a section is in the index, in characters, of few and of many sections.
const TEXT_OF_FEW: usize = 4_000;
const TEXT_OF_MANY: usize = 160;
/// The longest word of the index, in bytes, as in mdBook's own.
const LONGEST_WORD: usize = 80;

#[derive(Serialize)]
struct Results {
    limit_results: u32,
    teaser_word_count: u32,
}

/// Puts the index where mdBook left an empty one.
pub(super) fn install(draft: &Draft, places: &Places, assets: &mut [Asset]) -> io::Result<()> {
    let text = index(draft, places);
    let is_index =
        |asset: &&mut Asset| asset.path.starts_with("searchindex") && asset.path.ends_with(".js");
    let Some(asset) = assets.iter_mut().find(is_index) else {
        return Err(refused("mdBook has made no index".to_owned()));
    };
    // The name holds a hash, so that no old index is taken from a cache.
    let old = asset.path.clone();
    let new = format!("searchindex-{:016x}.js", hash(text.as_bytes()));
    asset.path.clone_from(&new);
    asset.bytes = text.into_bytes();
    for page in assets
        .iter_mut()
        .filter(|asset| asset.path.ends_with(".html"))
    {
        let text = std::str::from_utf8(&page.bytes).unwrap_or_default();
        let named = text.replace(&format!("\"{old}\""), &format!("\"{new}\""));
        page.bytes = named.into_bytes();
    }
    Ok(())
}

/// FNV-1a, 64 bits: enough to tell one index from another.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The script that the search loads.
fn index(draft: &Draft, places: &Places) -> String {
    let count: usize = draft.pages.values().map(|page| page.sections.len()).sum();
    let most = if count > FEW {
        TEXT_OF_MANY
    } else {
        TEXT_OF_FEW
    };
    let mut index = IndexBuilder::new()
        .add_field_with_tokenizer("title", Box::new(words))
        .add_field_with_tokenizer("body", Box::new(words))
        // For results alone: what is above a page is found as that.
        .add_field_with_tokenizer("breadcrumbs", Box::new(|_| Vec::new()))
        .build();
    let mut places_of = Vec::new();
    each(&draft.entries, &mut Vec::new(), &mut |entry, above| {
        let Some(path) = &entry.path else { return };
        let (Some(page), Some(place)) = (draft.pages.get(path), places.get(path)) else {
            return;
        };
        for section in &page.sections {
            let mut trail = above.join(" » ");
            if !section.heading.is_empty() && section.heading != entry.name {
                let _ = write!(trail, " » {}", section.heading);
            }
            let text: String = section.text.chars().take(most).collect();
            let number = places_of.len().to_string();
            index.add_doc(&number, [&section.heading, &text, &escaped(&trail)]);
            places_of.push(format!("{place}#{}", section.anchor));
        }
    });
    script(&places_of, &index.to_json())
}

fn script(places: &[String], index: &str) -> String {
    let boost = |boost| SearchOptionsField {
        boost: Some(boost),
        ..SearchOptionsField::default()
    };
    let options = SearchOptions {
        bool: SearchBool::And,
        expand: true,
        fields: BTreeMap::from([
            ("title".to_owned(), boost(4)),
            ("body".to_owned(), boost(1)),
        ]),
    };
    let results = Results {
        limit_results: 30,
        teaser_word_count: 30,
    };
    let json = format!(
        "{{\"doc_urls\":{},\"index\":{index},\"results_options\":{},\"search_options\":{}}}",
        json(&places),
        json(&results),
        json(&options)
    );
    let quoted = json.replace('\\', "\\\\").replace('\'', "\\'");
    format!("window.search = Object.assign(window.search, JSON.parse('{quoted}'));")
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("texts and numbers can be written as JSON")
}

/// Shows each entry, with the names of those above it and its own.
fn each(entries: &[Entry], above: &mut Vec<String>, show: &mut dyn FnMut(&Entry, &[String])) {
    for entry in entries {
        above.push(entry.name.clone());
        show(entry, above);
        each(&entry.entries, above, show);
        above.pop();
    }
}

/// The words of a text: as a reader would type them, and their parts.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    // The script splits what is typed in the same way.
    for whole in text.split(|c: char| c.is_whitespace() || c == '-') {
        let parts = parts(whole);
        if parts.len() > 1 {
            words.extend(parts);
        }
        words.push(whole.to_lowercase());
    }
    words.retain(|word| !word.is_empty() && word.len() <= LONGEST_WORD);
    words
}

/// `postToken`, `post_token` and `/post/{token}` are `post` and `token`.
fn parts(whole: &str) -> Vec<String> {
    let mut parts = Vec::new();
    for piece in whole.split(|c: char| !c.is_alphanumeric()) {
        let mut part = String::new();
        let mut before_is_lower = false;
        for c in piece.chars() {
            if c.is_uppercase() && before_is_lower {
                parts.push(std::mem::take(&mut part));
            }
            part.extend(c.to_lowercase());
            before_is_lower = c.is_lowercase() || c.is_numeric();
        }
        parts.push(part);
    }
    parts.retain(|part| part.chars().count() > 1);
    parts
}

/// Text as HTML: the script takes it for that.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_and_in_parts() {
        #[rustfmt::skip]
        let table: &[(&str, &[&str])] = &[
            ("post_token",        &["post", "token", "post_token"]),
            ("PostTokenRequest",  &["post", "token", "request", "posttokenrequest"]),
            ("/users/{userId}",   &["users", "user", "id", "/users/{userid}"]),
            ("a plain text",      &["a", "plain", "text"]),
            ("x-api-key",         &["x", "api", "key"]),
            ("",                  &[]),
        ];
        for (text, expected) in table {
            assert_eq!(words(text), *expected, "{text:?}");
        }
    }
}
