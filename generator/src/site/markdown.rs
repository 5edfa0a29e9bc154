//! A page of GitHub's Markdown as mdBook may have it: safe, with links of the site, with tabs.
//!
//! mdBook takes HTML, attributes of headings, classes of fences and any address as they come; pages hold texts of
//! documents. So the source of each page is edited where its events say: HTML becomes text, images of other hosts
//! become links, links to what is not in the site become text, fences keep their language alone, and every heading says
//! its own anchor, GitHub's. What comes out is read once more; a page that is not safe then is shown as it is written.

mod links;
mod tabs;

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::Page;
use super::contents::Places;
use super::slug::Slugs;

/// How often HTML is looked for: what was HTML may hold some.
const ROUNDS: usize = 8;

/// How long a lead is, in characters.
const LEAD: usize = 200;

/// A page for mdBook, and what the index and the table of contents want to know of it.
pub(super) struct Finished {
    /// Its first heading.
    pub(super) title: Option<String>,
    /// Its Markdown, for mdBook.
    pub(super) text: String,
    /// Its parts.
    pub(super) sections: Vec<Section>,
}

/// A part of a page: a heading of the first or second level, and all up to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Section {
    /// The anchor of the heading; empty for what stands before the first.
    pub(super) anchor: String,
    /// The text of the heading.
    pub(super) heading: String,
    /// The text of the rest, in one line.
    pub(super) text: String,
}

impl Finished {
    /// The first sentences of the page, in one line.
    pub(super) fn lead(&self) -> String {
        let text = self.sections.iter().map(|section| section.text.trim());
        let text = text.clone().find(|text| !text.is_empty()).unwrap_or("");
        text.chars().take(LEAD).collect()
    }
}

/// One change to a source.
struct Edit {
    range: Range<usize>,
    text: String,
}

impl Edit {
    fn new(range: Range<usize>, text: impl Into<String>) -> Self {
        Self {
            range,
            text: text.into(),
        }
    }
}

/// What GitHub reads.
fn github() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
}

/// The page as the site has it.
pub(super) fn finish(page: &Page, places: &Places) -> Finished {
    let plain = without_html(&page.text);
    let (anchors, sections) = sections(plain.as_deref().unwrap_or_default());
    let finished = plain.map(|plain| {
        // Of edits at one place the first comes first: an anchor ends its heading.
        let mut edits = headings(&plain, &anchors);
        edits.extend(links::edits(&plain, &page.path, places));
        edits.extend(tabs::edits(&plain));
        edits.extend(fences(&plain));
        apply(&plain, edits)
    });
    let title = sections
        .iter()
        .find(|section| !section.anchor.is_empty())
        .map(|section| section.heading.clone());
    match finished.filter(|text| is_safe(text)) {
        Some(text) => Finished {
            title,
            text,
            sections,
        },
        None => Finished {
            title,
            text: as_written(&page.text),
            sections: Vec::new(),
        },
    }
}

/// Makes the edits. One that reaches into another is left out; what that leaves is for [`is_safe`] to find.
fn apply(source: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut text = String::with_capacity(source.len() + source.len() / 8);
    let mut done = 0;
    for edit in edits.iter().filter(|edit| edit.range.end <= source.len()) {
        if edit.range.start < done {
            continue;
        }
        text.push_str(&source[done..edit.range.start]);
        text.push_str(&edit.text);
        done = edit.range.end;
    }
    text.push_str(&source[done..]);
    text
}

/// The source without HTML: comments are gone but for those of tabs, and tags are text. `None` if there is no end to it.
fn without_html(source: &str) -> Option<String> {
    let mut text = source.replace("\r\n", "\n");
    for _ in 0..ROUNDS {
        let edits = html(&text);
        if edits.is_empty() {
            return Some(text);
        }
        text = apply(&text, edits);
    }
    None
}

fn html(source: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut depth = 0_usize;
    for (event, range) in Parser::new_ext(source, github()).into_offset_iter() {
        match event {
            Event::Start(Tag::HtmlBlock) => {
                let is_tabs = depth == 0 && tabs::marker(&source[range.clone()]).is_some();
                if !is_tabs {
                    edits.push(inert(source, range));
                }
                depth += 1;
            }
            Event::InlineHtml(_) => edits.push(inert(source, range)),
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    edits
}

/// A comment goes; of other HTML each `<` becomes text.
fn inert(source: &str, range: Range<usize>) -> Edit {
    let html = &source[range.clone()];
    let trimmed = html.trim();
    let is_comment = trimmed.starts_with("<!--")
        && trimmed.len() >= 7
        && trimmed.find("-->") == Some(trimmed.len() - 3);
    if is_comment {
        // Something stays, so that what stands before and behind it does not become one.
        let end = if html.ends_with('\n') { "\n" } else { " " };
        Edit::new(range, end)
    } else {
        Edit::new(range, html.replace('<', "&lt;"))
    }
}

/// The anchors of all headings, in their order, and the parts of the page.
fn sections(source: &str) -> (Vec<String>, Vec<Section>) {
    let (mut slugs, mut anchors) = (Slugs::default(), Vec::new());
    let mut sections = vec![Section::default()];
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(source, github()) {
        let words = match &event {
            Event::Text(text) | Event::Code(text) => &**text,
            Event::SoftBreak | Event::HardBreak => " ",
            Event::Start(Tag::Heading { .. }) => {
                heading = Some(String::new());
                continue;
            }
            Event::End(TagEnd::Heading(level)) => {
                let heading = heading.take().unwrap_or_default();
                let anchor = slugs.next(&heading);
                anchors.push(anchor.clone());
                if matches!(level, HeadingLevel::H1 | HeadingLevel::H2) {
                    sections.push(Section {
                        anchor,
                        heading: heading.split_whitespace().collect::<Vec<_>>().join(" "),
                        text: String::new(),
                    });
                    continue;
                }
                push(&mut sections, &heading);
                " "
            }
            Event::End(end) if is_block(*end) => " ",
            _ => continue,
        };
        match &mut heading {
            Some(heading) => heading.push_str(words),
            None => push(&mut sections, words),
        }
    }
    for section in &mut sections {
        let words: Vec<&str> = section.text.split_whitespace().collect();
        section.text = words.join(" ");
    }
    sections.retain(|section| !section.anchor.is_empty() || !section.text.is_empty());
    (anchors, sections)
}

fn push(sections: &mut [Section], words: &str) {
    if let Some(section) = sections.last_mut() {
        section.text.push_str(words);
    }
}

fn is_block(end: TagEnd) -> bool {
    !matches!(
        end,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
    )
}

/// Each heading says its anchor. Without that mdBook would take braces at its end for attributes of its own.
fn headings(source: &str, anchors: &[String]) -> Vec<Edit> {
    let mut anchors = anchors.iter();
    let mut edits = Vec::new();
    let mut inner = 0;
    for (event, range) in Parser::new_ext(source, github()).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                inner = range.start;
                continue;
            }
            Event::End(TagEnd::Heading(_)) => {
                let Some(anchor) = anchors.next() else { break };
                // A heading that is underlined has its text in the lines above.
                let is_underlined = !source[range.clone()].trim_start().starts_with('#');
                let end = if is_underlined { inner } else { range.end };
                let end = range.start + source[range.start..end].trim_end().len();
                let said = if anchor.is_empty() {
                    " {.nameless}".to_owned()
                } else {
                    format!(" {{#{anchor}}}")
                };
                edits.push(Edit::new(end..end, said));
            }
            _ => inner = inner.max(range.end),
        }
    }
    edits
}

/// A fence says its language, and nothing that mdBook would take for a class or a command.
fn fences(source: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (event, range) in Parser::new_ext(source, github()).into_offset_iter() {
        let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) = event else {
            continue;
        };
        let line = source[range.clone()].lines().next().unwrap_or_default();
        let fence = line.len() - line.trim_start_matches(['`', '~']).len();
        let said = range.start + fence..range.start + line.len();
        edits.push(Edit::new(said, language(&info)));
    }
    edits
}

/// The language of a fence: `rust` of `rust,no_run`.
fn language(info: &str) -> &str {
    let word = info.split([',', ' ', '\t']).next().unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_+-#".contains(c);
    if word.chars().all(is_plain) && word != "mdbook-runnable" {
        word
    } else {
        "text"
    }
}

/// Whether mdBook makes nothing of the text but text, and links and images of the site.
fn is_safe(text: &str) -> bool {
    let options = github() | Options::ENABLE_HEADING_ATTRIBUTES;
    let mut block = false;
    for event in Parser::new_ext(text, options) {
        let is_safe = match event {
            Event::Start(Tag::HtmlBlock) => {
                block = true;
                true
            }
            Event::End(TagEnd::HtmlBlock) => {
                block = false;
                true
            }
            Event::Html(html) => block && tabs::is_ours(&html),
            Event::Text(text) if block => tabs::is_ours(&text),
            Event::InlineHtml(_) => false,
            Event::Start(Tag::Heading { classes, attrs, .. }) => {
                attrs.is_empty() && classes.iter().all(|class| &**class == "nameless")
            }
            Event::Start(Tag::Link { dest_url, .. }) => links::is_safe(&dest_url),
            Event::Start(Tag::Image { .. }) => false,
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => *info == *language(&info),
            _ => true,
        };
        if !is_safe {
            return false;
        }
    }
    true
}

/// The page as a block of code.
fn as_written(text: &str) -> String {
    let longest = text
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}text\n{text}\n{fence}\n")
}
