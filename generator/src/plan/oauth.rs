//! Plans where tokens come from: the schemes of OAuth 2 and OpenID Connect, their flows and scopes.

use super::docs;
use super::kept::{Inner, Kind, Ledger, Within};
use super::names::{Ident, Rank};
use super::tree::{OAuth, OAuthFlow, OAuthScheme, OAuthScope, Scheme};
use crate::model;
use std::collections::BTreeMap;

/// Plans the module `oauth`. `schemes` are the API's, in the order of the model.
pub(super) fn plan(
    api: &model::Api,
    module: &Ident,
    krate: &str,
    schemes: &[Scheme],
    ledger: &mut Ledger<'_>,
) -> OAuth {
    let named = api.schemes.iter().zip(schemes);
    let within = named.map(|(scheme, planned)| within(api, scheme, planned));
    let within = ledger.within(Kind::Scopes, within.collect());
    let named = api.schemes.iter().zip(schemes).zip(&within);
    let planned: Vec<OAuthScheme> = named
        .filter_map(|((scheme, planned), within)| plan_scheme(api, scheme, planned, within))
        .collect();
    let example = planned.iter().find_map(|scheme| statements(api, scheme));
    let example = example.map(|rest| [imports(module, krate, &rest), rest].concat());
    OAuth {
        example: example.unwrap_or_default(),
        schemes: planned,
    }
}

fn plan_scheme(
    api: &model::Api,
    scheme: &model::SecurityScheme,
    planned: &Scheme,
    within: &Within,
) -> Option<OAuthScheme> {
    let (flows, openid_url) = match &scheme.kind {
        model::SchemeKind::OAuth2(flows) => (flows.as_slice(), None),
        model::SchemeKind::OpenIdConnect(url) => (&[][..], said(Some(url))),
        _ => return None,
    };
    let scopes = scopes(api, scheme, within);
    let flows: Vec<OAuthFlow> = flows
        .iter()
        .filter_map(|flow| plan_flow(flow, &scopes))
        .collect();
    Some(OAuthScheme {
        constant: planned.constant.clone(),
        module: planned.setter.clone(),
        docs: scheme_docs(scheme, &flows, openid_url.as_deref()),
        wire_name: scheme.wire_name.clone(),
        flows,
        openid_url,
        scopes,
    })
}

fn plan_flow(flow: &model::Flow, scopes: &[OAuthScope]) -> Option<OAuthFlow> {
    let kind = match flow.kind.as_str() {
        "clientCredentials" => "ClientCredentials",
        "password" => "Password",
        "authorizationCode" => "AuthorizationCode",
        "deviceAuthorization" => "Device",
        "implicit" => "Implicit",
        _ => return None,
    };
    let place =
        |(scope, _): &(String, String)| scopes.iter().position(|known| known.wire_name == *scope);
    Some(OAuthFlow {
        kind,
        token_url: said(flow.token_url.as_ref()),
        refresh_url: said(flow.refresh_url.as_ref()),
        authorization_url: said(flow.authorization_url.as_ref()),
        scopes: flow.scopes.iter().filter_map(place).collect(),
    })
}

/// A URL, unless it is an empty text.
fn said(url: Option<&String>) -> Option<String> {
    url.map(|url| url.trim().to_owned())
        .filter(|url| !url.is_empty())
}

/// The scopes of all flows, and those that operations ask for, each once, sorted, with what is said of them.
fn known<'m>(api: &'m model::Api, scheme: &'m model::SecurityScheme) -> BTreeMap<&'m str, &'m str> {
    let flows = match &scheme.kind {
        model::SchemeKind::OAuth2(flows) => flows.as_slice(),
        model::SchemeKind::OpenIdConnect(_) => &[],
        _ => return BTreeMap::new(),
    };
    let declared = flows
        .iter()
        .flat_map(|flow| &flow.scopes)
        .map(|(scope, about)| (scope.as_str(), about.as_str()));
    let asked_for = api
        .operations
        .iter()
        .flat_map(|op| op.security.iter().flatten())
        .filter(|requirement| requirement.scheme == scheme.wire_name)
        .flat_map(|requirement| &requirement.scopes)
        .map(|scope| (scope.as_str(), ""));
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    for (scope, about) in declared.chain(asked_for) {
        if !scope.is_empty() {
            known.entry(scope).or_insert(about);
        }
    }
    known
}

/// The scopes of a scheme, for their names.
fn within(api: &model::Api, scheme: &model::SecurityScheme, planned: &Scheme) -> Within {
    let known = known(api, scheme);
    let inner = known.keys().map(|scope| Inner {
        called: (*scope).to_owned(),
        among: "",
        otherwise: None,
        rank: Rank::Named,
        at: scheme.at.push(scope),
    });
    Within {
        owner: planned.setter.plain().to_owned(),
        inner: inner.collect(),
        ..Within::default()
    }
}

fn scopes(api: &model::Api, scheme: &model::SecurityScheme, within: &Within) -> Vec<OAuthScope> {
    let known = known(api, scheme).into_iter().zip(&within.names);
    let scope = |((wire_name, about), name): ((&str, &str), &Ident)| OAuthScope {
        name: name.clone(),
        wire_name: wire_name.to_owned(),
        docs: docs::join(vec![
            docs::markdown(about),
            vec![format!("{}.", docs::code(wire_name))],
        ]),
    };
    known.map(scope).collect()
}

fn scheme_docs(
    scheme: &model::SecurityScheme,
    flows: &[OAuthFlow],
    openid_url: Option<&str>,
) -> Vec<String> {
    let first = match &scheme.kind {
        model::SchemeKind::OpenIdConnect(_) => "OpenID Connect",
        _ => "OAuth 2",
    };
    let prose = scheme.description.as_deref().map(docs::markdown);
    let mut list = Vec::new();
    for flow in flows {
        let urls = [
            ("authorization at", &flow.authorization_url),
            ("tokens at", &flow.token_url),
            ("refreshed at", &flow.refresh_url),
        ];
        let urls: Vec<String> = urls
            .iter()
            .filter_map(|(what, url)| Some(format!("{what} {}", docs::code(url.as_deref()?))))
            .collect();
        let urls = match urls.is_empty() {
            true => "the document does not say where".to_owned(),
            false => urls.join(", "),
        };
        list.push(format!("* {}: {urls}", words(flow.kind)));
    }
    list.extend(openid_url.map(|url| format!("Its metadata are at {}.", docs::code(url))));
    docs::join(vec![
        vec![format!("{}: {first}.", docs::code(&scheme.wire_name))],
        prose.unwrap_or_default(),
        list,
    ])
}

fn words(kind: &str) -> &'static str {
    match kind {
        "ClientCredentials" => "client credentials",
        "Password" => "a user's password, which RFC 9700 forbids",
        "AuthorizationCode" => "authorization code",
        "Device" => "device code",
        _ => "implicit, whose tokens come to a browser",
    }
}

/// The example of a scheme: an endpoint for its first flow. `None` if it has none that an example can use.
fn statements(api: &model::Api, scheme: &OAuthScheme) -> Option<Vec<String>> {
    let constant = &scheme.constant;
    if let Some(url) = &scheme.openid_url {
        let is_usable =
            url.starts_with("https://") && url.ends_with("/.well-known/openid-configuration");
        return is_usable.then(|| {
            vec![
                format!("let issuer = oauth::{constant}.issuer()?;"),
                "let request = issuer.request(MetadataDocument::OpenId)?;".to_owned(),
                "println!(\"{}\", request.uri());".to_owned(),
            ]
        });
    }
    let flow = scheme.flows.iter().find(|flow| flow.token_url.is_some())?;
    let grant = match flow.kind {
        "Password" => "OAuthGrant::danger_password(\"user\", \"password\")",
        "AuthorizationCode" | "Device" => "OAuthGrant::refresh_token(\"whose tokens these are\")",
        _ => "OAuthGrant::client_credentials()",
    };
    let server = api
        .servers
        .first()
        .map_or("/", |server| server.url.as_str());
    let url = flow.token_url.as_deref().unwrap_or_default();
    let is_https = |url: &str| url.starts_with("https://") || url.starts_with("//");
    let origin = match is_https(url) || (!url.contains("://") && is_https(server)) {
        true => "",
        false => ".origin(\"https://auth.example.com\")?",
    };
    let scopes = match flow.scopes.first() {
        Some(scope) => {
            let scope = &scheme.scopes[*scope].name;
            format!(".scopes([oauth::{}::{scope}])", scheme.module)
        }
        None => String::new(),
    };
    let auth = "ClientAuth::basic(\"id\", \"secret\")";
    Some(vec![
        format!(
            "let endpoint = oauth::{constant}{origin}.endpoint({auth}, {grant})?{scopes}.build()?;"
        ),
        "println!(\"{endpoint:?}\");".to_owned(),
    ])
}

fn imports(module: &Ident, krate: &str, statements: &[String]) -> Vec<String> {
    let names = ["ClientAuth", "MetadataDocument", "OAuthGrant"];
    let is_used = |name: &&str| statements.iter().any(|line| line.contains(name));
    let used: Vec<&str> = names.into_iter().filter(is_used).collect();
    let list = match used.as_slice() {
        [one] => (*one).to_owned(),
        several => format!("{{{}}}", several.join(", ")),
    };
    vec![
        format!("use {krate}::{module}::oauth;"),
        format!("use {krate}::runtime::token::oauth::{list};"),
    ]
}
