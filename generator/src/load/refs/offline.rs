//! What stands for `remote` in a build without the feature `network`: nothing is fetched.

use super::files::Refusal;
use crate::diag::Code;

/// Why nothing is fetched.
const OFFLINE: &str = "this specmint was built without its feature `network`";

/// Any URL may be named; it is not asked.
///
/// # Errors
/// Never.
pub(in crate::load) fn check_document_url(_url: &str) -> Result<(), String> {
    Ok(())
}

/// Refuses.
///
/// # Errors
/// Always.
pub(in crate::load) fn fetch_document(_url: &str) -> Result<Vec<u8>, String> {
    Err(OFFLINE.to_owned())
}

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
        let message = format!("`{url}` is on the network, and {OFFLINE}");
        Err(Refusal {
            code: Code::RemoteReference,
            message,
        })
    }
}
