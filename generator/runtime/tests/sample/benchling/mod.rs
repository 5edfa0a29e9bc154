//! A module as the generator writes it: Benchling's token call, a relative server, and parameters of all kinds.

use crate::runtime::{
    self, ApiSpec, Core, CoreBuilder, Credential, Scheme, SchemeKind, Secret, ServerSpec,
};

pub use crate::runtime::{BuildError, Error, Response};

pub(crate) static BASIC_CLIENT_ID_SECRET_AUTH: Scheme = Scheme {
    name: "basicClientIdSecretAuth",
    kind: SchemeKind::Basic,
};

pub(crate) static O_AUTH: Scheme = Scheme {
    name: "oAuth",
    kind: SchemeKind::Bearer,
};

static API: ApiSpec = ApiSpec {
    name: "benchling",
    servers: &[ServerSpec {
        url: "/api/v2",
        variables: &[],
    }],
    schemes: &[&BASIC_CLIENT_ID_SECRET_AUTH, &O_AUTH],
    carrier: None,
};

/// Calls Benchling.
#[derive(Clone, Debug)]
pub struct Client {
    core: Core,
}

impl Client {
    /// Begins a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder {
            inner: CoreBuilder::new(&API),
        }
    }

    /// Generate a token.
    pub fn generate_token(&self, body: models::TokenCreate) -> operations::GenerateToken {
        operations::GenerateToken::new(&self.core, &body)
    }

    /// Archive one entry.
    pub fn archive_entry(&self, entry_id: impl Into<String>) -> operations::ArchiveEntry {
        operations::ArchiveEntry::new(&self.core, entry_id.into())
    }
}

/// Makes a [`Client`].
#[derive(Debug)]
pub struct ClientBuilder {
    inner: CoreBuilder,
}

runtime::client_builder!(ClientBuilder => Client);

impl ClientBuilder {
    /// The client's id and secret, for `basicClientIdSecretAuth`.
    #[must_use]
    pub fn basic_client_id_secret_auth(
        self,
        user: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Self {
        let credential = Credential::basic(user, password);
        Self {
            inner: self
                .inner
                .credential(&BASIC_CLIENT_ID_SECRET_AUTH, credential),
        }
    }

    /// An access token, for `oAuth`.
    #[must_use]
    pub fn o_auth(self, token: impl Into<Secret>) -> Self {
        Self {
            inner: self.inner.credential(&O_AUTH, Credential::bearer(token)),
        }
    }
}

pub mod models {
    //! What Benchling sends and receives.

    use crate::runtime::{Extra, Secret};

    /// How a token is asked for.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum GrantType {
        /// `client_credentials`
        ClientCredentials,
        /// Any other.
        Unknown(String),
    }

    crate::runtime::text_enum! { GrantType { ClientCredentials = "client_credentials" } }

    /// The body of `generate_token`.
    #[derive(Clone, Debug)]
    pub struct TokenCreate {
        /// How the token is asked for.
        pub grant_type: GrantType,
        /// Left off when Basic is used.
        pub client_id: Option<String>,
        /// Left off when Basic is used.
        pub client_secret: Option<Secret>,
    }

    impl TokenCreate {
        /// A request with its required members.
        pub fn new() -> Self {
            Self {
                grant_type: GrantType::ClientCredentials,
                client_id: None,
                client_secret: None,
            }
        }
    }

    impl Default for TokenCreate {
        fn default() -> Self {
            Self::new()
        }
    }

    crate::runtime::record! {
        TokenCreate: secret {
            "grant_type" => grant_type: required,
            "client_id" => client_id: optional,
            "client_secret" => client_secret: optional,
        } ..
    }

    /// A token.
    #[derive(Clone, Debug, Default)]
    pub struct TokenResponse {
        /// The token itself.
        pub access_token: Option<Secret>,
        /// The lifetime in seconds.
        pub expires_in: Option<i64>,
        /// The token's type.
        pub token_type: Option<String>,
        /// Members that the spec does not name.
        pub extra: Extra,
    }

    crate::runtime::record! {
        TokenResponse: secret {
            "access_token" => access_token: optional,
            "expires_in" => expires_in: optional,
            "token_type" => token_type: optional,
        } extra extra
    }

    /// Why a token is refused.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OAuthError {
        /// What is wrong.
        pub error: OAuthErrorDetail,
    }

    crate::runtime::record! { OAuthError { "error" => error: required } .. }

    /// What is wrong.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct OAuthErrorDetail {
        /// The kind of error.
        pub r#type: Option<String>,
        /// For developers.
        pub message: Option<String>,
    }

    crate::runtime::record! {
        OAuthErrorDetail {
            "type" => r#type: optional,
            "message" => message: optional,
        } ..
    }
}

pub mod operations {
    //! Benchling's calls.

    mod archive_entry;
    mod generate_token;

    pub use archive_entry::{ArchiveEntry, ArchiveEntryError};
    pub use generate_token::{GenerateToken, GenerateTokenError};
}
