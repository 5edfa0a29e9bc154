//! The words of names: what paths, operation ids and members are called.

/// The words of a name, in lower case: `getAccessToken`, `get_access_token` and `GetAccessToken` are the same.
pub(super) fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = vec![String::new()];
    for (index, c) in chars.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| chars[before]);
        let after = chars.get(index + 1);
        let begins = c.is_ascii_uppercase()
            && before.is_some_and(|before| {
                !before.is_ascii_uppercase() || after.is_some_and(char::is_ascii_lowercase)
            });
        if begins || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut()
            && c.is_alphanumeric()
        {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    join_oauth(words)
}

/// `OAuth` is one word, however it is written.
fn join_oauth(words: Vec<String>) -> Vec<String> {
    let mut joined: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        match joined.last_mut() {
            Some(last) if last == "o" && word.starts_with("auth") => last.push_str(&word),
            _ => joined.push(word),
        }
    }
    joined
}

/// Words that say who a token is for without saying that it is another kind of token.
const ORDINARY: &[&str] = &[
    "access",
    "api",
    "app",
    "auth",
    "authentication",
    "authorization",
    "bearer",
    "client",
    "dev",
    "device",
    "jwt",
    "login",
    "oauth",
    "oauth2",
    "security",
    "session",
    "tenant",
    "user",
];

/// Verbs and small words around the name of a token.
const AROUND: &[&str] = &[
    "a", "an", "and", "by", "code", "create", "fetch", "for", "from", "generate", "get", "grant",
    "issue", "make", "new", "obtain", "of", "post", "refresh", "renew", "request", "retrieve",
    "the", "to", "with",
];

/// Words that stand for logging in.
const LOGIN: &[&str] = &[
    "auth",
    "authenticate",
    "authentication",
    "authorize",
    "authorise",
    "exchange",
    "jwt",
    "login",
    "logon",
    "oauth",
    "oauth2",
    "refresh",
    "renew",
    "session",
    "sessions",
    "signin",
];

/// Words of operations that end tokens, or look at them.
const AGAINST: &[&str] = &[
    "csrf",
    "delete",
    "forgot",
    "introspect",
    "introspection",
    "invalidate",
    "logoff",
    "logout",
    "revocation",
    "revoke",
    "signout",
    "signup",
    "xsrf",
];

/// What the name of a member says about a token in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Named {
    /// `token` alone, or a token of an ordinary kind.
    Token,
    /// The access token by name.
    AccessToken,
}

/// Whether a member of an answer is called as tokens are: `access_token`, `jwt`, `authToken`, but not `nextPageToken`.
pub(super) fn token(name: &str) -> Option<Named> {
    let marked = name.as_bytes();
    let contains = |wanted: &[u8]| {
        marked
            .windows(wanted.len())
            .any(|window| window.eq_ignore_ascii_case(wanted))
    };
    if !contains(b"token") && !contains(b"jwt") {
        return None;
    }
    let words = words(name);
    match words.join("").as_str() {
        "accesstoken" | "oauthaccesstoken" | "tenantaccesstoken" | "appaccesstoken" => {
            return Some(Named::AccessToken);
        }
        "authtoken" | "bearertoken" | "jwt" | "jwttoken" | "sessiontoken" | "token"
        | "tokenvalue" | "usertoken" | "apitoken" => {
            return Some(Named::Token);
        }
        _ => {}
    }
    // That of OAuth 1 comes with a secret of its own, by which requests are signed.
    if words.join("") == "oauthtoken" {
        return None;
    }
    let (last, before) = words.split_last()?;
    // A client token is what makes a request happen once.
    let ordinary = before
        .iter()
        .all(|word| word != "client" && ORDINARY.contains(&word.as_str()));
    (matches!(last.as_str(), "token" | "jwt") && ordinary).then_some(Named::Token)
}

/// What a path or an operation's name says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// It speaks of logging in.
    pub(super) login: bool,
    /// It speaks of a token of an ordinary kind.
    pub(super) token: bool,
    /// It speaks of some other kind of token, or of many.
    pub(super) other_token: bool,
    /// It speaks of a token for a token.
    pub(super) exchange: bool,
    /// It speaks of looking whether a token is good.
    pub(super) check: bool,
    /// It speaks of the end of tokens.
    pub(super) against: bool,
}

/// What the words of a name say.
pub(super) fn said(name: &str) -> Said {
    let words = words(name);
    let mut said = Said::default();
    let mut strange = false;
    for (index, word) in words.iter().enumerate() {
        let word = word.as_str();
        let follows = |wanted: &str| words.get(index + 1).is_some_and(|next| next == wanted);
        said.login |= LOGIN.contains(&word) || (matches!(word, "log" | "sign") && follows("in"));
        said.check |= matches!(word, "check" | "validate" | "verify");
        said.exchange |= matches!(word, "exchange" | "refresh" | "renew");
        said.against |= AGAINST.contains(&word)
            || (matches!(word, "log" | "sign") && (follows("out") || follows("off")));
        match word {
            "token" if strange => said.other_token = true,
            "token" | "accesstoken" | "authtoken" | "refreshtoken" => said.token = true,
            "gettoken" | "newtoken" => said.token = true,
            "tokens" if !strange => (said.token, said.other_token) = (true, true),
            _ if word.ends_with("token") || word.ends_with("tokens") => said.other_token = true,
            _ => {}
        }
        let plain = ORDINARY.contains(&word) || AROUND.contains(&word) || LOGIN.contains(&word);
        strange = !plain && (strange || !is_version(word));
    }
    said
}

/// `v1`, `2`: says nothing.
fn is_version(word: &str) -> bool {
    let digits = word.strip_prefix('v').unwrap_or(word);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
