//! Token sources: tokens that are asked for once, kept, renewed ahead, and never shown.
//!
//! An [`Endpoint`] says what to send and reads what comes back, without a network or a clock. A source drives
//! it: it sends, keeps what was issued, renews it and hands it out. Time, randomness and the network are
//! arguments everywhere below.
//!
//! The processes of a [`Fleet`] share a token through a [`TokenStore`], which gets nothing but what a [`Sealer`] has
//! sealed.

mod access;
pub(super) mod attach;
pub mod custody;
mod deposit;
mod endpoint;
mod error;
mod events;
mod executor;
pub mod fleet;
mod flight;
mod issued;
mod keyed;
pub mod machine;
pub mod oauth;
mod operation;
mod policy;
pub mod profile;
pub mod read;
mod seal;
mod source;
pub mod store;
mod sync;

pub use super::clock::{Clock, Now, SystemClock};
pub use super::retry::Backoff;
pub use super::timer::{SystemTimer, Timer};
pub use access::{AccessToken, TokenId};
pub use endpoint::{Endpoint, Grant, Identity};
pub use error::{Advice, OAuthErrorCode, Refusal, TokenError, TokenErrorKind};
pub use events::{Event, Meanwhile, Reject};
pub use executor::{Executor, Task};
pub use fleet::{Fleet, FleetPolicy, StoreTrouble};
pub use issued::{Issued, Lifetime, TokenType};
pub use keyed::{KeyedBuilder, KeyedTokens, Tenant};
pub use machine::{Rejection, Want};
pub use operation::OperationEndpoint;
pub use policy::{InDoubt, RefreshPolicy};
pub use profile::TokenProfile;
#[cfg(feature = "token-seal")]
pub use seal::{KeyRing, SealingKey};
pub use seal::{PlaintextSealer, SealError, Sealer};
pub use source::{SourceBuilder, TokenSource};
pub use store::{StoreKey, StoreKeys, TokenStore};
