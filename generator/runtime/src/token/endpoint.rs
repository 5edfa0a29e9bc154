//! Token endpoints: what is sent to one, and what its answers mean. No network and no clock.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::super::{Body, BuildError, Secret};
use super::{Issued, Refusal};

/// What is asked of a token endpoint.
#[derive(Clone, Copy, Debug)]
pub enum Grant<'a> {
    /// A token, by what the endpoint was set up with.
    Initial,
    /// A token for a refresh token.
    Refresh(&'a Secret),
}

/// A token endpoint with all that is needed to ask it.
///
/// Implemented for the token operations of generated clients and for the grants of OAuth 2; implement it for
/// anything else that hands out tokens.
pub trait Endpoint: Send + Sync + 'static {
    /// The request, made anew for every attempt.
    ///
    /// # Errors
    /// It cannot be made; nothing is sent then.
    fn request(&self, grant: Grant<'_>) -> Result<http::Request<Body>, BuildError>;

    /// Reads the answer to a request for `grant`.
    ///
    /// # Errors
    /// No token was issued, or none that can be used.
    fn read(&self, grant: Grant<'_>, response: &http::Response<Body>) -> Result<Issued, Refusal>;

    /// The requests that revoke a token (RFC 7009), in the order in which they are sent: that for the
    /// refresh token first. None if there is no way.
    ///
    /// # Errors
    /// They cannot be made.
    fn revocation(
        &self,
        access_token: Option<&Secret>,
        refresh_token: Option<&Secret>,
    ) -> Result<Vec<http::Request<Body>>, BuildError> {
        let _ = (access_token, refresh_token);
        Ok(Vec::new())
    }

    /// Whether there is a [`Grant::Initial`] to ask with at all. An endpoint that only renews has none.
    fn begins(&self) -> bool {
        true
    }

    /// Whether [`Grant::Initial`] may be asked again, now and without a person. An authorization code is spent
    /// once; a password is forgotten after the first answer with a refresh token.
    fn repeats(&self) -> bool {
        true
    }

    /// Forgets what the initial grant needs and the refresh token replaces, such as a password (RFC 6749,
    /// section 4.3.1).
    fn forget(&self) {}

    /// The scopes that are asked for, if any are.
    fn scopes(&self) -> &[String] {
        &[]
    }

    /// Tells all that the token depends on: the URL, the client, its credential, the grant, the user, the scopes,
    /// the resource, every parameter. Two endpoints that differ in any of it never share a token.
    fn identify(&self, identity: &mut Identity);
}

impl Endpoint for Box<dyn Endpoint> {
    fn request(&self, grant: Grant<'_>) -> Result<http::Request<Body>, BuildError> {
        (**self).request(grant)
    }

    fn read(&self, grant: Grant<'_>, response: &http::Response<Body>) -> Result<Issued, Refusal> {
        (**self).read(grant, response)
    }

    fn revocation(
        &self,
        access_token: Option<&Secret>,
        refresh_token: Option<&Secret>,
    ) -> Result<Vec<http::Request<Body>>, BuildError> {
        (**self).revocation(access_token, refresh_token)
    }

    fn begins(&self) -> bool {
        (**self).begins()
    }

    fn repeats(&self) -> bool {
        (**self).repeats()
    }

    fn forget(&self) {
        (**self).forget();
    }

    fn scopes(&self) -> &[String] {
        (**self).scopes()
    }

    fn identify(&self, identity: &mut Identity) {
        (**self).identify(identity);
    }
}

/// The fingerprint of all that a token depends on, in the making.
///
/// Each part is kept with its name and its length, so that no two lists of parts make the same fingerprint, and
/// secrets go into the digest alone.
#[derive(Clone, Default)]
pub struct Identity(Sha256);

impl Identity {
    /// Adds a part under a name. A part may be a secret.
    pub fn part(&mut self, name: &str, value: impl AsRef<[u8]>) {
        let value = value.as_ref();
        for text in [name.as_bytes(), value] {
            self.0.update((text.len() as u64).to_be_bytes());
            self.0.update(text);
        }
    }

    /// The SHA-256 digest of all parts.
    #[must_use]
    pub fn digest(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(..)")
    }
}
