//! What stands for `remote` in a build without the feature `network`: nothing is fetched.

use super::files::Refusal;
use crate::diag::Code;

/// No hosts.
pub(super) struct Remote;

/// Never made.
pub(super) struct Fetched {
    pub(super) url: String,
    pub(super) text: String,
}

/// No file is remote, so nothing starts from one.
pub(super) fn join(_base: &str, _reference: &str) -> Option<String> {
    None
}

impl Remote {
    /// Whatever the hosts are, none is asked.
    pub(super) fn new(_hosts: &[String]) -> Self {
        Self
    }

    /// Refuses.
    ///
    /// # Errors
    /// Always.
    pub(super) fn fetch(&mut self, url: &str) -> Result<Fetched, Refusal> {
        let message = format!(
            "`{url}` is on the network, and this specmint was built without its feature `network`"
        );
        Err(Refusal {
            code: Code::RemoteReference,
            message,
        })
    }
}
