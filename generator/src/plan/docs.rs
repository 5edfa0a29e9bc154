//! Makes the prose of documents safe for rustdoc.
//!
//! Descriptions are CommonMark that nobody has checked. What comes out has no HTML, no link that leads
//! nowhere, no code that rustdoc would compile, no bracket that it would look up, and no character that
//! changes how the page reads. Letters of all languages stay.

use super::rules;
use super::tree::Type;
use crate::model::{Docs, Limits, Schema};
use crate::pointer::Pointer;
use pulldown_cmark::{
    CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd,
    TextMergeStream,
};
use serde_json::Value;

/// What docs say of what a document advises against.
pub(super) const DEPRECATED: &str = "**Deprecated** by the API's description.";

/// The longest text, in bytes, that docs show of a value.
const LONGEST_VALUE: usize = 120;

/// The docs of a thing: summary, description, deprecation and link.
pub(super) fn lines(docs: &Docs) -> Vec<String> {
    let summary = docs.summary.as_deref().map(markdown).unwrap_or_default();
    let description = docs
        .description
        .as_deref()
        .map(markdown)
        .unwrap_or_default();
    let mut sections = vec![summary];
    if sections[0] != description {
        sections.push(description);
    }
    if docs.deprecated {
        sections.push(vec![DEPRECATED.to_owned()]);
    }
    if let Some(link) = docs
        .link
        .as_deref()
        .filter(|link| is_web(link) && !link.contains(['<', '>', ' ']))
    {
        sections.push(vec![format!("See <{}>.", cleaned(link))]);
    }
    join(sections)
}

/// Sections with an empty line between those that say something.
pub(super) fn join(sections: Vec<Vec<String>>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for section in sections.into_iter().filter(|section| !section.is_empty()) {
        if !out.is_empty() {
            out.push(String::new());
        }
        out.extend(section);
    }
    out
}

/// A text in one line of Markdown: the first paragraph of it.
pub(super) fn one_line(text: &str) -> String {
    first_paragraph(&markdown(text))
}

/// What begins a line that is no paragraph's.
const BLOCKS: [&str; 7] = ["```", "* ", "- ", "+ ", "#", "|", ">"];

/// What of Markdown goes into one line of a table, and whether there is more: its first paragraph, if it begins with one.
pub(super) fn opening(lines: &[String]) -> (String, bool) {
    let first = lines.first().map_or("", String::as_str);
    let number = first.trim_start_matches(|c: char| c.is_ascii_digit());
    if number.starts_with(". ") || BLOCKS.iter().any(|sign| first.starts_with(sign)) {
        return (String::new(), true);
    }
    let has_more = lines.iter().any(String::is_empty);
    (first_paragraph(lines), has_more)
}

/// The first paragraph of lines of Markdown, in one line.
pub(super) fn first_paragraph(lines: &[String]) -> String {
    let paragraph: Vec<&str> = lines
        .iter()
        .map(String::as_str)
        .take_while(|line| !line.is_empty())
        .collect();
    paragraph.join(" ")
}

/// The longest line that a list shows of a text, in characters.
const LONGEST_BRIEF: usize = 120;

/// The beginning of a text in one line of Markdown, for lists.
pub(super) fn brief(text: &str) -> String {
    let paragraph = text.trim().split("\n\n").next().unwrap_or_default();
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    let line = words.join(" ");
    let Some((cut, _)) = line.char_indices().nth(LONGEST_BRIEF) else {
        return one_line(&line);
    };
    let end = line[..cut].rfind(' ').unwrap_or(cut);
    one_line(&format!("{}…", &line[..end]))
}

/// A code span that holds `text`, whatever is in it.
pub(crate) fn code(text: &str) -> String {
    let text = cleaned(text).replace(['\n', '\t'], " ").replace('`', "'");
    let text = text.trim();
    if text.is_empty() {
        "the empty text".to_owned()
    } else {
        format!("`{text}`")
    }
}

/// A place in the document as its author knows it, where `load` has moved some things.
pub(super) fn place(at: &Pointer) -> String {
    let at = at.to_string();
    let at = at.replace("/x-specmint-prefix-items", "/prefixItems");
    code(&at.replace("/x-specmint-pattern-properties", "/patternProperties"))
}

/// What the schema says of its values beyond their type, each in one line.
pub(super) fn limits_of(schema: &Schema, ty: &Type) -> Vec<String> {
    let default = schema.default.as_ref().filter(|_| *ty != Type::Secret);
    limits(&schema.limits, default)
}

/// Limits and the default, each in one line.
pub(super) fn limits(limits: &Limits, default: Option<&Value>) -> Vec<String> {
    let mut said: Vec<String> = rules::said(limits)
        .map(|(word, value)| code(&format!("{word}: {}", short(value))))
        .collect();
    if let Some(default) = default {
        said.push(format!("default {}", code(&short(default))));
    }
    said
}

/// Limits as a sentence.
pub(super) fn limits_line(limits: &[String]) -> Option<String> {
    (!limits.is_empty()).then(|| format!("Limits: {}.", limits.join(", ")))
}

/// The example of a thing as a text, unless it is a secret: those in documents may be real.
pub(super) fn example(docs: &Docs, ty: &Type) -> Option<String> {
    match (&docs.example, ty) {
        (_, Type::Secret) => None,
        (Some(Value::String(text)), _) if text.len() <= LONGEST_VALUE => Some(text.clone()),
        _ => None,
    }
}

/// A value as a text without quotes, cut where it is too long; whole numbers have no fraction.
pub(crate) fn short(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => {
            let text = number.to_string();
            text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
        }
        value => value.to_string(),
    };
    if text.len() <= LONGEST_VALUE {
        return text;
    }
    let end = (0..=LONGEST_VALUE)
        .rev()
        .find(|end| text.is_char_boundary(*end))
        .unwrap_or(0);
    format!("{}…", &text[..end])
}

/// CommonMark made safe, in lines without spaces at their ends.
pub(super) fn markdown(text: &str) -> Vec<String> {
    let text = cleaned(text);
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut safe = Safe::default();
    let events = TextMergeStream::new(Parser::new_ext(&text, options));
    for event in events {
        safe.event(event);
    }
    let events = safe.out;
    let mut out = String::new();
    let style = pulldown_cmark_to_cmark::Options {
        code_block_token_count: 3,
        ..Default::default()
    };
    let fences = pulldown_cmark_to_cmark::calculate_code_block_token_count(events.iter());
    let style = pulldown_cmark_to_cmark::Options {
        code_block_token_count: fences.unwrap_or(style.code_block_token_count),
        ..style
    };
    if pulldown_cmark_to_cmark::cmark_with_options(events.into_iter(), &mut out, style).is_err() {
        return vec![code(&text)];
    }
    let lines: Vec<String> = out.lines().map(|line| line.trim_end().to_owned()).collect();
    let end = lines
        .iter()
        .rposition(|line| !line.is_empty())
        .map_or(0, |last| last + 1);
    let start = lines
        .iter()
        .position(|line| !line.is_empty())
        .unwrap_or(end);
    lines[start..end].to_vec()
}

/// `text` without control characters, marks that turn the direction of reading, and ends of comments.
fn cleaned(text: &str) -> String {
    let unix = text
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\t', "    ");
    let kept: String = unix
        .chars()
        .filter(|c| *c == '\n' || !(c.is_control() || turns_reading(*c)))
        .map(|c| {
            if matches!(c, '\u{2028}' | '\u{2029}') {
                '\n'
            } else {
                c
            }
        })
        .collect();
    kept.replace("*/", "* /")
}

/// Whether a character is not to be seen, or turns the direction of reading.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control() || turns_reading(c) || matches!(c, '\u{2028}' | '\u{2029}')
}

/// The bidirectional controls of Unicode (UAX 9), and characters that show nothing.
pub(super) fn turns_reading(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn is_web(url: &str) -> bool {
    ["http://", "https://", "mailto:"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
}

/// Rewrites events one by one.
#[derive(Default)]
struct Safe<'a> {
    out: Vec<Event<'a>>,
    /// For each open link or image, whether it was kept.
    links: Vec<bool>,
    in_code: bool,
    /// The block of HTML that is open, which comes in lines.
    html: String,
    /// Text that is still to be written: tags may stand in the midst of a word.
    pending: String,
}

impl<'a> Safe<'a> {
    fn event(&mut self, event: Event<'a>) {
        match event {
            Event::Text(text) if !self.in_code => self.pending.push_str(&text),
            Event::InlineHtml(html) => self.html(&html),
            other => {
                self.flush();
                self.no_text(other);
            }
        }
    }

    /// Writes the text that has come together. Inside of a link no other link begins.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.pending);
        if self.links.contains(&true) {
            self.line(&text);
        } else {
            self.text(&text);
        }
    }

    fn no_text(&mut self, event: Event<'a>) {
        match event {
            Event::Start(Tag::HtmlBlock) => self.out.push(Event::Start(Tag::Paragraph)),
            Event::Html(html) => self.html.push_str(&html),
            Event::End(TagEnd::HtmlBlock) => {
                let html = std::mem::take(&mut self.html);
                self.html(&html);
                self.flush();
                self.out.push(Event::End(TagEnd::Paragraph));
            }
            Event::Start(Tag::Link { dest_url, .. }) => self.open(dest_url),
            Event::Start(Tag::Image { .. }) => self.links.push(false),
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if self.links.pop() == Some(true) {
                    self.out.push(Event::End(TagEnd::Link));
                }
            }
            Event::Start(Tag::CodeBlock(_)) => {
                self.in_code = true;
                self.out
                    .push(Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(
                        "text".into(),
                    ))));
            }
            Event::End(TagEnd::CodeBlock) => {
                self.in_code = false;
                self.out.push(Event::End(TagEnd::CodeBlock));
            }
            Event::Start(Tag::Heading { level, .. }) => {
                self.out.push(Event::Start(heading(lower(level))))
            }
            Event::End(TagEnd::Heading(level)) => {
                self.out.push(Event::End(TagEnd::Heading(lower(level))))
            }
            other => self.out.push(other),
        }
    }

    /// Keeps links that lead somewhere from everywhere; of the others the text stays.
    fn open(&mut self, dest_url: CowStr<'a>) {
        let keep = is_web(&dest_url)
            && !self.links.contains(&true)
            && !dest_url.contains(['<', '>', ' ', '\n']);
        self.links.push(keep);
        if keep {
            self.out
                .push(Event::Start(link(LinkType::Inline, dest_url)));
        }
    }

    /// Keeps the text between tags and outside of comments.
    fn html(&mut self, html: &str) {
        let mut rest = html;
        while let Some(start) = rest.find('<') {
            self.pending.push_str(&rest[..start]);
            let end = if rest[start..].starts_with("<!--") {
                "-->"
            } else {
                ">"
            };
            rest = match rest[start..].find(end) {
                Some(at) => &rest[start + at + end.len()..],
                None => "",
            };
        }
        self.pending.push_str(rest);
    }

    /// Makes bare URLs links.
    fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some((start, end)) = url_in(rest) {
            self.plain(&rest[..start]);
            let url: CowStr<'a> = rest[start..end].to_owned().into();
            self.out
                .push(Event::Start(link(LinkType::Autolink, url.clone())));
            self.out.push(Event::Text(url));
            self.out.push(Event::End(TagEnd::Link));
            rest = &rest[end..];
        }
        self.plain(rest);
    }

    fn plain(&mut self, text: &str) {
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 && !self.begins_line() {
                self.out.push(Event::SoftBreak);
            }
            let line = if self.begins_line() {
                line.trim_start()
            } else {
                line
            };
            match self.marker(line) {
                Some(at) => {
                    self.line(&line[..at]);
                    // The one event that is written as it is.
                    self.out.push(Event::InlineHtml("\\".into()));
                    self.line(&line[at..]);
                }
                None => self.line(line),
            }
        }
    }

    /// The sign at the beginning of a line that would make a list or a rule of it.
    fn marker(&self, line: &str) -> Option<usize> {
        let starts_block = match self.out.last() {
            Some(Event::Start(Tag::Paragraph | Tag::Item)) => true,
            Some(Event::SoftBreak | Event::HardBreak) => false,
            _ => return None,
        };
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let (at, sign) = (digits, line.as_bytes().get(digits)?);
        let next = line.as_bytes().get(at + 1);
        let is_marker = match sign {
            b'-' | b'+' | b'=' if digits == 0 => {
                next.is_none_or(|next| *next == b' ' || next == sign)
            }
            // Within a paragraph no list begins but with 1 (CommonMark 0.31, section 5.3).
            b'.' | b')' if starts_block || &line[..digits] == "1" => {
                digits > 0 && next.is_none_or(|next| *next == b' ')
            }
            _ => false,
        };
        is_marker.then_some(at)
    }

    /// Whether what comes next stands at the beginning of a line. HTML indents as it likes, and Markdown
    /// takes that for code, or for more of the list above.
    fn begins_line(&self) -> bool {
        matches!(
            self.out.last(),
            Some(Event::SoftBreak | Event::HardBreak | Event::Start(Tag::Paragraph))
        )
    }

    /// Cuts a line before every sign that means something to Markdown: only the first character of a text
    /// is escaped when it is written.
    fn line(&mut self, line: &str) {
        let mut start = 0;
        for (at, sign) in line.char_indices() {
            if at > start && means_something(line, at, sign) {
                self.out
                    .push(Event::Text(line[start..at].to_owned().into()));
                start = at;
            }
        }
        if start < line.len() {
            self.out.push(Event::Text(line[start..].to_owned().into()));
        }
    }
}

/// Whether a sign must be escaped: an underscore inside a word need not be.
fn means_something(line: &str, at: usize, sign: char) -> bool {
    let inside = || {
        let before = line[..at]
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric);
        let after = line[at..].chars().nth(1).is_some_and(char::is_alphanumeric);
        before && after
    };
    matches!(sign, '[' | ']' | '<' | '>' | '`' | '*' | '\\' | '|') || (sign == '_' && !inside())
}

fn link<'a>(link_type: LinkType, dest_url: CowStr<'a>) -> Tag<'a> {
    Tag::Link {
        link_type,
        dest_url,
        title: "".into(),
        id: "".into(),
    }
}

fn heading<'a>(level: HeadingLevel) -> Tag<'a> {
    Tag::Heading {
        level,
        id: None,
        classes: Vec::new(),
        attrs: Vec::new(),
    }
}

/// Headings of prose stand below those of the page.
fn lower(level: HeadingLevel) -> HeadingLevel {
    HeadingLevel::try_from(level as usize + 2).unwrap_or(HeadingLevel::H6)
}

/// Where the first bare URL begins and ends.
fn url_in(text: &str) -> Option<(usize, usize)> {
    let start = [text.find("https://"), text.find("http://")]
        .into_iter()
        .flatten()
        .min()?;
    let tail = &text[start..];
    let ends = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '<' | '>' | '"' | '\'' | '`' | ')' | ']' | '}' | '|' | '*' | '\\'
            )
    };
    let end = tail.find(ends).unwrap_or(tail.len());
    let url = tail[..end].trim_end_matches(['.', ',', ';', ':', '!', '?']);
    if url
        .split_once("://")
        .is_some_and(|(_, host)| !host.is_empty())
    {
        return Some((start, start + url.len()));
    }
    let after = start + end.max(1);
    url_in(text.get(after..)?).map(|(from, to)| (from + after, to + after))
}

#[cfg(test)]
#[path = "docs_tests.rs"]
mod tests;
