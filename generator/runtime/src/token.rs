//! Token sources: tokens that are asked for once, kept, renewed ahead, and never shown.
//!
//! An [`Endpoint`] says what to send and reads what comes back, without a network or a clock. A source drives
//! it: it sends, keeps what was issued, renews it and hands it out. Time, randomness and the network are
//! arguments everywhere below.
//!
//! Processes share tokens through a [`TokenStore`], which gets nothing but what a [`Sealer`] has sealed.

mod clock;
mod endpoint;
mod error;
mod issued;
pub mod oauth;
pub mod read;
mod seal;
pub mod store;
mod timer;

pub use clock::{Clock, Now, SystemClock};
pub use endpoint::{Endpoint, Grant, Identity};
pub use error::{Advice, OAuthErrorCode, Refusal, TokenError, TokenErrorKind};
pub use issued::{Issued, Lifetime, TokenType};
#[cfg(feature = "token-seal")]
pub use seal::{KeyRing, SealingKey};
pub use seal::{PlaintextSealer, SealError, Sealer};
pub use store::{StoreKey, StoreKeys, TokenStore};
pub use timer::{SystemTimer, Timer};
