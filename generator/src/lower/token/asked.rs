//! Requests: the grants and the credentials that they carry.

use std::collections::{HashMap, HashSet};

use super::super::secret::plain;
use super::members::{Member, listed, members, values};
use super::words;
use crate::model::{Field, InputPlace, InputRole, Location, Operation, TokenInput, Type};

/// A member of a request, with what it may be.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// The member.
    pub(super) input: TokenInput,
    /// The texts that it may be; empty if any.
    pub(super) listed: Vec<String>,
}

/// The parameters that most operations of an API have: they say nothing of any one of them.
#[derive(Debug, Default)]
pub(super) struct Usual(HashSet<(Location, String)>);

/// Fewer operations than this make no habit.
const HABIT: usize = 4;

impl Usual {
    pub(super) fn of(operations: &[Operation]) -> Self {
        let mut counts: HashMap<(Location, &str), usize> = HashMap::new();
        for param in operations.iter().flat_map(|operation| &operation.params) {
            *counts
                .entry((param.location, param.wire_name.as_str()))
                .or_default() += 1;
        }
        let is_usual = |count: usize| operations.len() >= HABIT && count * 2 > operations.len();
        let usual = counts.into_iter().filter(|(_, count)| is_usual(*count));
        Self(
            usual
                .map(|((location, name), _)| (location, name.to_owned()))
                .collect(),
        )
    }
}

/// Whether an operation is where a person is asked for consent (RFC 6749, section 3.1), and no token endpoint.
pub(super) fn asks_for_consent(types: &[Type], operation: &Operation) -> bool {
    let is_it = |name: &str| plain(name) == "responsetype";
    let schema = operation
        .body
        .iter()
        .flat_map(|body| &body.content)
        .find_map(|media| media.schema.as_ref());
    operation.params.iter().any(|param| is_it(&param.wire_name))
        || schema.is_some_and(|schema| {
            members(types, schema)
                .iter()
                .any(|member| is_it(&member.field.wire_name))
        })
}

/// What the members of a request are, as far as they matter.
pub(super) fn read(types: &[Type], operation: &Operation, usual: &Usual) -> Vec<Asked> {
    let mut asked: Vec<Asked> = Vec::new();
    for param in &operation.params {
        if usual.0.contains(&(param.location, param.wire_name.clone())) {
            continue;
        }
        let name = param.wire_name.clone();
        let place = match param.location {
            Location::Path => InputPlace::Path(name),
            Location::Query => InputPlace::Query(name),
            Location::Header => InputPlace::Header(name),
            Location::Cookie => continue,
        };
        let Some(role) = role(&param.wire_name) else {
            continue;
        };
        // Of what is in the path only a tenant is a member; ids of things have names like those of clients.
        if param.location == Location::Path && role != InputRole::Tenant {
            continue;
        }
        let listed = values(types, &param.schema);
        asked.push(known(place, role, listed));
    }
    let schemas = operation.body.iter().flat_map(|body| &body.content);
    let schema = schemas.filter_map(|media| media.schema.as_ref()).next();
    let found: Vec<Member<'_>> = schema
        .map(|schema| members(types, schema))
        .unwrap_or_default();
    for member in &found {
        let Some(role) = role(&member.field.wire_name) else {
            continue;
        };
        let place = InputPlace::Body(member.owned());
        if asked.iter().all(|asked| asked.input.place != place) && !is_object(types, member.field) {
            asked.push(known(place, role, listed(types, member.field)));
        }
    }
    asked
}

fn is_object(types: &[Type], field: &Field) -> bool {
    super::members::scalar(types, &field.schema).is_none() && listed(types, field).is_empty()
}

fn known(place: InputPlace, role: InputRole, listed: Vec<String>) -> Asked {
    let constant = match listed.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    };
    let input = TokenInput {
        place,
        role,
        constant,
    };
    Asked { input, listed }
}

/// What a member of a request is, by its name.
fn role(name: &str) -> Option<InputRole> {
    use InputRole as Role;
    let name = plain(name);
    let role = match name.as_str() {
        "granttype" | "grant" => Role::GrantType,
        "clientid" | "clientkey" | "consumerkey" | "appid" | "appkey" | "applicationid"
        | "clientsid" => Role::ClientId,
        "clientsecret" | "clientassertion" | "consumersecret" | "appsecret"
        | "applicationsecret" => Role::ClientSecret,
        "username" | "user" | "login" | "email" | "loginid" | "userid" | "loginname"
        | "emailaddress" | "account" | "devicename" => Role::Username,
        "password" | "pwd" | "passwd" | "pw" | "passphrase" | "userpassword" | "pass" | "hmac" => {
            Role::Password
        }
        "apikey" | "key" | "accesskey" | "keyid" | "accesskeyid" | "apiid" | "apitoken"
        | "activekey" | "mac" => Role::ApiKey,
        "apisecret" | "secretkey" | "secret" | "userkey" | "keysecret" | "accesskeysecret"
        | "secretaccesskey" | "privatekey" => Role::ApiSecret,
        "refreshtoken" => Role::RefreshToken,
        "code" | "authorizationcode" | "authcode" | "devicecode" => Role::Code,
        "redirecturi" | "redirecturl" | "codeverifier" => Role::WithCode,
        "assertion" | "samlresponse" | "samlassertion" | "signature" | "jws" => Role::Assertion,
        "otp" | "totp" | "passcode" | "pin" | "mfacode" | "verificationcode"
        | "onetimepassword" | "otpcode" | "smscode" => Role::OneTimePassword,
        "scope" | "scopes" => Role::Scope,
        "audience" | "resource" => Role::Audience,
        "tenant" | "tenantid" | "realm" | "domain" | "organization" | "organizationid"
        | "accountid" | "subdomain" | "workspaceid" => Role::Tenant,
        "authparameters" | "challengeresponses" => Role::Password,
        "token" | "subjecttoken" | "idtoken" | "publictoken" | "oauthtoken" | "accesstoken"
        | "jwt" => Role::Token,
        _ if words::token(&name).is_some() || name.ends_with("token") => Role::Token,
        _ => return None,
    };
    Some(role)
}

/// Whether a member proves who asks, so that nothing else need.
///
/// What stands deep in a body belongs to what the body describes.
pub(super) fn proves(asked: &Asked) -> bool {
    let is_deep = matches!(&asked.input.place, InputPlace::Body(path) if path.len() > 2);
    !is_deep
        && matches!(
            asked.input.role,
            InputRole::ClientSecret
                | InputRole::Password
                | InputRole::ApiKey
                | InputRole::ApiSecret
                | InputRole::RefreshToken
                | InputRole::Code
                | InputRole::Assertion
                | InputRole::OneTimePassword
        )
}
