//! Sealing: what a store is given can be read by the fleet alone, and only in the place where it was put.

#[cfg(feature = "token-seal")]
mod ring;

#[cfg(feature = "token-seal")]
pub use ring::{KeyRing, SealingKey};

use std::fmt;

use secrecy::zeroize::Zeroizing;

use super::store::{Sealed, StoreKey};

/// Seals what goes into a store and opens what comes out of it.
pub trait Sealer: Send + Sync + 'static {
    /// Seals for one place: opening at another fails.
    ///
    /// # Errors
    /// The system has no random numbers.
    fn seal(&self, key: &StoreKey, plain: &[u8]) -> Result<Sealed, SealError>;

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// It was sealed by another key, for another place or in another way, or changed since.
    fn open(&self, key: &StoreKey, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, SealError>;
}

/// Why something was not sealed or opened. Says nothing of what was inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealError {
    /// It was sealed with a key that we do not have.
    UnknownKey,
    /// It is not what was sealed for this place: it was moved, changed or cut, or is from something else.
    NotAuthentic,
    /// The system has no random numbers.
    NoRandomness,
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownKey => "the token in the store was sealed with a key that is not here",
            Self::NotAuthentic => "the token in the store was not sealed for this place",
            Self::NoRandomness => "the system has no random numbers to seal a token with",
        })
    }
}

impl std::error::Error for SealError {}

/// Seals nothing: whoever reads the store has the tokens. For tests, and for stores that seal by themselves.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlaintextSealer;

/// The first byte of what [`PlaintextSealer`] makes; no other sealer's.
const PLAIN: u8 = 0;

impl Sealer for PlaintextSealer {
    fn seal(&self, key: &StoreKey, plain: &[u8]) -> Result<Sealed, SealError> {
        Ok(Sealed::new([&[PLAIN], &key.as_bytes()[..], plain].concat()))
    }

    fn open(&self, key: &StoreKey, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let bytes = sealed.as_bytes();
        let rest = bytes
            .strip_prefix(&[PLAIN])
            .and_then(|rest| rest.strip_prefix(key.as_bytes()))
            .ok_or(SealError::NotAuthentic)?;
        Ok(Zeroizing::new(rest.to_vec()))
    }
}
