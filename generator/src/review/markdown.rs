//! A review for people: a comment on a pull request.

use std::fmt::Write as _;

use super::{ApiReview, Effect, Finding, ItemChange, Review, Turn};
use crate::plan::doc_code;

/// The longest comment, in bytes. GitHub takes 65,536 characters.
const LONGEST: usize = 60_000;

/// How many lines a list has, from the most that are nice to read to the fewest that say anything.
const LINES: &[usize] = &[40, 20, 8, 3, 1];

/// From how many findings on those that say the same stand in one line.
const ALIKE: usize = 4;

/// How many operations a line names.
const OPERATIONS: usize = 3;

/// The longest line of a list, in characters.
const LINE: usize = 400;

/// Writes a review as Markdown that GitHub, GitLab and Gitea show as a comment, at most 60,000 bytes long: security
/// first, then what breaks, the rest folded. Texts of documents stand in code spans alone.
#[must_use]
pub fn markdown(review: &Review) -> String {
    let mut texts = LINES.iter().map(|lines| whole(review, *lines));
    let fits = |text: &String| text.len() <= LONGEST;
    texts.find(fits).unwrap_or_else(|| heads(review))
}

fn whole(review: &Review, lines: usize) -> String {
    let mut out = head(review);
    for api in &review.apis {
        let _ = write!(out, "\n### `{}`: {}\n", api.module, api.step.as_str());
        sections(&mut out, api, lines);
    }
    out
}

/// The verdict alone, of as many APIs as there is room for.
fn heads(review: &Review) -> String {
    let mut out = head(review);
    out.push('\n');
    for api in &review.apis {
        let line = format!(
            "- `{}`: {}, {} changes\n",
            api.module,
            api.step.as_str(),
            api.findings.len()
        );
        if out.len() + line.len() > LONGEST {
            out.push_str("- and more\n");
            break;
        }
        out.push_str(&line);
    }
    out
}

fn head(review: &Review) -> String {
    let mut out = format!("## API review: {}\n\n", review.step().as_str());
    let any = |test: fn(&Finding) -> bool| review.findings().any(test);
    let rust = any(|finding| finding.rust == Effect::Breaking);
    let wire = any(|finding| finding.wire == Effect::Breaking);
    let worries = review
        .findings()
        .filter(|finding| finding.worries())
        .count();
    let verdict = match (rust, wire) {
        _ if review.apis.is_empty() => "Nothing changed.",
        (true, true) => "Breaks programs that use the crate, and old clients before a new server.",
        (true, false) => {
            "Breaks programs that use the crate. Old clients get along with a new server."
        }
        (false, true) => {
            "Programs that use the crate compile as before. Old clients before a new server break."
        }
        (false, false) => "Breaks nobody.",
    };
    out.push_str(verdict);
    if worries > 0 {
        let are = if worries == 1 {
            "change touches"
        } else {
            "changes touch"
        };
        let _ = write!(out, " **{worries} {are} security.**");
    }
    out.push('\n');
    out
}

fn sections(out: &mut String, api: &ApiReview, lines: usize) {
    let (security, rest): (Vec<&Finding>, Vec<&Finding>) = api
        .findings
        .iter()
        .partition(|finding| finding.security.is_some());
    let (breaking, rest): (Vec<&Finding>, Vec<&Finding>) =
        rest.into_iter().partition(|finding| finding.breaks());
    for (title, findings) in [("Security", &security), ("Breaking", &breaking)] {
        if !findings.is_empty() {
            let _ = write!(out, "\n**{title}**\n\n");
            list(out, findings, lines);
        }
    }
    if !rest.is_empty() {
        let count = rest.len();
        let other = if security.len() + breaking.len() > 0 {
            "other "
        } else {
            ""
        };
        let changes = if count == 1 {
            "change that breaks"
        } else {
            "changes that break"
        };
        let title = format!("{count} {other}{changes} nobody");
        let _ = write!(out, "\n<details><summary>{title}</summary>\n\n");
        list(out, &rest, lines);
        out.push_str("\n</details>\n");
    }
    let mut items: Vec<&ItemChange> = api.findings.iter().flat_map(|one| &one.items).collect();
    items.sort_by(|a, b| (std::cmp::Reverse(a.effect), a).cmp(&(std::cmp::Reverse(b.effect), b)));
    items.dedup();
    if !items.is_empty() {
        rust(out, &items, lines * 4);
    }
}

/// The public items as a diff.
fn rust(out: &mut String, items: &[&ItemChange], most: usize) {
    let count = items.len();
    let are = if count == 1 {
        "public item"
    } else {
        "public items"
    };
    let _ = write!(
        out,
        "\n<details><summary>{count} {are} of Rust</summary>\n\n```diff\n"
    );
    for item in items.iter().take(most) {
        for (sign, line) in [('-', &item.old), ('+', &item.new)] {
            if let Some(line) = line {
                let _ = writeln!(out, "{sign} {}", cut(line));
            }
        }
    }
    if count > most {
        let _ = writeln!(out, "  and {} more", count - most);
    }
    out.push_str("```\n\n</details>\n");
}

fn list(out: &mut String, findings: &[&Finding], most: usize) {
    let lines = grouped(findings);
    for line in lines.iter().take(most) {
        let _ = writeln!(out, "- {line}");
    }
    if lines.len() > most {
        let _ = writeln!(out, "- and {} more", lines.len() - most);
    }
}

/// A line for each finding, and one for all that say the same of many things.
fn grouped(findings: &[&Finding]) -> Vec<String> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    let mut known = std::collections::HashMap::new();
    for finding in findings {
        let key = (
            finding.kind,
            finding.place.word(),
            finding.message.as_str(),
            effects(finding),
        );
        let group = *known.entry(key).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(finding);
    }
    let mut out = Vec::new();
    for group in groups {
        match group.as_slice() {
            [first, ..] if group.len() >= ALIKE => {
                let shown: Vec<String> = group
                    .iter()
                    .take(3)
                    .map(|one| one.place.to_string())
                    .collect();
                out.push(cut(&format!(
                    "{} and {} more: {}{}{}",
                    shown.join(", "),
                    group.len() - 3,
                    first.message,
                    effects(first),
                    operations(&group)
                )));
            }
            few => out.extend(few.iter().map(|finding| {
                cut(&format!(
                    "{}: {}{}{}",
                    finding.place,
                    finding.message,
                    effects(finding),
                    operations(&[finding])
                ))
            })),
        }
    }
    out
}

/// What a finding means, as the end of its line.
fn effects(finding: &Finding) -> String {
    let mut words = Vec::new();
    match finding.security {
        Some(Turn::Weaker) => words.push("weaker"),
        Some(Turn::Stronger) => words.push("stronger"),
        Some(Turn::Changed) | None => {}
    }
    match (finding.rust, finding.wire) {
        (Effect::Breaking, Effect::Breaking) => words.push("breaks Rust and the wire"),
        (Effect::Breaking, _) => words.push("breaks Rust"),
        (_, Effect::Breaking) => words.push("breaks the wire"),
        _ => {}
    }
    match words.is_empty() {
        true => String::new(),
        false => format!(" ({})", words.join(", ")),
    }
}

/// Which operations findings about types are about, as the end of a line.
fn operations(findings: &[&Finding]) -> String {
    let all = findings.iter().flat_map(|finding| &finding.operations);
    let all: std::collections::BTreeSet<&String> = all.collect();
    let named: Vec<String> = all.iter().take(OPERATIONS).map(|op| doc_code(op)).collect();
    match all.len() {
        0 => String::new(),
        few if few <= OPERATIONS => format!("; in {}", named.join(", ")),
        many => format!("; in {} and {} more", named.join(", "), many - OPERATIONS),
    }
}

/// A line that is not too long, whose code spans end.
fn cut(line: &str) -> String {
    if line.chars().count() <= LINE {
        return line.to_owned();
    }
    let mut text: String = line.chars().take(LINE).collect();
    if text.matches('`').count() % 2 == 1 {
        text.push('`');
    }
    text + " …"
}
