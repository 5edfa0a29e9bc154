//! Token operations in reports, and `specmint explain-token`.

use serde_json::{Map, Value, json};

use crate::diag::{Code, Diagnostics};
use crate::generate::{self, TokenOperation};
use crate::model::{Confidence, TokenKind};
use crate::plan;
use crate::pointer::Pointer;
use crate::spec::Spec;

use super::{DONE, Format, REFUSED, Streams};

/// Says of each operation of a document that hands out tokens what it is, how sure that is, why, and where it has what.
pub(super) fn explain(spec: &Spec, format: Format, streams: &mut Streams<'_>) -> u8 {
    let (tokens, diagnostics) = generate::tokens(spec);
    let Some(tokens) = tokens else {
        streams.say(&diagnostics.print(streams.colors));
        return REFUSED;
    };
    match format {
        Format::Human => {
            streams.say(&about_tokens(&diagnostics));
            streams.answer(&human(&tokens));
        }
        Format::Json => {
            let list: Vec<Value> = tokens.iter().map(|token| object(token, &tokens)).collect();
            streams.answer(&format!("{:#}\n", json!({ "tokens": list })));
        }
    }
    DONE
}

/// What is wrong with `x-specmint-token`; all else is `generate`'s to say.
fn about_tokens(diagnostics: &Diagnostics) -> String {
    let reports = diagnostics.reports();
    let wrong = reports
        .iter()
        .filter(|report| report.code == Code::InvalidTokenProfile.as_str());
    wrong
        .map(|report| format!("warning: {} ({})\n", report.message, report.pointer))
        .collect()
}

fn human(tokens: &[TokenOperation]) -> String {
    if tokens.is_empty() {
        return "no operation hands out tokens\n".to_owned();
    }
    let texts = tokens.iter().map(|token| {
        let mut text = format!("{}\n", line(token));
        for reason in &token.token.reasons {
            text.push_str(&format!("  because {reason}\n"));
        }
        for (what, how) in plan::token_rows(&token.token, &|at| named(tokens, at)) {
            text.push_str(&format!("  {what:<13} {how}\n"));
        }
        text
    });
    texts.collect::<Vec<_>>().join("\n")
}

/// One line: what an operation is, and how sure that is.
fn line(token: &TokenOperation) -> String {
    format!(
        "{} {} is {} ({})",
        token.method,
        token.path,
        plan::token_kind(token.token.kind),
        confidence(token.token.confidence),
    )
}

fn named(tokens: &[TokenOperation], at: &Pointer) -> String {
    let other = tokens.iter().find(|token| token.at == *at);
    other.map_or_else(
        || at.to_string(),
        |token| format!("`{} {}`", token.method, token.path),
    )
}

/// What `generate` says of the operations of a document that make sources, and of the others by their number.
pub(super) fn summary(module: &str, tokens: &[TokenOperation]) -> String {
    let mut text = String::new();
    let is_source = |token: &&TokenOperation| token.token.kind != TokenKind::Mint;
    for token in tokens.iter().filter(is_source) {
        let reason = token.token.reasons.first().map_or("", String::as_str);
        text.push_str(&format!("{module}: {}: {reason}\n", line(token)));
    }
    let minting = tokens.len() - tokens.iter().filter(is_source).count();
    if minting > 0 {
        text.push_str(&format!(
            "{module}: operations that make tokens behind other security, and no source: {minting}\n"
        ));
    }
    text
}

/// An operation for programs.
pub(super) fn object(token: &TokenOperation, tokens: &[TokenOperation]) -> Value {
    let rows = plan::token_rows(&token.token, &|at| named(tokens, at));
    let rows = rows
        .into_iter()
        .map(|(what, how)| (what.to_owned(), Value::from(how)));
    let rows: Map<String, Value> = rows.collect();
    let kind = match token.token.kind {
        TokenKind::OAuth => "oauth",
        TokenKind::Issue => "issue",
        TokenKind::Mint => "mint",
    };
    json!({
        "operation": token.name,
        "method": token.method,
        "path": token.path,
        "at": token.at.to_string(),
        "kind": kind,
        "confidence": confidence(token.token.confidence),
        "reasons": token.token.reasons,
        "profile": rows,
    })
}

fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low confidence",
        Confidence::Medium => "medium confidence",
        Confidence::High => "high confidence",
        Confidence::Said => "said by the document",
    }
}
