//! Reading what token endpoints answer, piece by piece, and believing no more than can be checked.
//!
//! [`Members`] are the names and values of a JSON object or a form. [`access_token`], [`token_type`],
//! [`scope`], [`lifetime()`] and the functions beside them each read one value; [`refusal()`] reads an error. None
//! panics, whatever the answer holds, and none keeps a text of the server's that is not checked.
//!
//! Implement [`Endpoint`](super::Endpoint) with them:
//!
//! ```
//! # use specmint_runtime as runtime;
//! use runtime::token::read::{self, Members};
//! use runtime::token::{Issued, Refusal};
//! use runtime::{Body, http};
//!
//! fn read(response: &http::Response<Body>) -> Result<Issued, Refusal> {
//!     let members = read::success(response, &[200], &[])?;
//!     let mut issued = Issued::new(read::access_token(members.get("token"))?);
//!     issued.lifetime = read::lifetime(members.get("ttl"), read::Unit::Seconds)?;
//!     Ok(issued)
//! }
//!
//! let response = http::Response::new(Body::from(r#"{"token": "a.b", "ttl": "3600"}"#));
//! assert_eq!(read(&response).unwrap().access_token.expose(), "a.b");
//! ```

mod lifetime;
mod members;
mod refusal;
mod tokens;

pub use super::super::retry::retry_after;
pub use lifetime::{LONGEST, Unit, lifetime};
pub use members::{Members, Value};
pub use refusal::{VendorCode, description, error_code, kind_of, refusal};
pub use tokens::{access_token, extra, refresh_token, scope, token_type};

use super::super::Body;
use super::{Refusal, TokenErrorKind};

/// The members of a successful answer.
///
/// An answer is a success if its status is one of `statuses` and its body an object without an error in it.
///
/// # Errors
/// The answer is an error, a redirect, or not readable. `vendor` says what codes mean that no RFC names.
pub fn success<'b>(
    response: &'b http::Response<Body>,
    statuses: &[u16],
    vendor: &[VendorCode],
) -> Result<Members<'b>, Refusal> {
    let members = Members::of(response);
    let readable = members.as_ref().ok();
    if let Some(refusal) = refusal(response, readable, statuses, vendor) {
        return Err(refusal);
    }
    members.map_err(|refusal| Refusal {
        status: Some(response.status().as_u16()),
        ..refusal
    })
}

/// The refusal of an answer that is not what it should be, and what is wrong with it.
pub fn malformed(detail: &'static str) -> Refusal {
    Refusal {
        detail: Some(detail),
        ..Refusal::new(TokenErrorKind::Malformed)
    }
}
