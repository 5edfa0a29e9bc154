//! Which members hold a secret, by their name.

/// Names of members and parameters whose text must never be shown, in lower case without separators.
const NAMES: &[&str] = &[
    "accesstoken",
    "actortoken",
    "apikey",
    "apisecret",
    "apitoken",
    "appsecret",
    "assertion",
    "authtoken",
    "bearertoken",
    "clientassertion",
    "clientsecret",
    "codeverifier",
    "consumersecret",
    "devicecode",
    "idtoken",
    "jwt",
    "newpassword",
    "oldpassword",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "refreshtoken",
    "secret",
    "secretkey",
    "sessiontoken",
    "signingsecret",
    "subjecttoken",
    "tenantaccesstoken",
    "token",
    "webhooksecret",
];

/// Whether `name` names a credential or a token.
///
/// Only whole names count: `token_type`, `next_page_token` and `password_hint` are no secrets.
pub(super) fn is_secret(name: &str) -> bool {
    NAMES.binary_search(&plain(name).as_str()).is_ok()
}

/// A name without its case and separators: `access_token`, `accessToken` and `Access-Token` are the same.
pub(super) fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}
