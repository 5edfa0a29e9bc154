//! Header parameters that OpenAPI reserves: `Accept`, `Content-Type` and `Authorization`.
//!
//! OpenAPI 3.0 says that they are to be ignored, and Swagger 2.0 vendors describe with them what they had no
//! other words for. They never become free texts of the call; what they mean is kept.

use openapiv3::{ParameterData, ParameterSchemaOrContent, ReferenceOr};

use super::facts;
use crate::model::{Body, Media};
use crate::pointer::Pointer;

/// What a reserved header parameter says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reserved {
    /// `Accept`: follows from the responses.
    Accept,
    /// `Content-Type`: the media types that a body may have.
    ContentType(Vec<String>),
    /// `Authorization`: how the call authenticates.
    Authorization {
        /// The scheme that its text or its values speak of.
        scheme: AuthorizationScheme,
        /// Whether the call must have it.
        required: bool,
    },
}

/// The scheme that an `Authorization` parameter speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AuthorizationScheme {
    /// `Basic` (RFC 7617).
    Basic,
    /// `Bearer` (RFC 6750).
    Bearer,
    /// Not told: the whole value is the caller's.
    Unsaid,
}

/// What a header parameter says if its name is reserved, whatever its letters' case.
pub(super) fn reserved(parameter: &ParameterData) -> Option<Reserved> {
    let name = parameter.name.to_ascii_lowercase();
    let said = said_by(parameter);
    match name.as_str() {
        "accept" => Some(Reserved::Accept),
        "content-type" => Some(Reserved::ContentType(media_types(&said))),
        "authorization" => Some(Reserved::Authorization {
            scheme: authorization_scheme(&said),
            required: parameter.required,
        }),
        _ => None,
    }
}

/// All texts of a parameter in which a value may be named.
fn said_by(parameter: &ParameterData) -> String {
    let mut said = parameter.description.clone().unwrap_or_default();
    let mut add = |value: &serde_json::Value| {
        if let Some(text) = value.as_str() {
            said.push(' ');
            said.push_str(text);
        }
    };
    parameter.example.iter().for_each(&mut add);
    if let ParameterSchemaOrContent::Schema(ReferenceOr::Item(schema)) = &parameter.format {
        let (facts, _) = facts::read(&Pointer::root(), schema);
        facts.values.iter().flatten().for_each(&mut add);
        facts.default.iter().for_each(&mut add);
        facts.docs.example.iter().for_each(&mut add);
        if let Some(text) = &facts.docs.description {
            said.push(' ');
            said.push_str(text);
        }
    }
    said
}

/// The media types that a text names, in its order.
fn media_types(said: &str) -> Vec<String> {
    const REGISTRIES: [&str; 4] = ["application/", "text/", "multipart/", "image/"];
    let mut found: Vec<String> = Vec::new();
    let is_part = |c: char| c.is_ascii_alphanumeric() || "!#$&^_.+-/".contains(c);
    for word in said.split(|c| !is_part(c)) {
        let word = word.trim_end_matches(['.', '-', '/']).to_ascii_lowercase();
        let named = REGISTRIES
            .iter()
            .any(|registry| word.len() > registry.len() && word.starts_with(registry));
        if named && word.matches('/').count() == 1 && !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

fn authorization_scheme(said: &str) -> AuthorizationScheme {
    let words: Vec<String> = said
        .split(|c: char| !c.is_ascii_alphanumeric())
        .map(str::to_ascii_lowercase)
        .collect();
    let says = |wanted: &str| words.iter().any(|word| word == wanted);
    match (says("basic"), says("bearer")) {
        (true, false) => AuthorizationScheme::Basic,
        (false, true) => AuthorizationScheme::Bearer,
        _ => AuthorizationScheme::Unsaid,
    }
}

/// Offers the media types that a `Content-Type` parameter allows beside the declared ones.
pub(super) fn add_media_types(body: &mut Body, reserved: &[Reserved]) {
    let allowed = reserved.iter().filter_map(|meaning| match meaning {
        Reserved::ContentType(types) => Some(types),
        _ => None,
    });
    for media_type in allowed.flatten() {
        let known = body
            .content
            .iter()
            .any(|media| media.media_type == *media_type);
        if let Some(first) = body.content.first()
            && !known
        {
            body.content.push(Media {
                media_type: media_type.clone(),
                ..first.clone()
            });
        }
    }
}
