//! Which operations the caller wants, and what of the document these need.
//!
//! In: a mended tree. Out: the same tree without the other operations, and without the components that none of
//! the remaining ones leads to. Names are not at stake: hoists have theirs already, and an operation id that
//! was shared with an operation that is gone names none of them, as if all were there.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde_json::Value;

use super::census;
use super::grammar::{self, Kind, Shape, V30};
use super::walk::{self, Operation};
use crate::diag::{Code, Diagnostics};
use crate::pointer::Pointer;

/// Members of a document that select as the options of the command line do.
const EXTENSIONS: [&str; 2] = ["x-specmint-only", "x-specmint-exclude"];

/// Members of a document that hold path items.
const HOLDERS: &[&str] = &["paths", "webhooks"];

/// How alike a text must be to be proposed, from 0 to 1 (Jaro-Winkler).
const NEAR: f64 = 0.8;

/// How many texts are proposed.
const MOST_PROPOSED: usize = 3;

/// A pattern of operations: `tag:GLOB`, `id:GLOB`, `path:GLOB` or `path:METHOD GLOB`.
///
/// In a glob `*` is any text, `?` any character and `[a-z]` any of these; in a path `*` and `?` end at a slash
/// and `**` does not, and `/pets/**` is `/pets` and all below it. Braces are braces: `/pets/{id}`.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    subject: Subject,
    /// The method, in lower case, where the pattern of a path begins with one.
    method: Option<String>,
    globs: GlobSet,
}

/// What a pattern is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    Tag,
    Id,
    Path,
}

impl Subject {
    fn prefix(self) -> &'static str {
        match self {
            Subject::Tag => "tag:",
            Subject::Id => "id:",
            Subject::Path => "path:",
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Pattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = [Subject::Tag, Subject::Id, Subject::Path]
            .into_iter()
            .find_map(|subject| Some((subject, text.strip_prefix(subject.prefix())?)));
        let Some((subject, rest)) = known else {
            return Err(
                "a pattern is `tag:GLOB`, `id:GLOB`, `path:GLOB` or `path:METHOD GLOB`".to_owned(),
            );
        };
        let (method, glob) = match rest.split_once(' ') {
            Some((method, glob)) if subject == Subject::Path && !method.starts_with('/') => {
                (Some(method.to_ascii_lowercase()), glob.trim_start())
            }
            _ => (None, rest),
        };
        let globs = globs(subject, glob).map_err(|err| format!("`{glob}`: {}", err.kind()))?;
        Ok(Self {
            text: text.to_owned(),
            subject,
            method,
            globs,
        })
    }
}

/// A glob, and for `/pets/**` also `/pets`.
fn globs(subject: Subject, glob: &str) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    let above = glob
        .strip_suffix("/**")
        .filter(|above| subject == Subject::Path && !above.is_empty());
    for glob in [Some(glob), above].into_iter().flatten() {
        // alternatives are other patterns; braces are those of the path's template
        let literal = glob.replace('{', "[{]").replace('}', "[}]");
        let mut builder = GlobBuilder::new(&literal);
        builder.literal_separator(subject == Subject::Path);
        set.add(builder.build()?);
    }
    set.build()
}

impl Pattern {
    fn matches(&self, operation: &Operation<'_>) -> bool {
        let method = self.method.as_deref();
        match self.subject {
            Subject::Tag => operation.tags().any(|tag| self.globs.is_match(tag)),
            Subject::Id => operation.id().is_some_and(|id| self.globs.is_match(id)),
            Subject::Path => {
                method.is_none_or(|method| operation.method.eq_ignore_ascii_case(method))
                    && self.globs.is_match(operation.path)
            }
        }
    }

    /// What could have been meant by a pattern that matches nothing, best first.
    fn near(&self, operations: &[Operation<'_>]) -> Vec<String> {
        let plain = |text: &str| text.replace(['*', '?'], "").to_lowercase();
        let prefix = self.subject.prefix();
        let wanted = plain(self.text.trim_start_matches(prefix));
        let candidates: BTreeSet<&str> = operations
            .iter()
            .flat_map(|operation| match self.subject {
                Subject::Tag => operation.tags().collect(),
                Subject::Id => operation.id().into_iter().collect(),
                Subject::Path => vec![operation.path],
            })
            .collect();
        let mut near: Vec<(f64, &str)> = candidates
            .into_iter()
            .map(|text| (strsim::jaro_winkler(&wanted, &plain(text)), text))
            .filter(|(alike, _)| *alike >= NEAR)
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        near.truncate(MOST_PROPOSED);
        near.into_iter()
            .map(|(_, text)| format!("`{prefix}{text}`"))
            .collect()
    }
}

/// Which operations of a document are wanted.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Those that match any of these; all of them if there are none.
    pub only: Vec<Pattern>,
    /// But not those that match any of these.
    pub exclude: Vec<Pattern>,
}

impl<'t> Operation<'t> {
    fn tags(&self) -> impl Iterator<Item = &'t str> {
        let tags = self.map.get("tags").and_then(Value::as_array);
        tags.into_iter().flatten().filter_map(Value::as_str)
    }

    fn id(&self) -> Option<&'t str> {
        self.map.get("operationId").and_then(Value::as_str)
    }
}

/// Takes out of a mended tree what the caller, or the document by extension, does not select.
pub(super) fn select(tree: &mut Value, selection: &Selection, diags: &mut Diagnostics) {
    let [only, exclude] = EXTENSIONS.map(|key| own_patterns(tree, key, diags));
    let only: Vec<&Pattern> = selection.only.iter().chain(&only).collect();
    let exclude: Vec<&Pattern> = selection.exclude.iter().chain(&exclude).collect();
    if only.is_empty() && exclude.is_empty() {
        return;
    }
    let schemas = census::count(tree);
    let operations = operations(tree);
    report_unmatched(&only, &operations, diags);
    report_unmatched(&exclude, &operations, diags);
    let any = |patterns: &[&Pattern], operation: &Operation<'_>| {
        patterns.iter().any(|pattern| pattern.matches(operation))
    };
    let (kept, gone): (Vec<_>, Vec<_>) = operations.into_iter().partition(|operation| {
        (only.is_empty() || any(&only, operation)) && !any(&exclude, operation)
    });
    let shared = shared_ids(&kept, &gone);
    let gone: Vec<Pointer> = gone.into_iter().map(|operation| operation.at).collect();
    remove(tree, &gone);
    for at in shared {
        forget_id(tree, &at, diags);
    }
    let needed = needed(tree);
    prune(tree, &needed);
    let readings = diags.readings_mut();
    readings.excluded = gone.len();
    readings.excluded_schemas = schemas - census::count(tree);
}

/// The patterns that the document gives itself, which is to say its overlay.
fn own_patterns(tree: &Value, key: &str, diags: &mut Diagnostics) -> Vec<Pattern> {
    let listed = match tree.get(key) {
        Some(Value::Array(list)) => list.iter().map(Value::as_str).collect(),
        Some(value) => vec![value.as_str()],
        None => Vec::new(),
    };
    let mut patterns = Vec::new();
    for text in listed {
        match text.unwrap_or_default().parse() {
            Ok(pattern) => patterns.push(pattern),
            Err(err) => {
                let at = Pointer::root().push(key);
                diags.report(Code::WrongType, &at, err);
            }
        }
    }
    patterns
}

/// Every operation below `paths`, and every webhook, whose name stands for the path.
fn operations(tree: &Value) -> Vec<Operation<'_>> {
    let holders = HOLDERS.iter();
    holders
        .flat_map(|holder| walk::operations_below(tree, holder, V30))
        .collect()
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

fn report_unmatched(patterns: &[&Pattern], operations: &[Operation<'_>], diags: &mut Diagnostics) {
    for pattern in patterns {
        if operations
            .iter()
            .any(|operation| pattern.matches(operation))
        {
            continue;
        }
        let near = match pattern.near(operations).as_slice() {
            [] => String::new(),
            near => format!("; near it: {}", near.join(", ")),
        };
        let message = format!("`{pattern}` matches no operation{near}");
        diags.report(Code::SelectionUnmatched, &Pointer::root(), message);
    }
}

/// Operations that stay, and whose id one that goes has as well.
fn shared_ids(kept: &[Operation<'_>], gone: &[Operation<'_>]) -> Vec<Pointer> {
    let of_gone: HashSet<&str> = gone.iter().filter_map(Operation::id).collect();
    let shares = |operation: &&Operation<'_>| operation.id().is_some_and(|id| of_gone.contains(id));
    let kept = kept.iter().filter(shares);
    kept.map(|operation| operation.at.clone()).collect()
}

fn remove(tree: &mut Value, gone: &[Pointer]) {
    for at in gone {
        let holder = at.parent().unwrap_or_default();
        let key = at.tokens().last().unwrap_or_default();
        if let Some(Value::Object(map)) = tree.pointer_mut(holder.as_str()) {
            map.shift_remove(&key);
        }
    }
    // a path item without operations may still lead to components by its parameters
    let is_operation = |(key, value): (&String, &Value)| {
        matches!(
            grammar::member(Kind::PathItem, key, V30).and_then(Shape::kind),
            Some(Kind::Operation)
        ) && value.as_object().is_some_and(|map| !map.is_empty())
    };
    for holder in HOLDERS {
        if let Some(Value::Object(items)) = tree.get_mut(*holder) {
            items.retain(|path, item| {
                path.starts_with("x-") || members(Some(item)).any(is_operation)
            });
        }
    }
}

fn forget_id(tree: &mut Value, at: &Pointer, diags: &mut Diagnostics) {
    let Some(Value::Object(map)) = tree.pointer_mut(at.as_str()) else {
        return;
    };
    if let Some(Value::String(id)) = map.shift_remove("operationId") {
        let message = format!(
            "`{id}` names more than one operation; all of them are named after method and path"
        );
        diags.report(Code::DuplicateOperationId, &at.push("operationId"), message);
    }
}

/// The components that the document leads to, as references name them.
fn needed(tree: &Value) -> HashSet<String> {
    let families = Families::of(tree);
    let mut open = schemes_needed(tree);
    for (key, value) in members(Some(tree)).filter(|(key, _)| *key != "components") {
        if let Some(shape) = grammar::member(Kind::Document, key, V30) {
            references(value, shape, &mut open);
        }
    }
    let mut needed = HashSet::new();
    while let Some(reference) = open.pop() {
        let at = Pointer::parse(&reference);
        let Some(component) = tree.pointer(at.as_str()) else {
            continue;
        };
        let kind = at.tokens().nth(1).unwrap_or_default();
        if !needed.insert(reference.clone()) {
            continue;
        }
        if let Some(shape) = grammar::member(Kind::Components, &kind, V30).and_then(Shape::kind) {
            references(component, Shape::Node(shape), &mut open);
        }
        if kind == "schemas" {
            open.extend(families.below(&reference, component));
        }
    }
    needed
}

/// The references in a node, those of a discriminator's mapping too.
fn references(value: &Value, shape: Shape, found: &mut Vec<String>) {
    if let Shape::Node(kind) | Shape::BoolOr(kind) = shape {
        if let Some(Value::String(reference)) = value.get("$ref")
            && grammar::container(kind).is_some()
        {
            found.push(reference.clone());
            return;
        }
        if kind == Kind::Discriminator {
            let mapping = members(value.get("mapping"));
            found.extend(mapping.filter_map(|(_, value)| mapped(value)));
        }
    }
    walk::inside(value, shape, V30, &mut |_, shape, value| {
        references(value, shape, found);
    });
}

/// The schema that a mapping's value names, by reference or by its bare name.
fn mapped(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    if text.starts_with('#') {
        return Some(text.to_owned());
    }
    Some(schema_reference(text))
}

fn schema_reference(name: &str) -> String {
    Pointer::parse("/components/schemas").push(name).to_string()
}

/// The schemes that operations ask for, and those whose tokens come from one of the operations.
fn schemes_needed(tree: &Value) -> Vec<String> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let operations = operations(tree);
    for operation in &operations {
        let asked = operation
            .map
            .get("security")
            .or_else(|| tree.get("security"));
        let asked = asked.and_then(Value::as_array).into_iter().flatten();
        names.extend(
            asked
                .flat_map(|any| members(Some(any)))
                .map(|(name, _)| name.as_str()),
        );
    }
    let all = tree.pointer("/components/securitySchemes");
    for (name, scheme) in members(all) {
        let mut urls = members(scheme.get("flows"))
            .filter_map(|(_, flow)| flow.get("tokenUrl")?.as_str())
            .map(|url| url.split(['?', '#']).next().unwrap_or_default());
        if urls.any(|url| {
            operations
                .iter()
                .any(|operation| url.ends_with(operation.path))
        }) {
            names.insert(name);
        }
    }
    let root = Pointer::parse("/components/securitySchemes");
    names
        .iter()
        .map(|name| root.push(name).to_string())
        .collect()
}

/// Which schemas build on which through `allOf`: a base with a discriminator stands for all of them, and does
/// not name them.
struct Families(HashMap<String, Vec<String>>);

impl Families {
    fn of(tree: &Value) -> Self {
        let mut children: HashMap<String, Vec<String>> = HashMap::new();
        for (name, schema) in members(tree.pointer("/components/schemas")) {
            let mut bases = Vec::new();
            bases_of(schema, &mut bases);
            for base in bases {
                children
                    .entry(base)
                    .or_default()
                    .push(schema_reference(name));
            }
        }
        Self(children)
    }

    /// All that build on `schema`, directly or not, if it has a discriminator and no alternatives of its own.
    fn below(&self, reference: &str, schema: &Value) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        if !is_base(schema) {
            return found;
        }
        let mut open = vec![reference];
        while let Some(base) = open.pop() {
            for child in self.0.get(base).into_iter().flatten() {
                if !found.contains(child) {
                    found.push(child.clone());
                    open.push(child);
                }
            }
        }
        found
    }
}

/// The references in `allOf`, also in the branches that stand in it.
fn bases_of(schema: &Value, bases: &mut Vec<String>) {
    let branches = schema.get("allOf").and_then(Value::as_array);
    for branch in branches.into_iter().flatten() {
        match branch.get("$ref").and_then(Value::as_str) {
            Some(reference) => bases.push(reference.to_owned()),
            None => bases_of(branch, bases),
        }
    }
}

fn is_base(schema: &Value) -> bool {
    let branches = schema.get("allOf").and_then(Value::as_array);
    let own = schema.get("discriminator").is_some()
        && schema.get("oneOf").is_none()
        && schema.get("anyOf").is_none();
    own || branches.into_iter().flatten().any(is_base)
}

fn prune(tree: &mut Value, needed: &HashSet<String>) {
    let Some(Value::Object(components)) = tree.get_mut("components") else {
        return;
    };
    let root = Pointer::parse("/components");
    for (kind, members) in components
        .iter_mut()
        .filter(|(kind, _)| !kind.starts_with("x-"))
    {
        let at = root.push(kind);
        if let Value::Object(members) = members {
            members.retain(|name, _| needed.contains(&at.push(name).to_string()));
        }
    }
}
