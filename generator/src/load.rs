//! A text in, one normal form out.
//!
//! In: the text of an OpenAPI document (JSON or YAML; Swagger 2.0, OpenAPI 3.0, 3.1 or 3.2), an overlay, and
//! the files that it refers to.
//! Out: a [`Document`] in the form of OpenAPI 3.0, all of whose references point into its own components.
//!
//! This is the only room that reads files and the only one that knows dialects. One bad node never costs the
//! rest of the document: it is mended or left out, and reported at its line.

mod census;
mod dialect;
mod grammar;
pub(crate) mod locate;
mod mend;
mod openapi31;
mod origins;
mod overlay;
mod refs;
mod select;
mod source;
mod swagger2;
#[cfg(test)]
mod tests;
mod trail;
mod typed;
pub(crate) mod upstream;
mod value;
mod walk;

use std::collections::BTreeMap;
use std::path::PathBuf;

use indexmap::IndexMap;
use serde_json::Value;

pub use origins::{FileId, Origins, Place};
pub use overlay::{Difference, overlay_between};
pub use select::{Pattern, Selection};
pub use source::Source;
pub use typed::OtherMethod;

use self::dialect::Dialect;
use crate::census::Census;
use crate::deep;
use crate::diag::{Code, Diagnostics};
use crate::pointer::Pointer;

/// What the caller decides about reading.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// The folder that references may not leave; `None` is the folder of the document.
    pub root: Option<PathBuf>,
    /// The hosts that references may lead to, each with its port if that is not the scheme's own; nothing is
    /// fetched from any other.
    pub hosts: Vec<String>,
    /// The operations that are wanted.
    pub selection: Selection,
}

/// A document in its normal form.
#[derive(Clone, Debug)]
pub struct Document {
    /// The dialect that it is written in, such as `OpenAPI 3.1`.
    pub dialect: String,
    /// The document, typed.
    pub openapi: openapiv3::OpenAPI,
    /// What the API sends by itself, typed: OpenAPI 3.1's `webhooks`.
    pub webhooks: IndexMap<String, openapiv3::PathItem>,
    /// The operations with other methods than OpenAPI 3.0 has (`query`, `additionalOperations`), by the place of
    /// the path item that they belong to.
    pub others: BTreeMap<Pointer, Vec<OtherMethod>>,
    /// The same document as a tree, with what the typed form cannot hold.
    pub tree: Value,
}

impl Document {
    /// What became of everything in the document, once all stages are through with it.
    #[must_use]
    pub fn census(&self, diags: &Diagnostics) -> Census {
        Census {
            operations: census::operations_of(&self.tree, diags),
            schemas: census::schemas(&self.tree, diags),
        }
    }
}

/// Reads a document.
///
/// Every `$ref` in the result is `#/components/KIND/NAME`, of the kind that its place asks for, and exists.
/// `None` if there is nothing to go on with: the text cannot be read, or is not an OpenAPI document. Why, and
/// all that was mended, is in `diags`, which also learns where the nodes of the result came from.
#[must_use]
pub fn load(
    source: &Source,
    overlay: Option<&Source>,
    options: &LoadOptions,
    diags: &mut Diagnostics,
) -> Option<Document> {
    let file = diags.origins_mut().add_file(source);
    let mut tree = read(file, source, diags)?;
    if let Some(overlay) = overlay {
        let file = diags.origins_mut().add_file(overlay);
        let corrections = read(file, overlay, diags)?;
        overlay::apply(&mut tree, file, &corrections, diags);
    }
    diags.origins_mut().begin_others();
    let named = dialect::name(&tree);
    let dialect = Dialect::of(file, &tree, diags)?;
    let tree = refs::resolve(file, source, tree, dialect, options, diags);
    let before = census::origins(&census::operations(&tree), diags);
    let mut tree = match dialect {
        Dialect::Swagger2 => swagger2::convert(tree, diags),
        Dialect::OpenApi30 | Dialect::OpenApi31 => tree,
    };
    openapi31::convert(&mut tree, dialect, diags);
    mend::mend(&mut tree, diags);
    let after = census::origins(&census::operations(&tree), diags);
    census::note_refused(before, &after, diags);
    select::select(&mut tree, &options.selection, diags);
    let typed = deep::run(|| typed::read(&tree, diags));
    Some(Document {
        dialect: named,
        openapi: typed.openapi,
        webhooks: typed.webhooks,
        others: typed.others,
        tree,
    })
}

/// The tree of a document as it is written, with the corrections of an overlay and nothing else done to it. `None` if
/// one of them cannot be read; why, and what cannot be applied, is in `diags`.
#[must_use]
pub fn overlaid(source: &Source, overlay: &Source, diags: &mut Diagnostics) -> Option<Value> {
    let file = diags.origins_mut().add_file(source);
    let mut tree = read(file, source, diags)?;
    let file = diags.origins_mut().add_file(overlay);
    let corrections = read(file, overlay, diags)?;
    overlay::apply(&mut tree, file, &corrections, diags);
    Some(tree)
}

/// Reads the tree of one file and reports what is wrong with its text.
fn read(file: FileId, source: &Source, diags: &mut Diagnostics) -> Option<Value> {
    match source::parse(source) {
        Ok(parsed) => {
            for duplicate in parsed.duplicates {
                let message = format!(
                    "`{}` is given more than once; the last one counts",
                    duplicate.key
                );
                diags.report_place(
                    Code::DuplicateKey,
                    Place {
                        file,
                        at: duplicate.at,
                    },
                    message,
                );
            }
            Some(parsed.tree)
        }
        Err(unreadable) => {
            diags.report_offset(
                Code::SyntaxError,
                file,
                unreadable.offset,
                unreadable.reason,
            );
            None
        }
    }
}
