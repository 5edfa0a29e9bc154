//! The parameters of a request: each name once (RFC 6749, section 3.2), and none in the place of another.

use bytes::Bytes;
use zeroize::Zeroizing;

use super::super::super::form::form_encoded;
use super::super::super::{Body, BuildError, BuildErrorKind, Secret};

/// Names that have setters of their own. A parameter that is given by its name is none of them.
const RESERVED: [&str; 17] = [
    "assertion",
    "audience",
    "client_assertion",
    "client_assertion_type",
    "client_id",
    "client_secret",
    "code",
    "code_verifier",
    "device_code",
    "grant_type",
    "password",
    "redirect_uri",
    "refresh_token",
    "resource",
    "scope",
    "token",
    "username",
];

/// Names that extension grants give a meaning of their own.
const FREE_FOR_EXTENSIONS: [&str; 6] = [
    "assertion",
    "code",
    "device_code",
    "password",
    "redirect_uri",
    "username",
];

/// Who gives a parameter by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GivenTo {
    /// Every request of the endpoint.
    Endpoint,
    /// The first request of an extension grant.
    Extension,
}

/// Parameters that were given by name.
pub(super) type Params = Vec<(String, Secret)>;

/// Looks whether parameters may go by these names.
///
/// # Errors
/// A name is empty, has a setter of its own, or is there twice.
pub(super) fn check(params: &[(&Params, GivenTo)]) -> Result<(), BuildError> {
    let refused = |message: String| Err(BuildError::new(BuildErrorKind::Parameter, message));
    let mut seen: Vec<&str> = Vec::new();
    for (params, given_to) in params {
        for (name, _) in *params {
            let is = |known: &&str| known.eq_ignore_ascii_case(name);
            let is_free = *given_to == GivenTo::Extension && FREE_FOR_EXTENSIONS.iter().any(&is);
            if name.is_empty() {
                return refused("a parameter of the token request has an empty name".to_owned());
            }
            if RESERVED.iter().any(&is) && !is_free {
                return refused(format!(
                    "`{name}` cannot be given by its name: use the method that is there for it"
                ));
            }
            if seen.iter().any(is) {
                return refused(format!("the parameter `{name}` is given twice"));
            }
            seen.push(name);
        }
    }
    Ok(())
}

/// The body of a request, in the making.
#[derive(Default)]
pub(super) struct Form<'a>(Vec<(&'a str, Text<'a>)>);

enum Text<'a> {
    Borrowed(&'a str),
    Owned(Secret),
}

impl Text<'_> {
    fn as_str(&self) -> &str {
        match self {
            Text::Borrowed(text) => text,
            Text::Owned(secret) => secret.expose(),
        }
    }
}

impl<'a> Form<'a> {
    pub(super) fn put(&mut self, name: &'a str, value: &'a str) {
        self.0.push((name, Text::Borrowed(value)));
    }

    pub(super) fn put_owned(&mut self, name: &'a str, value: impl Into<Secret>) {
        self.0.push((name, Text::Owned(value.into())));
    }

    /// The parameters as `application/x-www-form-urlencoded`, in memory that is wiped when dropped.
    pub(super) fn body(&self) -> Body {
        // Three bytes for each is the most that encoding makes of it: the buffer never moves.
        let length = |text: &str| 3 * text.len() + 1;
        let most = self
            .0
            .iter()
            .map(|(name, value)| length(name) + length(value.as_str()));
        let mut out = Zeroizing::new(Vec::with_capacity(most.sum()));
        for (name, value) in &self.0 {
            if !out.is_empty() {
                out.push(b'&');
            }
            out.extend_from_slice(form_encoded(name).as_bytes());
            out.push(b'=');
            out.extend_from_slice(form_encoded(value.as_str()).as_bytes());
        }
        Body::from(Bytes::from_owner(out))
    }
}
