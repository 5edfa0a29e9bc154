//! `POST /api/oauth/v1/token`

use crate::akeneo::{BASIC_AUTH, models};
use crate::runtime::{
    Call, Core, Credential, DecodeError, Operation, OperationSpec, Reply, Secret, TokenCall,
    operation,
};

static SPEC: OperationSpec = OperationSpec {
    id: "post_token",
    method: "POST",
    path: "/api/oauth/v1/token",
    request_types: &["application/json", "application/x-www-form-urlencoded"],
    response_types: &["application/json"],
    security: &[&[&BASIC_AUTH]],
    scopes: &[],
    servers: &[],
    token: Some(TokenCall {
        body_credentials: &[],
    }),
};

/// Get authentication token.
#[must_use = "a call does nothing until it is awaited or sent"]
pub struct PostToken {
    call: Call,
}

impl PostToken {
    pub(crate) fn new(client: &Core, body: &models::PostTokenRequest) -> Self {
        let mut call = Call::new(client, &SPEC);
        call.json_body(body);
        Self { call }
    }

    /// The client's id and secret for this call alone, for `basicAuth`.
    pub fn basic_auth(mut self, user: impl Into<String>, password: impl Into<Secret>) -> Self {
        self.call
            .credential(&BASIC_AUTH, Credential::basic(user, password));
        self
    }
}

operation!(PostToken);

impl Operation for PostToken {
    type Output = models::PostToken200Response;
    type Failure = PostTokenError;

    fn success(reply: &Reply) -> Result<Self::Output, DecodeError> {
        reply.json()
    }

    fn failure(reply: &Reply) -> Result<Self::Failure, DecodeError> {
        match reply.status().as_u16() {
            400 => reply.json().map(PostTokenError::Status400),
            415 => reply.json().map(PostTokenError::Status415),
            422 => reply.json().map(PostTokenError::Status422),
            _ => Ok(PostTokenError::Other),
        }
    }

    fn other() -> Self::Failure {
        PostTokenError::Other
    }
}

/// What [`PostToken`] is refused with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum PostTokenError {
    /// 400: bad request.
    Status400(models::Problem),
    /// 415: unsupported media type.
    Status415(models::Problem),
    /// 422: unprocessable entity.
    Status422(models::Problem),
    /// A status that the spec does not name, or a body that is not as declared.
    Other,
}
