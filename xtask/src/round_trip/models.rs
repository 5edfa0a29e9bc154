//! The types of a document that its values need, and no others: half of what there is to compile.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use specmint::file::File;
use specmint::options::{Options, Runtime, TagFeatures};
use specmint::spec::Spec;

/// The files of the types that the types in `wanted` are made of, seen from the folder of the program.
///
/// # Errors
/// Nothing can be generated, for a reason that is in no document.
pub(super) fn models<'a>(
    spec: &Spec,
    wanted: impl IntoIterator<Item = &'a str>,
) -> io::Result<Vec<File>> {
    let runtime = Runtime::Path(String::new());
    let options = Options {
        tag_features: TagFeatures::Off,
        ..Options::new("round-trip", runtime, "cargo xtask round-trip")
    };
    let output = specmint::generate(std::slice::from_ref(spec), &options)
        .map_err(|refusal| io::Error::other(refusal.to_string()))?;
    let below: BTreeMap<String, String> = output
        .files
        .into_iter()
        .filter_map(|file| Some((file.path.strip_prefix("src/")?.to_owned(), file.text)))
        .collect();
    let index = format!("{}/models.rs", spec.name);
    let modules: BTreeMap<&str, &str> = below
        .get(&index)
        .map(|text| text.lines().filter_map(exported).collect())
        .unwrap_or_default();
    let mut waiting: Vec<&str> = wanted.into_iter().flat_map(models_in).collect();
    let mut kept = BTreeSet::new();
    let mut files = Vec::new();
    let mut lines = String::new();
    while let Some(name) = waiting.pop() {
        let Some(module) = modules.get(name).filter(|_| kept.insert(name)) else {
            continue;
        };
        let path = format!(
            "{}/models/{}.rs",
            spec.name,
            module.trim_start_matches("r#")
        );
        let Some(text) = below.get(&path) else {
            continue;
        };
        waiting.extend(text.lines().flat_map(neighbours));
        lines.push_str(&format!("mod {module};\npub use {module}::{name};\n"));
        let text = text.clone();
        files.push(File { path, text });
    }
    if !files.is_empty() {
        let (path, text) = (index, lines);
        files.push(File { path, text });
    }
    Ok(files)
}

/// The name and the module of a type, from its line in the index: `pub use pet::Pet;`.
fn exported(line: &str) -> Option<(&str, &str)> {
    let path = line.strip_prefix("pub use ")?.strip_suffix(';')?;
    let (module, name) = path.split_once("::")?;
    Some((name, module))
}

/// The models in a type: `Pet` of `Vec<models::Pet>`.
fn models_in(ty: &str) -> impl Iterator<Item = &str> {
    ty.split("models::")
        .skip(1)
        .filter_map(|rest| rest.split([',', '>', ')']).next())
}

/// The types that a file imports from its neighbours: `use super::{Cat, Dog};`.
fn neighbours(line: &str) -> impl Iterator<Item = &str> {
    let names = line
        .strip_prefix("use super::")
        .and_then(|names| names.strip_suffix(';'));
    let names = names.unwrap_or_default().trim_matches(['{', '}']);
    names.split(", ").filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_types_that_a_value_needs_are_found() {
        let spec = specmint::load::Source::new(
            "zoo.yaml",
            "
openapi: 3.0.3
info: { title: Zoo, version: '1' }
paths: {}
components:
  schemas:
    Cat: { type: object, properties: { friend: { $ref: '#/components/schemas/Dog' } } }
    Dog: { type: object, properties: { kind: { $ref: '#/components/schemas/type' } } }
    type: { type: string, enum: [big] }
    Fish: { type: object, properties: { fins: { type: integer } } }
",
        );
        let files = models(&Spec::new(spec), ["Vec<models::Cat>"]).expect("a client can be made");
        let mut paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        paths.sort_unstable();
        assert_eq!(
            paths,
            [
                "zoo/models.rs",
                "zoo/models/cat.rs",
                "zoo/models/dog.rs",
                "zoo/models/type_.rs"
            ]
        );
    }
}
