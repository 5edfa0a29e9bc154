//! The normal form as `openapiv3`'s types.

use openapiv3::OpenAPI;
use serde::Deserialize;
use serde_json::Value;

use crate::diag::{Code, Diagnostics};
use crate::pointer::Pointer;

/// Reads the typed form of a tree.
pub(super) fn read(tree: &Value, diags: &mut Diagnostics) -> OpenAPI {
    OpenAPI::deserialize(tree).unwrap_or_else(|err| {
        diags.report(Code::UnreadableNode, &Pointer::root(), err.to_string());
        OpenAPI::default()
    })
}
