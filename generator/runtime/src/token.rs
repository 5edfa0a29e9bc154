//! Token sources: tokens that are asked for once, kept, renewed ahead, and never shown.
//!
//! An [`Endpoint`] says what to send and reads what comes back, without a network or a clock. A source drives
//! it: it sends, keeps what was issued, renews it and hands it out. Time, randomness and the network are
//! arguments everywhere below.

mod clock;
mod endpoint;
mod error;
mod issued;
pub mod oauth;
pub mod read;

pub use clock::{Clock, Now, SystemClock};
pub use endpoint::{Endpoint, Grant, Identity};
pub use error::{Advice, OAuthErrorCode, Refusal, TokenError, TokenErrorKind};
pub use issued::{Issued, Lifetime, TokenType};
