//! What findings are about.

use std::fmt;

use crate::model::Location;
use crate::plan::doc_code;

/// What a finding is about, in words that both layers know: those of the wire for operations and members, those
/// of Rust for types. What was renamed has its new name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The API as a whole.
    Api,
    /// A cargo feature.
    Feature(String),
    /// A server, by its URL.
    Server(String),
    /// A security scheme, by its key.
    Scheme(String),
    /// A request that the API sends by itself, by its key.
    Webhook(String),
    /// An operation, by method and path, and what of it.
    Operation(String, OperationPart),
    /// A type, by its name in `models`, and what of it.
    Type(String, TypePart),
}

/// A part of an operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the variants are parts that OpenAPI has")]
pub enum OperationPart {
    Whole,
    Parameter(Location, String),
    Body,
    /// What it gives where it succeeds.
    Output,
    /// What it gives where it fails.
    Failure,
    /// By its status, as the document has it.
    Response(String),
    /// By its name in lower case.
    Header(String),
    Security,
    Servers,
    Token,
    Pages,
}

/// A part of a type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TypePart {
    /// All of it.
    Whole,
    /// A member, by its name on the wire.
    Field(String),
    /// A value of an enum, as JSON has it.
    Value(String),
    /// An alternative of a union, by its variant.
    Variant(String),
}

impl Place {
    /// A part of the same operation.
    pub(super) fn part(&self, part: OperationPart) -> Self {
        match self {
            Self::Operation(operation, _) => Self::Operation(operation.clone(), part),
            other => other.clone(),
        }
    }

    /// A part of the same type.
    pub(super) fn member(&self, part: TypePart) -> Self {
        match self {
            Self::Type(name, _) => Self::Type(name.clone(), part),
            other => other.clone(),
        }
    }

    /// The whole that it is a part of, if it is one.
    pub(super) fn whole(&self) -> Option<Self> {
        let whole = match self {
            Self::Operation(operation, _) => {
                Self::Operation(operation.clone(), OperationPart::Whole)
            }
            Self::Type(name, _) => Self::Type(name.clone(), TypePart::Whole),
            _ => return None,
        };
        (whole != *self).then_some(whole)
    }

    /// The word for what it is: `parameter`, `field`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Feature(_) => "feature",
            Self::Server(_) => "server",
            Self::Scheme(_) => "scheme",
            Self::Webhook(_) => "webhook",
            Self::Operation(_, part) => match part {
                OperationPart::Whole => "operation",
                OperationPart::Parameter(..) => "parameter",
                OperationPart::Body => "body",
                OperationPart::Output => "output",
                OperationPart::Failure => "failure",
                OperationPart::Response(_) => "response",
                OperationPart::Header(_) => "header",
                OperationPart::Security => "security",
                OperationPart::Servers => "servers",
                OperationPart::Token => "token",
                OperationPart::Pages => "pages",
            },
            Self::Type(_, part) => match part {
                TypePart::Whole => "schema",
                TypePart::Field(_) => "field",
                TypePart::Value(_) => "value",
                TypePart::Variant(_) => "alternative",
            },
        }
    }

    /// What its part is called, if it has a name.
    #[must_use]
    pub fn part_name(&self) -> Option<&str> {
        match self {
            Self::Operation(
                _,
                OperationPart::Parameter(_, name)
                | OperationPart::Header(name)
                | OperationPart::Response(name),
            ) => Some(name),
            Self::Type(_, part) => match part {
                TypePart::Field(name) | TypePart::Value(name) | TypePart::Variant(name) => {
                    Some(name)
                }
                TypePart::Whole => None,
            },
            _ => None,
        }
    }
}

/// As Markdown.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api => f.write_str("the API"),
            Self::Feature(name) => write!(f, "feature {}", doc_code(name)),
            Self::Server(url) => write!(f, "server {}", doc_code(url)),
            Self::Scheme(name) => write!(f, "scheme {}", doc_code(name)),
            Self::Webhook(name) => write!(f, "webhook {}", doc_code(name)),
            Self::Operation(operation, part) => {
                f.write_str(&doc_code(operation))?;
                operation_part(f, part)
            }
            Self::Type(name, TypePart::Field(field)) => {
                f.write_str(&doc_code(&format!("{name}.{field}")))
            }
            Self::Type(name, part) => {
                f.write_str(&doc_code(name))?;
                match part {
                    TypePart::Value(value) => write!(f, " value {}", doc_code(value)),
                    TypePart::Variant(name) => write!(f, " alternative {}", doc_code(name)),
                    TypePart::Whole | TypePart::Field(_) => Ok(()),
                }
            }
        }
    }
}

fn operation_part(f: &mut fmt::Formatter<'_>, part: &OperationPart) -> fmt::Result {
    match part {
        OperationPart::Whole => Ok(()),
        OperationPart::Parameter(location, name) => {
            write!(f, " {} parameter {}", in_words(*location), doc_code(name))
        }
        OperationPart::Response(status) => write!(f, " response {}", doc_code(status)),
        OperationPart::Header(name) => write!(f, " response header {}", doc_code(name)),
        OperationPart::Body => f.write_str(" request body"),
        OperationPart::Output => f.write_str(" result"),
        OperationPart::Failure => f.write_str(" failure"),
        OperationPart::Security => f.write_str(" security"),
        OperationPart::Servers => f.write_str(" servers"),
        OperationPart::Token => f.write_str(" token"),
        OperationPart::Pages => f.write_str(" pages"),
    }
}

/// Where a parameter goes, as OpenAPI says it.
pub(super) fn in_words(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}
