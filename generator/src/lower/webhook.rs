//! What the API sends by itself: webhooks, and the callbacks of operations.
//!
//! A client does not serve these requests, but who does needs their bodies' types.

use openapiv3::{Operation as SpecOperation, PathItem};

use super::operation::methods;
use super::schema::within;
use super::{Lower, content, resolve};
use crate::model::{Called, Docs, Webhook};
use crate::pointer::Pointer;

/// Callbacks may have callbacks; beyond this, nobody looks.
const DEEPEST: usize = 4;

/// Lowers them: webhooks first, then callbacks, each in the order of the document.
pub(super) fn webhooks(cx: &mut Lower<'_>) -> Vec<Webhook> {
    let document = cx.document;
    let mut found = Vec::new();
    let root = Pointer::root().push("webhooks");
    for (name, item) in &document.webhooks {
        let at = root.push(name);
        let called = Called(vec![name.clone(), "webhook".to_owned()]);
        sent(cx, &at, name, item, &called, &mut found);
    }
    let root = Pointer::root().push("paths");
    for (path, item) in &document.openapi.paths.paths {
        let Some(item) = item.as_item() else { continue };
        for (_, at, operation) in methods(document, &root.push(path), item) {
            callbacks(cx, &at, operation, DEEPEST, &mut found);
        }
    }
    found
}

/// The requests that a path item says are sent.
fn sent<'d>(
    cx: &mut Lower<'d>,
    at: &Pointer,
    name: &str,
    item: &'d PathItem,
    called: &Called,
    found: &mut Vec<Webhook>,
) {
    for (method, at, operation) in methods(cx.document, at, item) {
        let id = operation.operation_id.clone();
        let called = match id.filter(|id| !id.trim().is_empty()) {
            Some(id) => Called(vec![id]),
            None => called.clone(),
        };
        found.push(webhook(cx, &at, name, method, operation, &called));
    }
}

fn callbacks<'d>(
    cx: &mut Lower<'d>,
    at: &Pointer,
    operation: &'d SpecOperation,
    deepest: usize,
    found: &mut Vec<Webhook>,
) {
    let root = at.push("callbacks");
    for (name, items) in &operation.callbacks {
        for (expression, item) in items {
            let at = root.push(name).push(expression);
            let called = Called(vec![name.clone(), "callback".to_owned()]);
            sent(cx, &at, name, item, &called, found);
            for (_, at, operation) in methods(cx.document, &at, item) {
                if deepest > 0 {
                    callbacks(cx, &at, operation, deepest - 1, found);
                }
            }
        }
    }
}

fn webhook<'d>(
    cx: &mut Lower<'d>,
    at: &Pointer,
    name: &str,
    method: &str,
    operation: &'d SpecOperation,
    called: &Called,
) -> Webhook {
    let body = operation.request_body.as_ref().and_then(|body| {
        let at = at.push("requestBody");
        let (at, body) = resolve(&cx.components.request_bodies, "requestBodies", &at, body)?;
        content::request_body(cx, &at, body, &within(called, "request"))
    });
    Webhook {
        at: at.clone(),
        wire_name: name.to_owned(),
        method: method.to_owned(),
        docs: Docs {
            summary: operation.summary.clone(),
            description: operation.description.clone(),
            deprecated: operation.deprecated,
            link: None,
            example: None,
        },
        content: body.map(|body| body.content).unwrap_or_default(),
    }
}
