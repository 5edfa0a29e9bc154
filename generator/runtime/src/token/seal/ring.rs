//! Sealing with XChaCha20-Poly1305, by one of several keys.

use std::fmt;

use chacha20poly1305::aead::rand_core::RngCore as _;
use chacha20poly1305::aead::{Aead as _, OsRng, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use secrecy::zeroize::Zeroizing;

use super::super::store::{Sealed, StoreKey};
use super::{SealError, Sealer};

/// The first byte of what is made here.
const VERSION: u8 = 1;
/// The version, the number of the key, and the nonce.
const HEADER: usize = 1 + 4 + 24;

/// A key of 256 bits and the number by which it is found again.
#[derive(Clone)]
pub struct SealingKey {
    number: u32,
    key: Zeroizing<[u8; 32]>,
}

impl SealingKey {
    /// A key of 32 random bytes. The number is not secret; no two keys of a fleet may share one.
    #[must_use]
    pub fn new(number: u32, key: [u8; 32]) -> Self {
        Self {
            number,
            key: Zeroizing::new(key),
        }
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealingKey({}, ..)", self.number)
    }
}

/// Seals with one key and opens with several, by XChaCha20-Poly1305.
///
/// A sealed value is a byte 1, the number of the key (4 bytes, big-endian), a random nonce (24 bytes), the ciphertext
/// and its tag (16 bytes). The header and the [`StoreKey`] are authenticated with it, so that nothing opens elsewhere.
///
/// To change the key of a fleet, first give the new one to all of it as one that only opens
/// ([`also_opening`](Self::also_opening)), then seal with it and keep the old one for opening, and forget the old one
/// once the longest time that tokens are kept is over.
///
/// ```
/// # #[cfg(feature = "token-seal")] {
/// # use specmint_runtime::token::{KeyRing, SealingKey};
/// # let (new, old) = ([1; 32], [2; 32]);
/// let ring = KeyRing::sealing(SealingKey::new(2, new)).also_opening(SealingKey::new(1, old));
/// # let _ = ring;
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct KeyRing {
    /// The first one seals.
    keys: Vec<SealingKey>,
}

impl KeyRing {
    /// Seals and opens with this key.
    #[must_use]
    pub fn sealing(key: SealingKey) -> Self {
        Self { keys: vec![key] }
    }

    /// Also opens what this key sealed. Of keys with one number the first counts.
    #[must_use]
    pub fn also_opening(mut self, key: SealingKey) -> Self {
        self.keys.push(key);
        self
    }
}

/// What is authenticated beside the ciphertext.
fn associated(header: &[u8], key: &StoreKey) -> Vec<u8> {
    [header, key.as_bytes()].concat()
}

impl Sealer for KeyRing {
    fn seal(&self, key: &StoreKey, plain: &[u8]) -> Result<Sealed, SealError> {
        let with = self.keys.first().ok_or(SealError::UnknownKey)?;
        let mut nonce = XNonce::default();
        OsRng
            .try_fill_bytes(&mut nonce)
            .map_err(|_| SealError::NoRandomness)?;
        let mut sealed = vec![VERSION];
        sealed.extend(with.number.to_be_bytes());
        sealed.extend(nonce);
        let aad = associated(&sealed, key);
        let payload = Payload {
            msg: plain,
            aad: &aad,
        };
        let ciphertext = XChaCha20Poly1305::new((&*with.key).into())
            .encrypt(&nonce, payload)
            .map_err(|_| SealError::NotAuthentic)?;
        sealed.extend(ciphertext);
        Ok(Sealed::new(sealed))
    }

    fn open(&self, key: &StoreKey, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (header, ciphertext) = sealed
            .as_bytes()
            .split_at_checked(HEADER)
            .ok_or(SealError::NotAuthentic)?;
        let [VERSION, a, b, c, d, nonce @ ..] = header else {
            return Err(SealError::NotAuthentic);
        };
        let number = u32::from_be_bytes([*a, *b, *c, *d]);
        let with = self.keys.iter().find(|key| key.number == number);
        let with = with.ok_or(SealError::UnknownKey)?;
        let payload = Payload {
            msg: ciphertext,
            aad: &associated(header, key),
        };
        XChaCha20Poly1305::new((&*with.key).into())
            .decrypt(XNonce::from_slice(nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| SealError::NotAuthentic)
    }
}
