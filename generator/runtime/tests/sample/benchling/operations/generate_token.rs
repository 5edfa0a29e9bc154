//! `POST /token`

use crate::benchling::{BASIC_CLIENT_ID_SECRET_AUTH, models};
use crate::runtime::{
    Call, Core, Credential, DecodeError, Operation, OperationSpec, Reply, Secret, TokenCall,
    operation,
};

static SPEC: OperationSpec = OperationSpec {
    id: "generate_token",
    method: "POST",
    path: "/token",
    request_types: &["application/x-www-form-urlencoded"],
    response_types: &["application/json"],
    security: &[&[&BASIC_CLIENT_ID_SECRET_AUTH]],
    scopes: &[],
    servers: &[],
    token: Some(TokenCall {
        body_credentials: &["client_secret"],
    }),
};

/// Generate a token.
#[must_use = "a call does nothing until it is awaited or sent"]
pub struct GenerateToken {
    call: Call,
}

impl GenerateToken {
    pub(crate) fn new(client: &Core, body: &models::TokenCreate) -> Self {
        let mut call = Call::new(client, &SPEC);
        call.json_body(body);
        Self { call }
    }

    /// The client's id and secret for this call alone, for `basicClientIdSecretAuth`.
    pub fn basic_client_id_secret_auth(
        mut self,
        user: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Self {
        let credential = Credential::basic(user, password);
        self.call
            .credential(&BASIC_CLIENT_ID_SECRET_AUTH, credential);
        self
    }
}

operation!(GenerateToken);

impl Operation for GenerateToken {
    type Output = models::TokenResponse;
    type Failure = GenerateTokenError;

    fn success(reply: &Reply) -> Result<Self::Output, DecodeError> {
        reply.json()
    }

    fn failure(reply: &Reply) -> Result<Self::Failure, DecodeError> {
        match reply.status().as_u16() {
            400 => reply.json().map(GenerateTokenError::Status400),
            401 => reply.json().map(GenerateTokenError::Status401),
            _ => Ok(GenerateTokenError::Other),
        }
    }

    fn other() -> Self::Failure {
        GenerateTokenError::Other
    }
}

/// What [`GenerateToken`] is refused with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum GenerateTokenError {
    /// 400: the request is wrong.
    Status400(models::OAuthError),
    /// 401: the client is not known.
    Status401(models::OAuthError),
    /// A status that the spec does not name, or a body that is not as declared.
    Other,
}
