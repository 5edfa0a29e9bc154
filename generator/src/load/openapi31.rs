//! OpenAPI 3.1 and 3.2 to the form of OpenAPI 3.0.
//!
//! What 3.0 has words for is put into them; what `lower` understands beyond that is kept, under its own name
//! where 3.0 gives that no other meaning and else under `x-specmint-…`; the rest is named in a warning and left
//! out. Documents that say they are older and use the newer words all the same are understood too, with a
//! warning.

mod events;
mod nodes;
mod schemas;

use serde_json::Value;

use super::dialect::Dialect;
use super::grammar::{Kind, Shape, V30, V31};
use super::trail::Trail;
use super::walk;
use crate::diag::{Code, Diagnostics};

/// Brings a document into the form of OpenAPI 3.0.
pub(super) fn convert(tree: &mut Value, dialect: Dialect, diags: &mut Diagnostics) {
    if dialect == Dialect::OpenApi31 {
        events::open_data(tree, diags);
    }
    let mut cx = Conversion { dialect, diags };
    let document = Shape::Node(Kind::Document);
    walk::nodes(
        tree,
        document,
        V30 | V31,
        Trail::Root,
        &mut |kind, value, trail| {
            if kind == Kind::Schema {
                cx.schema(value, trail);
            } else if let Value::Object(map) = value {
                cx.node(map, kind, trail);
            }
        },
    );
}

struct Conversion<'a> {
    dialect: Dialect,
    diags: &'a mut Diagnostics,
}

impl Conversion<'_> {
    fn report(&mut self, code: Code, trail: Trail<'_>, message: impl Into<String>) {
        if let Some(place) = self.diags.origins().place(&trail.pointer()) {
            self.diags.report_place(code, place, message);
        }
    }

    /// A newer keyword is understood; an older document that uses it is told so.
    fn newer(&mut self, trail: Trail<'_>, keyword: &str) {
        if self.dialect != Dialect::OpenApi31 {
            let message = format!(
                "`{keyword}` in this form belongs to OpenAPI 3.1; it is understood all the same"
            );
            self.report(Code::NewerKeyword, trail.key(keyword), message);
        }
    }

    fn ignored(&mut self, trail: Trail<'_>, keyword: &str, consequence: &str) {
        let message = format!("`{keyword}` is not supported: {consequence}");
        self.report(Code::KeywordIgnored, trail.key(keyword), message);
    }

    fn moved(&mut self, trail: Trail<'_>, from: &str, to: &str) {
        let at = trail.pointer();
        self.diags.origins_mut().moved(&at.push(from), &at.push(to));
    }
}
