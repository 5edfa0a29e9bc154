//! OAuth 2: token endpoints for every grant, ways for a client to prove who it is, and what leads there:
//! authorization codes, device codes and the metadata of authorization servers.
//!
//! Everything here makes requests and reads answers; nothing has a network of its own.
//!
//! ```
//! # use specmint_runtime as runtime;
//! use runtime::token::oauth::{ClientAuth, OAuthEndpoint, OAuthGrant, TokenUrl};
//! use runtime::token::{Endpoint, Grant};
//!
//! # fn main() -> Result<(), runtime::BuildError> {
//! let url = TokenUrl::new("https://auth.example.com/oauth/token")?;
//! let auth = ClientAuth::basic("an id", "not a secret");
//! let endpoint = OAuthEndpoint::builder(url, auth, OAuthGrant::client_credentials())
//!     .scopes(["orders.read"])
//!     .audience("https://api.example.com")
//!     .build()?;
//!
//! let request = endpoint.request(Grant::Initial)?;
//! assert_eq!(request.headers()["authorization"], "Basic YW4raWQ6bm90K2Erc2VjcmV0");
//! assert_eq!(
//!     request.body().as_bytes(),
//!     b"grant_type=client_credentials&scope=orders.read&audience=https%3A%2F%2Fapi.example.com",
//! );
//! # Ok(())
//! # }
//! ```

mod assertion;
mod auth;
mod authorize;
mod device;
mod discovery;
mod endpoint;
mod entropy;
mod exchange;
mod form;
mod grant;
#[cfg(feature = "jwt")]
mod jwt;
mod scheme;
mod setup;
mod url;

pub use assertion::{AssertionClaims, AssertionSigner};
pub use auth::{Audience, ClientAuth};
pub use authorize::{
    AuthorizationCode, AuthorizationError, AuthorizationRequest, PendingAuthorization,
};
pub use device::{DeviceAuthorization, DevicePolling, DeviceStep};
pub use discovery::{Issuer, Metadata, MetadataDocument, Trust};
pub use endpoint::OAuthEndpoint;
pub use entropy::{Entropy, SystemEntropy};
pub use grant::{Extension, OAuthGrant};
#[cfg(feature = "jwt")]
pub use jwt::{JwtAlgorithm, JwtSigner};
pub use scheme::{FlowKind, OAuthFlow, OAuthScheme};
pub use setup::OAuthEndpointBuilder;
pub use url::TokenUrl;
