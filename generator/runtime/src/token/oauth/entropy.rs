//! Where random bytes come from.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::super::super::{BuildError, BuildErrorKind, Secret};

/// Gives random bytes that nobody can guess.
pub trait Entropy: Send + Sync + 'static {
    /// Fills all of `bytes`.
    ///
    /// # Errors
    /// There is none to be had; nothing is sent then.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), BuildError>;
}

/// The operating system's random bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), BuildError> {
        getrandom::fill(bytes).map_err(|_| {
            let message = "the operating system gives no random bytes";
            BuildError::new(BuildErrorKind::Credential, message)
        })
    }
}

/// 43 characters of base64url that stand for 32 random bytes.
pub(super) fn unguessable(entropy: &dyn Entropy) -> Result<Secret, BuildError> {
    let mut bytes = Zeroizing::new([0; 32]);
    entropy.fill(bytes.as_mut_slice())?;
    Ok(Secret::from(URL_SAFE_NO_PAD.encode(bytes.as_slice())))
}
