//! A module as the generator writes it: Akeneo's token call, JSON or form by the caller's choice.

use crate::runtime::{
    self, ApiSpec, Core, CoreBuilder, Credential, Scheme, SchemeKind, Secret, ServerSpec,
};

pub use crate::runtime::{BuildError, ContentType, Error, Response};

pub(crate) static BASIC_AUTH: Scheme = Scheme {
    name: "basicAuth",
    kind: SchemeKind::Basic,
};

static API: ApiSpec = ApiSpec {
    name: "akeneo",
    servers: &[ServerSpec {
        url: "http://demo.akeneo.com",
        variables: &[],
    }],
    schemes: &[&BASIC_AUTH],
    carrier: None,
};

/// Calls Akeneo PIM.
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

    /// Get authentication token.
    ///
    /// `POST /api/oauth/v1/token`
    pub fn post_token(&self, body: models::PostTokenRequest) -> operations::PostToken {
        operations::PostToken::new(&self.core, &body)
    }
}

/// Makes a [`Client`].
#[derive(Debug)]
pub struct ClientBuilder {
    inner: CoreBuilder,
}

runtime::client_builder!(ClientBuilder => Client);

impl ClientBuilder {
    /// The client's id and secret, for `basicAuth`.
    #[must_use]
    pub fn basic_auth(self, user: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self {
            inner: self
                .inner
                .credential(&BASIC_AUTH, Credential::basic(user, password)),
        }
    }
}

pub mod models {
    //! What Akeneo sends and receives.

    use crate::runtime::{Extra, Secret};

    /// The body of `post_token`.
    #[derive(Clone, Debug)]
    pub struct PostTokenRequest {
        /// The user's name.
        pub username: String,
        /// The user's password.
        pub password: Secret,
        /// Always `password`.
        pub grant_type: String,
    }

    impl PostTokenRequest {
        /// A request with its required members.
        pub fn new(
            username: impl Into<String>,
            password: impl Into<Secret>,
            grant_type: impl Into<String>,
        ) -> Self {
            Self {
                username: username.into(),
                password: password.into(),
                grant_type: grant_type.into(),
            }
        }
    }

    crate::runtime::record! {
        PostTokenRequest: secret {
            "username" => username: required,
            "password" => password: required,
            "grant_type" => grant_type: required,
        } ..
    }

    /// A token.
    #[derive(Clone, Debug, Default)]
    pub struct PostToken200Response {
        /// The token itself.
        pub access_token: Option<Secret>,
        /// The lifetime in seconds.
        pub expires_in: Option<i64>,
        /// Always `bearer`.
        pub token_type: Option<String>,
        /// Always null.
        pub scope: Option<String>,
        /// What the next token is asked for with.
        pub refresh_token: Option<Secret>,
        /// Members that the spec does not name.
        pub extra: Extra,
    }

    crate::runtime::record! {
        PostToken200Response: secret {
            "access_token" => access_token: optional,
            "expires_in" => expires_in: optional,
            "token_type" => token_type: optional,
            "scope" => scope: optional,
            "refresh_token" => refresh_token: optional,
        } extra extra
    }

    /// What is wrong with a request.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Problem {
        /// The status again.
        pub code: Option<i64>,
        /// What is wrong.
        pub message: Option<String>,
        /// Members that the spec does not name.
        pub extra: Extra,
    }

    crate::runtime::record! {
        Problem {
            "code" => code: optional,
            "message" => message: optional,
        } extra extra
    }
}

pub mod operations {
    //! Akeneo's calls.

    mod post_token;

    pub use post_token::{PostToken, PostTokenError};
}
