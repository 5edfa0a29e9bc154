//! Which of OpenAPI's dialects a document is written in.

use serde_json::Value;

use super::grammar::Kind;
use super::{FileId, Place};
use crate::diag::{Code, Diagnostics};
use crate::pointer::Pointer;

/// A dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Swagger 2.0.
    Swagger2,
    /// OpenAPI 3.0.
    OpenApi30,
    /// OpenAPI 3.1 and 3.2, which share JSON Schema.
    OpenApi31,
}

/// What a document says that it is written in, such as `OpenAPI 3.1`.
pub(super) fn name(tree: &Value) -> String {
    let (word, said) = match tree.get("openapi") {
        Some(said) => ("OpenAPI", said),
        None => ("Swagger", tree.get("swagger").unwrap_or(&Value::Null)),
    };
    let said = match said {
        Value::String(text) => text.trim().to_owned(),
        said => said.to_string(),
    };
    let numbers: Vec<&str> = said.split(['.', '-']).take(2).collect();
    format!("{word} {}", numbers.join("."))
}

impl Dialect {
    /// Finds out by `swagger` or `openapi`; reports and returns `None` for what is neither.
    pub(super) fn of(file: FileId, tree: &Value, diags: &mut Diagnostics) -> Option<Self> {
        let said = |key: &str| match tree.get(key)? {
            Value::String(text) => Some(text.trim().to_owned()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let (key, version) = match (said("openapi"), said("swagger")) {
            (Some(version), _) => ("openapi", version),
            (None, Some(version)) => ("swagger", version),
            (None, None) => {
                let message =
                    "the file is not an OpenAPI document: it says neither `openapi` nor `swagger`";
                diags.report_place(
                    Code::UnknownDialect,
                    Place {
                        file,
                        at: Pointer::root(),
                    },
                    message,
                );
                return None;
            }
        };
        let mut parts = version.split(['.', '-']);
        let number = (
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or("0"),
        );
        match (key, number) {
            ("swagger", ("2", "0")) => Some(Self::Swagger2),
            ("openapi", ("3", "0")) => Some(Self::OpenApi30),
            ("openapi", ("3", "1" | "2")) => Some(Self::OpenApi31),
            _ => {
                let at = Pointer::root().push(key);
                let message = format!("`{key}: {version}` is not a version that is known here");
                diags.report_place(Code::UnknownDialect, Place { file, at }, message);
                None
            }
        }
    }

    /// Where components of a kind are kept, as a pointer; `None` if the dialect has none of that kind.
    pub(super) fn container(self, kind: Kind) -> Option<&'static str> {
        match (self, kind) {
            (Self::Swagger2, Kind::Schema) => Some("/definitions"),
            (Self::Swagger2, Kind::Parameter) => Some("/parameters"),
            (Self::Swagger2, Kind::Response) => Some("/responses"),
            (Self::Swagger2, _) => None,
            (_, Kind::Schema) => Some("/components/schemas"),
            (_, Kind::Response) => Some("/components/responses"),
            (_, Kind::Parameter) => Some("/components/parameters"),
            (_, Kind::Example) => Some("/components/examples"),
            (_, Kind::RequestBody) => Some("/components/requestBodies"),
            (_, Kind::Header) => Some("/components/headers"),
            (_, Kind::SecurityScheme) => Some("/components/securitySchemes"),
            (_, Kind::Link) => Some("/components/links"),
            _ => None,
        }
    }
}
