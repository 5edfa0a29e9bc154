//! `POST /entries/{entry_id}:archive`

use crate::benchling::O_AUTH;
use crate::runtime::{
    Call, Core, Credential, DecodeError, Explode, Operation, OperationSpec, Reply, Secret, Style,
    operation,
};

static SPEC: OperationSpec = OperationSpec {
    id: "archive_entry",
    method: "POST",
    path: "/entries/{entry_id}:archive",
    request_types: &[],
    response_types: &["text/plain"],
    security: &[&[&O_AUTH]],
    scopes: &[],
    servers: &[],
    token: None,
};

/// Archive one entry.
#[must_use = "a call does nothing until it is awaited or sent"]
pub struct ArchiveEntry {
    call: Call,
}

impl ArchiveEntry {
    pub(crate) fn new(client: &Core, entry_id: String) -> Self {
        let mut call = Call::new(client, &SPEC);
        call.path("entry_id", Style::Simple, Explode::No, &entry_id);
        Self { call }
    }

    /// Why.
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.call
            .query("reason", Style::Form, Explode::Yes, &reason.into());
        self
    }

    /// Who else is told.
    pub fn notify(mut self, notify: Vec<String>) -> Self {
        self.call.query("notify", Style::Form, Explode::No, &notify);
        self
    }

    /// What ties requests together.
    pub fn trace_id(mut self, trace_id: impl Into<String>) -> Self {
        self.call
            .header_param("X-Trace-Id", Style::Simple, Explode::No, &trace_id.into());
        self
    }

    /// Where the user came from.
    pub fn session(mut self, session: impl Into<String>) -> Self {
        self.call
            .cookie("session", Style::Form, Explode::Yes, &session.into());
        self
    }

    /// An access token for this call alone, for `oAuth`.
    pub fn o_auth(mut self, token: impl Into<Secret>) -> Self {
        self.call.credential(&O_AUTH, Credential::bearer(token));
        self
    }
}

operation!(ArchiveEntry);

impl Operation for ArchiveEntry {
    type Output = String;
    type Failure = ArchiveEntryError;

    fn success(reply: &Reply) -> Result<Self::Output, DecodeError> {
        reply.text()
    }

    fn failure(reply: &Reply) -> Result<Self::Failure, DecodeError> {
        match reply.status().as_u16() {
            404 => Ok(ArchiveEntryError::Status404),
            _ => Ok(ArchiveEntryError::Other),
        }
    }

    fn other() -> Self::Failure {
        ArchiveEntryError::Other
    }
}

/// What [`ArchiveEntry`] is refused with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ArchiveEntryError {
    /// 404: there is no such entry.
    Status404,
    /// A status that the spec does not name, or a body that is not as declared.
    Other,
}
