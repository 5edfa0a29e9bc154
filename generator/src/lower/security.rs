//! Security schemes, and which of them an operation needs.

use openapiv3::{APIKeyLocation, SecurityRequirement, SecurityScheme as SpecScheme};
use serde_json::Value;

use super::headers::{AuthorizationScheme, Reserved};
use super::{Lower, resolve};
use crate::diag::Code;
use crate::model::{Flow, Location, Requirement, SchemeKind, SecurityScheme};
use crate::pointer::Pointer;

/// Lowers `components.securitySchemes`.
pub(super) fn schemes(cx: &mut Lower<'_>) -> Vec<SecurityScheme> {
    let root = Pointer::root().push("components").push("securitySchemes");
    let mut list = Vec::new();
    for (name, scheme) in &cx.components.security_schemes {
        let at = root.push(name);
        let Some((at, scheme)) = resolve(
            &cx.components.security_schemes,
            "securitySchemes",
            &at,
            scheme,
        ) else {
            continue;
        };
        let (mut kind, description) = kind_of(scheme);
        if let SchemeKind::OAuth2(flows) = &mut kind {
            let flow = at.push("flows").push("deviceAuthorization");
            flows.extend(cx.document.tree.pointer(flow.as_str()).map(device_flow));
        }
        list.push(SecurityScheme {
            at,
            wire_name: name.clone(),
            description,
            bearer_format: bearer_format(scheme),
            kind,
        });
    }
    list
}

fn kind_of(scheme: &SpecScheme) -> (SchemeKind, Option<String>) {
    match scheme {
        SpecScheme::APIKey { extensions, .. }
            if extensions.get("x-specmint-type") == Some(&Value::from("mutualTLS")) =>
        {
            (SchemeKind::MutualTls, description_of(scheme))
        }
        SpecScheme::APIKey { location, name, .. } => {
            let location = match location {
                APIKeyLocation::Query => Location::Query,
                APIKeyLocation::Header => Location::Header,
                APIKeyLocation::Cookie => Location::Cookie,
            };
            (
                SchemeKind::ApiKey {
                    location,
                    wire_name: name.clone(),
                },
                description_of(scheme),
            )
        }
        SpecScheme::HTTP { scheme: http, .. } => {
            let kind = match http.to_ascii_lowercase().as_str() {
                "basic" => SchemeKind::Basic,
                "bearer" => SchemeKind::Bearer,
                _ => SchemeKind::OtherHttp(http.clone()),
            };
            (kind, description_of(scheme))
        }
        SpecScheme::OAuth2 { flows, .. } => {
            (SchemeKind::OAuth2(flows_of(flows)), description_of(scheme))
        }
        SpecScheme::OpenIDConnect {
            open_id_connect_url,
            ..
        } => (
            SchemeKind::OpenIdConnect(open_id_connect_url.clone()),
            description_of(scheme),
        ),
    }
}

fn bearer_format(scheme: &SpecScheme) -> Option<String> {
    match scheme {
        SpecScheme::HTTP { bearer_format, .. } => bearer_format.clone(),
        _ => None,
    }
}

fn description_of(scheme: &SpecScheme) -> Option<String> {
    match scheme {
        SpecScheme::APIKey { description, .. }
        | SpecScheme::HTTP { description, .. }
        | SpecScheme::OAuth2 { description, .. }
        | SpecScheme::OpenIDConnect { description, .. } => description.clone(),
    }
}

fn flows_of(flows: &openapiv3::OAuth2Flows) -> Vec<Flow> {
    let mut list = Vec::new();
    let scopes = |scopes: &indexmap::IndexMap<String, String>| {
        scopes
            .iter()
            .map(|(scope, about)| (scope.clone(), about.clone()))
            .collect()
    };
    if let Some(flow) = &flows.client_credentials {
        list.push(Flow {
            kind: "clientCredentials".to_owned(),
            token_url: Some(flow.token_url.clone()),
            refresh_url: flow.refresh_url.clone(),
            authorization_url: None,
            scopes: scopes(&flow.scopes),
        });
    }
    if let Some(flow) = &flows.password {
        list.push(Flow {
            kind: "password".to_owned(),
            token_url: Some(flow.token_url.clone()),
            refresh_url: flow.refresh_url.clone(),
            authorization_url: None,
            scopes: scopes(&flow.scopes),
        });
    }
    if let Some(flow) = &flows.authorization_code {
        list.push(Flow {
            kind: "authorizationCode".to_owned(),
            token_url: Some(flow.token_url.clone()),
            refresh_url: flow.refresh_url.clone(),
            authorization_url: Some(flow.authorization_url.clone()),
            scopes: scopes(&flow.scopes),
        });
    }
    if let Some(flow) = &flows.implicit {
        list.push(Flow {
            kind: "implicit".to_owned(),
            token_url: None,
            refresh_url: flow.refresh_url.clone(),
            authorization_url: Some(flow.authorization_url.clone()),
            scopes: scopes(&flow.scopes),
        });
    }
    list
}

/// The flow for devices (RFC 8628), which `openapiv3` does not know.
fn device_flow(flow: &Value) -> Flow {
    let text = |key: &str| flow.get(key).and_then(Value::as_str).map(str::to_owned);
    let scopes = flow.get("scopes").and_then(Value::as_object);
    let scopes = scopes.into_iter().flatten();
    Flow {
        kind: "deviceAuthorization".to_owned(),
        token_url: text("tokenUrl"),
        refresh_url: text("refreshUrl"),
        authorization_url: text("deviceAuthorizationUrl"),
        scopes: scopes
            .map(|(scope, about)| (scope.clone(), about.as_str().unwrap_or_default().to_owned()))
            .collect(),
    }
}

impl Lower<'_> {
    /// The alternatives of an operation: its own, or the document's, and what its headers ask for.
    pub(super) fn security(
        &mut self,
        at: &Pointer,
        own: Option<&[SecurityRequirement]>,
        reserved: &[Reserved],
    ) -> Vec<Vec<Requirement>> {
        let (at, listed) = match own {
            Some(own) => (at.push("security"), own),
            None => (
                Pointer::root().push("security"),
                self.document
                    .openapi
                    .security
                    .as_deref()
                    .unwrap_or_default(),
            ),
        };
        let mut alternatives: Vec<Vec<Requirement>> = Vec::new();
        for (index, requirement) in listed.iter().enumerate() {
            let at = at.index(index);
            let mut together = Vec::with_capacity(requirement.len());
            let mut complete = true;
            for (scheme, scopes) in requirement {
                if self.schemes.iter().any(|known| known.wire_name == *scheme) {
                    together.push(Requirement {
                        scheme: scheme.clone(),
                        scopes: scopes.clone(),
                    });
                } else {
                    complete = false;
                    let said = format!("no security scheme is called `{scheme}`");
                    self.schemas
                        .diags
                        .report(Code::UnknownSecurityScheme, &at.push(scheme), said);
                }
            }
            if complete && !alternatives.contains(&together) {
                alternatives.push(together);
            }
        }
        for meaning in reserved {
            if let Reserved::Authorization { scheme, required } = meaning {
                self.add_authorization(&mut alternatives, *scheme, *required);
            }
        }
        alternatives
    }

    /// An `Authorization` parameter is a scheme that the document did not declare.
    fn add_authorization(
        &mut self,
        alternatives: &mut Vec<Vec<Requirement>>,
        scheme: AuthorizationScheme,
        required: bool,
    ) {
        let declared = alternatives
            .iter()
            .flatten()
            .any(|requirement| self.uses_authorization(&requirement.scheme));
        if declared {
            return;
        }
        let (wire_name, kind) = match scheme {
            AuthorizationScheme::Basic => ("basicAuth", SchemeKind::Basic),
            AuthorizationScheme::Bearer => ("bearerAuth", SchemeKind::Bearer),
            AuthorizationScheme::Unsaid => (
                "authorization",
                SchemeKind::ApiKey {
                    location: Location::Header,
                    wire_name: "Authorization".to_owned(),
                },
            ),
        };
        let wire_name = match self
            .schemes
            .iter()
            .find(|known| known.wire_name == wire_name)
        {
            Some(known) if known.kind != kind => format!("{wire_name}Header"),
            _ => wire_name.to_owned(),
        };
        if !self
            .schemes
            .iter()
            .any(|known| known.wire_name == wire_name)
        {
            let at = Pointer::root().push("components").push("securitySchemes");
            self.schemes.push(SecurityScheme {
                at,
                wire_name: wire_name.clone(),
                description: None,
                bearer_format: None,
                kind,
            });
        }
        let requirement = Requirement {
            scheme: wire_name,
            scopes: Vec::new(),
        };
        if alternatives.is_empty() {
            alternatives.push(Vec::new());
        }
        let without = alternatives.clone();
        for together in alternatives.iter_mut() {
            together.push(requirement.clone());
        }
        if !required {
            alternatives.extend(without);
        }
    }

    fn uses_authorization(&self, scheme: &str) -> bool {
        self.schemes
            .iter()
            .filter(|known| known.wire_name == scheme)
            .any(|known| match &known.kind {
                SchemeKind::ApiKey {
                    location,
                    wire_name,
                } => {
                    *location == Location::Header && wire_name.eq_ignore_ascii_case("authorization")
                }
                SchemeKind::MutualTls => false,
                _ => true,
            })
    }

    /// Reports a `tokenUrl` that leads elsewhere than the operation it must mean.
    pub(super) fn report_token_url(&mut self, scheme: usize, said: String) {
        let at = self.schemes[scheme].at.clone();
        self.schemas
            .diags
            .report(Code::TokenUrlDiffers, &at.push("flows"), said);
    }
}
