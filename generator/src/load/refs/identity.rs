//! Nodes that have names of their own: `$id`, `$anchor`, `$dynamicAnchor`, and the document's `$self`.
//!
//! A schema with an `$id` is a resource of its own (JSON Schema 2020-12, core, section 8.2.1): references inside of
//! it are relative to it, as those of a document are to the document.

use std::collections::HashMap;

use serde_json::Value;

use crate::load::trail::Trail;
use crate::pointer::Pointer;

/// The names of one file.
#[derive(Default)]
pub(super) struct Identities {
    /// What a URI names: an `$id` as written and as its surroundings complete it, `URI#anchor`, and `#anchor`.
    by_name: HashMap<String, Pointer>,
    /// The schemas in the file with an `$id`, and the URI that it is.
    resources: Vec<(Pointer, String)>,
    /// The URI of the file, if it says so.
    base: String,
}

impl Identities {
    /// Looks through a file.
    pub(super) fn of(tree: &Value) -> Self {
        let mut found = Self::default();
        if let Some(own) = tree.get("$self").and_then(Value::as_str) {
            own.clone_into(&mut found.base);
            found.by_name.insert(own.to_owned(), Pointer::root());
        }
        let base = found.base.clone();
        found.note(tree, Trail::Root, &base);
        found
    }

    fn note(&mut self, value: &Value, trail: Trail<'_>, base: &str) {
        match value {
            Value::Object(map) => {
                let said = |key: &str| map.get(key).and_then(Value::as_str);
                let id = said("$id").filter(|id| !id.is_empty() && !id.starts_with('#'));
                let own = id.map(|id| join(base, id.trim_end_matches('#')));
                if let (Some(id), Some(own)) = (id, &own) {
                    let at = trail.pointer();
                    if at == Pointer::root() {
                        own.clone_into(&mut self.base);
                    } else {
                        self.resources.push((at.clone(), own.clone()));
                    }
                    for name in [id, own.as_str()] {
                        let name = name.trim_end_matches('#').to_owned();
                        self.by_name.entry(name).or_insert_with(|| at.clone());
                    }
                }
                let base = own.as_deref().unwrap_or(base);
                for name in ["$anchor", "$dynamicAnchor"].into_iter().filter_map(said) {
                    for name in [format!("#{name}"), format!("{base}#{name}")] {
                        self.by_name.entry(name).or_insert_with(|| trail.pointer());
                    }
                }
                for (key, value) in map {
                    self.note(value, trail.key(key), base);
                }
            }
            Value::Array(list) => {
                for (index, value) in list.iter().enumerate() {
                    self.note(value, trail.index(index), base);
                }
            }
            _ => {}
        }
    }

    /// The node that a name without a pointer behind it names in the whole file.
    pub(super) fn named(&self, name: &str) -> Option<&Pointer> {
        self.by_name
            .get(name)
            .or_else(|| self.by_name.get(&join(&self.base, name)))
    }

    /// Whether there are schemas with an `$id` in the file.
    pub(super) fn has_resources(&self) -> bool {
        !self.resources.is_empty()
    }

    /// Whether references may mean something else where `trail` is than elsewhere in the file.
    pub(super) fn is_inside(&self, trail: Trail<'_>) -> bool {
        !self.resources.is_empty() && self.around(&trail.pointer()).is_some()
    }

    /// The innermost resource that a place is in.
    fn around(&self, at: &Pointer) -> Option<&(Pointer, String)> {
        let around = |(holder, _): &&(Pointer, String)| {
            let rest = at.as_str().strip_prefix(holder.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let resources = self.resources.iter().filter(around);
        resources.max_by_key(|(holder, _)| holder.as_str().len())
    }

    /// What a reference at `trail` leads to by way of the resource that it is in, or of another one's name.
    pub(super) fn lookup(&self, tree: &Value, text: &str, trail: Trail<'_>) -> Option<Pointer> {
        let (uri, fragment) = text.split_once('#').unwrap_or((text, ""));
        let (resource, base) = match self.around(&trail.pointer()) {
            Some((resource, base)) => (Some(resource), base),
            None => (None, &self.base),
        };
        let whole = join(base, uri);
        let resource = match uri {
            "" => resource?,
            _ => self.by_name.get(uri).or_else(|| self.by_name.get(&whole))?,
        };
        if fragment.is_empty() {
            return Some(resource.clone());
        }
        if !fragment.starts_with('/') {
            let own = self.resources.iter().find(|(at, _)| at == resource);
            let base = own.map_or(&self.base, |(_, base)| base);
            return self.by_name.get(&format!("{base}#{fragment}")).cloned();
        }
        [super::files::decoded(fragment), fragment.to_owned()]
            .iter()
            .map(|fragment| Pointer::parse(&format!("{}{fragment}", resource.as_str())))
            .find(|at| tree.pointer(at.as_str()).is_some())
    }
}

/// A URI reference as one in `base` is meant (RFC 3986, section 5.2), without its fragment; as it is if there is no
/// base.
fn join(base: &str, uri: &str) -> String {
    let has_scheme = uri
        .split_once(':')
        .is_some_and(|(scheme, _)| !scheme.contains(['/', '?']));
    if uri.is_empty() || base.is_empty() || has_scheme {
        return if uri.is_empty() { base } else { uri }.to_owned();
    }
    let (scheme, rest) = base.split_once("://").unwrap_or(("", base));
    let (host, path) = match scheme {
        "" => ("", rest),
        _ => rest.split_at(rest.find('/').unwrap_or(rest.len())),
    };
    let root = match scheme {
        "" => String::new(),
        _ => format!("{scheme}://{host}"),
    };
    if let Some(host) = uri.strip_prefix("//") {
        return format!("{scheme}://{host}");
    }
    if uri.starts_with('/') {
        return root + uri;
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in uri.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop().filter(|part| !part.is_empty())),
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    if root.is_empty() || path.starts_with('/') {
        root + &path
    } else {
        format!("{root}/{path}")
    }
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn references_are_completed_by_what_is_around_them() {
        #[rustfmt::skip]
        let table = [
            // base                         reference               meant
            ("https://a.example.com/b/c",   "d",                    "https://a.example.com/b/d"),
            ("https://a.example.com/b/c",   "../d",                 "https://a.example.com/d"),
            ("https://a.example.com/b/c",   "/d",                   "https://a.example.com/d"),
            ("https://a.example.com/b/c",   "//e.example.com/d",    "https://e.example.com/d"),
            ("https://a.example.com/b/c",   "urn:d",                "urn:d"),
            ("https://a.example.com/b/c",   "",                     "https://a.example.com/b/c"),
            ("https://a.example.com",       "d",                    "https://a.example.com/d"),
            ("",                            "d",                    "d"),
            ("b/c",                         "d",                    "b/d"),
        ];
        for (base, reference, meant) in table {
            assert_eq!(join(base, reference), meant, "{reference:?} in {base:?}");
        }
    }
}
