//! `templates/README.md`: how templates are written and overridden, and what each can show. What stands there of the
//! contexts is what they are, and the examples are what they held for a document.

use std::collections::BTreeMap;
use std::io;

use serde_json::Value;
use specmint::file::{File, MARK};
use specmint::load::Source;
use specmint::options::{Options, Runtime, TagFeatures};
use specmint::render::{CONTEXT_VERSION, ContextKind, TemplateContext, template_contexts};
use specmint::spec::Spec;

/// Where the templates are, below the root.
pub const FOLDER: &str = "templates";

/// The document that the examples are of.
const SPECIMEN: &str = include_str!("templates/specimen.yaml");

/// What is told before the contexts.
const HEAD: &str = include_str!("templates/head.txt");

/// The longest example, in characters.
const LONGEST: usize = 60;

/// The made page, with its path below [`FOLDER`].
///
/// # Errors
/// The document of the examples cannot be generated.
pub fn pages() -> io::Result<Vec<File>> {
    let contexts = template_contexts();
    let examples = examples(&contexts)?;
    let mut text = format!(
        "<!-- {MARK} (`{}`). Do not edit. -->\n\n{}",
        crate::COMMAND,
        HEAD.replace("VERSION", &CONTEXT_VERSION.to_string())
    );
    let mut whole: Vec<&TemplateContext> = contexts
        .values()
        .filter(|context| context.template.is_some())
        .collect();
    whole.sort_by_key(|context| &context.template);
    for context in whole {
        let template = context.template.as_deref().unwrap_or_default();
        text.push_str(&format!("\n### `{template}`\n\n{}\n\n", context.about));
        text.push_str(&table(context, &examples));
        let mut parts = Vec::new();
        parts_of(context, &contexts, &mut parts);
        for part in parts {
            text.push_str(&format!("\n#### `{}`\n\n{}\n\n", part.name, part.about));
            text.push_str(&table(part, &examples));
        }
    }
    Ok(vec![File {
        path: "README.md".to_owned(),
        text,
    }])
}

/// The structs that a context has, each once, as they come.
fn parts_of<'c>(
    context: &'c TemplateContext,
    all: &'c BTreeMap<String, TemplateContext>,
    parts: &mut Vec<&'c TemplateContext>,
) {
    for field in &context.fields {
        let (ContextKind::One(name) | ContextKind::Many(name)) = &field.kind else {
            continue;
        };
        let Some(part) = all.get(name) else { continue };
        if parts.iter().all(|known| known.name != part.name) {
            parts.push(part);
            parts_of(part, all, parts);
        }
    }
}

fn table(context: &TemplateContext, examples: &Examples) -> String {
    let mut text = "| field | holds | for example | what it is |\n|---|---|---|---|\n".to_owned();
    for field in &context.fields {
        let holds = match &field.kind {
            ContextKind::Text => "a text".to_owned(),
            ContextKind::Number => "a number".to_owned(),
            ContextKind::Texts => "a list of texts".to_owned(),
            ContextKind::One(name) => format!("[`{name}`](#{})", name.to_lowercase()),
            ContextKind::Many(name) => format!("a list of [`{name}`](#{})", name.to_lowercase()),
        };
        let example = examples.get(&(context.name.clone(), field.name.clone()));
        let example = example.map(String::as_str).unwrap_or_default();
        let about = field.about.replace('|', "\\|");
        text.push_str(&format!(
            "| `{}` | {holds} | {example} | {about} |\n",
            field.name
        ));
    }
    text
}

/// What a field held, by its struct and its name, as Markdown.
type Examples = BTreeMap<(String, String), String>;

fn examples(contexts: &BTreeMap<String, TemplateContext>) -> io::Result<Examples> {
    let spec = Spec::new(Source::new("shop.yaml", SPECIMEN));
    let mut options = Options::new("shop-clients", Runtime::Embedded, "specmint generate");
    options.tag_features = TagFeatures::On;
    let shown = specmint::shown(&[spec], &options)
        .map_err(|refusal| io::Error::other(refusal.to_string()))?;
    let mut examples = Examples::new();
    for one in &shown {
        let mut all = contexts.values();
        let context = all.find(|known| known.template.as_deref() == Some(&one.template));
        if let Some(context) = context {
            gather(context, &one.context, contexts, &mut examples);
        }
    }
    Ok(examples)
}

fn gather(
    context: &TemplateContext,
    value: &Value,
    all: &BTreeMap<String, TemplateContext>,
    examples: &mut Examples,
) {
    for field in &context.fields {
        let value = &value[&field.name];
        match &field.kind {
            ContextKind::One(name) | ContextKind::Many(name) => {
                let items = value
                    .as_array()
                    .map_or(std::slice::from_ref(value), Vec::as_slice);
                for item in items {
                    if let Some(part) = all.get(name) {
                        gather(part, item, all, examples);
                    }
                }
            }
            ContextKind::Text | ContextKind::Number | ContextKind::Texts => {
                if let Some(text) = example(value) {
                    let key = (context.name.clone(), field.name.clone());
                    examples.entry(key).or_insert(text);
                }
            }
        }
    }
}

/// A value as code in a cell; `None` if it says nothing.
fn example(value: &Value) -> Option<String> {
    let text = match value {
        Value::Array(items) => {
            let mut items = items.iter().filter_map(Value::as_str);
            items.find(|item| !item.trim().is_empty())?.to_owned()
        }
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let line = text.trim().lines().next()?.trim_end();
    let short: String = line.chars().take(LONGEST).collect();
    let cut = if short.len() < text.trim().len() {
        "…"
    } else {
        ""
    };
    let longest = short.split(|sign| sign != '`').map(str::len).max();
    let ticks = "`".repeat(longest.unwrap_or(0) + 1);
    let space = if short.starts_with('`') || short.ends_with('`') {
        " "
    } else {
        ""
    };
    let shown = short.replace('|', "\\|");
    (!line.is_empty()).then(|| format!("{ticks}{space}{shown}{cut}{space}{ticks}"))
}
