//! Writes the examples of authorization: how a credential is given to a client and to a call, and how tokens come from
//! where the document says.

use super::super::context::Context;
use super::super::names::Ident;
use super::super::tree::{Location, OAuthFlow, OAuthScheme, Operation, Scheme, SchemeKind};
use super::{Parts, api_server, credential, parts, server};
use crate::model;

/// An operation in the document and in the plan.
#[derive(Clone, Copy)]
pub(in super::super) struct Call<'a> {
    pub(in super::super) op: &'a model::Operation,
    pub(in super::super) planned: &'a Operation,
}

/// The program that gives a client the credential of a scheme, and one that gives it to a call, if an operation asks for it.
pub(in super::super) fn of_scheme(
    cx: &Context<'_>,
    module: &Ident,
    schemes: &[Scheme],
    index: usize,
    call: Option<Call<'_>>,
) -> (Vec<String>, Vec<String>) {
    let own = &schemes[index];
    let Some(Call { op, planned }) = call else {
        let client = builder(&api_server(cx), &[own]);
        let lines = vec![
            format!("use {}::{module}::Client;", cx.krate),
            format!("let client = {client};"),
            "println!(\"{client:?}\");".to_owned(),
        ];
        return (lines, Vec::new());
    };
    let Parts { imports, call } = parts(cx, op, planned);
    let import = format!("use {}::{module}::{};", cx.krate, list(&imports));
    let server = server(cx, planned);
    let together = planned.security.iter().find(|all| all.contains(&index));
    let all: Vec<&Scheme> = together
        .into_iter()
        .flatten()
        .map(|it| &schemes[*it])
        .collect();
    let others: Vec<&Scheme> = all
        .iter()
        .filter(|it| it.setter != own.setter)
        .copied()
        .collect();
    let print = "println!(\"{response:?}\");".to_owned();
    let client = vec![
        import.clone(),
        format!("let client = {};", builder(&server, &all)),
        format!("let response = client.{call}.await?;"),
        print.clone(),
    ];
    let allowed = match goes_in_query(own) && !others.iter().any(|one| goes_in_query(one)) {
        true => format!("{server}{DANGER}"),
        false => server,
    };
    let once = vec![
        import,
        format!("let client = {};", builder(&allowed, &others)),
        format!("let response = client.{call}{}.await?;", credential(own)),
        print,
    ];
    (client, once)
}

/// What lets a client send secrets where servers log them.
const DANGER: &str = ".danger_allow_secret_in_query()";

fn builder(server: &str, schemes: &[&Scheme]) -> String {
    let danger = match schemes.iter().any(|one| goes_in_query(one)) {
        true => DANGER,
        false => "",
    };
    let credentials: String = schemes.iter().map(|one| credential(one)).collect();
    format!("Client::builder(){server}{danger}{credentials}.build()?")
}

fn goes_in_query(scheme: &Scheme) -> bool {
    matches!(scheme.kind, SchemeKind::ApiKey(Location::Query, _))
}

fn list(names: &[&str]) -> String {
    match names {
        [one] => (*one).to_owned(),
        several => format!("{{{}}}", several.join(", ")),
    }
}

/// The programs of a scheme of OAuth 2, one for each flow that a program can go, or of OpenID Connect; each with its
/// title.
pub(in super::super) fn of_oauth(
    cx: &Context<'_>,
    module: &Ident,
    scheme: &OAuthScheme,
) -> Vec<(String, Vec<String>)> {
    if let Some(url) = &scheme.openid_url {
        let is_usable =
            url.starts_with("https://") && url.ends_with("/.well-known/openid-configuration");
        let program =
            is_usable.then(|| ("OpenID Connect".to_owned(), metadata(cx, module, scheme)));
        return program.into_iter().collect();
    }
    let with_url = scheme.flows.iter().filter(|flow| flow.token_url.is_some());
    let programs = with_url.filter_map(|flow| {
        let (title, begin, grant) = match flow.kind {
            "ClientCredentials" => ("Client credentials", Vec::new(), "client_credentials()"),
            "Password" => (
                "A user's password",
                Vec::new(),
                "danger_password(\"user\", \"password\")",
            ),
            "AuthorizationCode" if flow.authorization_url.is_some() => (
                "Authorization code",
                consent(scheme, flow),
                "authorization_code(code)",
            ),
            _ => return None,
        };
        let lines = source(cx, module, scheme, flow, begin, grant);
        Some((title.to_owned(), lines))
    });
    programs.collect()
}

/// What finds the endpoints of an OpenID provider.
fn metadata(cx: &Context<'_>, module: &Ident, scheme: &OAuthScheme) -> Vec<String> {
    let krate = &cx.krate;
    vec![
        format!("use {krate}::{module}::oauth;"),
        format!("use {krate}::runtime::token::oauth::MetadataDocument;"),
        format!("let issuer = oauth::{}.issuer()?;", scheme.constant),
        "let request = issuer.request(MetadataDocument::OpenId)?;".to_owned(),
        "println!(\"{}\", request.uri());".to_owned(),
    ]
}

/// The statements that ask a user for consent and believe the answer.
fn consent(scheme: &OAuthScheme, flow: &OAuthFlow) -> Vec<String> {
    let scopes = scopes(scheme, flow);
    vec![
        format!(
            "let request = scheme.authorization_request(\"id\", \"https://app.example.com/back\")?{scopes};"
        ),
        "let (url, pending) = request.start(&SystemEntropy)?;".to_owned(),
        "println!(\"send the user to {url}\");".to_owned(),
        "let back = std::env::var(\"WHERE_THE_USER_CAME_BACK\")?;".to_owned(),
        "let code = pending.finish(&back)?;".to_owned(),
    ]
}

fn scopes(scheme: &OAuthScheme, flow: &OAuthFlow) -> String {
    match flow.scopes.first() {
        Some(scope) => {
            let scope = &scheme.scopes[*scope].name;
            format!(".scopes([oauth::{}::{scope}])", scheme.module)
        }
        None => String::new(),
    }
}

fn source(
    cx: &Context<'_>,
    module: &Ident,
    scheme: &OAuthScheme,
    flow: &OAuthFlow,
    begin: Vec<String>,
    grant: &str,
) -> Vec<String> {
    let krate = &cx.krate;
    let server = cx
        .api
        .servers
        .first()
        .map_or("/", |server| server.url.as_str());
    let is_https = |url: &str| url.starts_with("https://") || url.starts_with("//");
    let mut urls = [&flow.token_url, &flow.refresh_url, &flow.authorization_url]
        .into_iter()
        .flatten();
    let is_known = urls.all(|url| is_https(url) || (!url.contains("://") && is_https(server)));
    let constant = &scheme.constant;
    let first = match is_known {
        true => format!("let scheme = &oauth::{constant};"),
        false => format!("let scheme = oauth::{constant}.origin(\"https://auth.example.com\")?;"),
    };
    // consent has been asked for the scopes
    let scopes = match begin.is_empty() {
        true => scopes(scheme, flow),
        false => String::new(),
    };
    let entropy = match begin.is_empty() {
        true => "",
        false => ", SystemEntropy",
    };
    let imports = [
        format!("use {krate}::{module}::{{Client, oauth}};"),
        format!("use {krate}::runtime::token::TokenSource;"),
        format!("use {krate}::runtime::token::oauth::{{ClientAuth, OAuthGrant{entropy}}};"),
        first,
    ];
    let rest = [
        "let auth = ClientAuth::basic(\"id\", \"secret\");".to_owned(),
        format!("let endpoint = scheme.endpoint(auth, OAuthGrant::{grant})?{scopes}.build()?;"),
        "let source = TokenSource::builder(endpoint).build()?;".to_owned(),
        format!(
            "let client = Client::builder(){}.token_source(source).build()?;",
            api_server(cx)
        ),
        "println!(\"{client:?}\");".to_owned(),
    ];
    imports.into_iter().chain(begin).chain(rest).collect()
}

/// The program that makes a source of tokens of an operation, and a client that uses it.
pub(in super::super) fn of_token(
    cx: &Context<'_>,
    module: &Ident,
    schemes: &[Scheme],
    call: Call<'_>,
) -> Vec<String> {
    let Parts {
        imports,
        call: text,
    } = parts(cx, call.op, call.planned);
    let first = call.planned.security.first().into_iter().flatten();
    let first: Vec<&Scheme> = first.map(|it| &schemes[*it]).collect();
    vec![
        format!("use {}::{module}::{};", cx.krate, list(&imports)),
        format!(
            "let client = {};",
            builder(&server(cx, call.planned), &first)
        ),
        format!("let source = client.{text}.token_source().build()?;"),
        "let token = source.token().await?;".to_owned(),
        "println!(\"obtained {token:?}\");".to_owned(),
        format!(
            "let api = Client::builder(){}.token_source(source).build()?;",
            api_server(cx)
        ),
        "println!(\"{api:?}\");".to_owned(),
    ]
}
