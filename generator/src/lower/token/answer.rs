//! Answers: where they hold the token, and what stands beside it.

use serde_json::Value;

use super::super::secret::plain;
use super::lifetime;
use super::members::{Member, may_be_text, members, scalar, values};
use super::words::{self, Named};
use crate::model::{
    Field, Header, Kind, LifetimeUnit, Response, ScopeForm, Status, StringFormat, TokenLifetime,
    TokenPlace, TokenScope, TokenSuccess, Type,
};

/// What an answer gives.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// The statuses of success.
    pub(super) statuses: Vec<Status>,
    /// The token.
    pub(super) token: Option<(TokenPlace, Named)>,
    /// The type of the token.
    pub(super) token_type: Option<TokenPlace>,
    /// Its lifetime.
    pub(super) lifetimes: Vec<TokenLifetime>,
    /// What renews it.
    pub(super) refresh_token: Option<TokenPlace>,
    /// The lifetime of that.
    pub(super) refresh_lifetimes: Vec<TokenLifetime>,
    /// The scopes.
    pub(super) scope: Option<TokenScope>,
    /// What says that all went well.
    pub(super) success: Option<TokenSuccess>,
    /// Whether the document says nothing of what is in it.
    pub(super) is_unsaid: bool,
    /// Whether it is a thing with a name of its own, as things in collections have.
    pub(super) is_resource: bool,
    /// Whether the body is one text.
    pub(super) is_text: bool,
    /// Whether the document calls the token a JWT.
    pub(super) is_jwt: bool,
}

impl Answer {
    /// Whether more than a token speaks of a token.
    pub(super) fn is_strong(&self) -> bool {
        let named = matches!(&self.token, Some((_, Named::AccessToken)));
        let beside = usize::from(!self.lifetimes.is_empty())
            + usize::from(self.token_type.is_some())
            + usize::from(self.refresh_token.is_some());
        (named && beside > 0) || (self.token.is_some() && beside > 1)
    }
}

/// Reads what the successes among `responses` say.
pub(super) fn read(types: &[Type], responses: &[Response]) -> Answer {
    let of = |fits: fn(&Response) -> bool| -> Vec<&Response> {
        responses.iter().filter(|response| fits(response)).collect()
    };
    let mut good = of(is_success);
    if good.is_empty() {
        good = of(|response| response.status == Status::Default);
    }
    let mut best: Option<Answer> = None;
    for response in &good {
        let answer = of_response(types, response);
        let better = best
            .as_ref()
            .is_none_or(|best| best.token.is_none() && answer.token.is_some());
        if better {
            best = Some(answer);
        }
    }
    let mut answer = best.unwrap_or_else(|| empty(true));
    answer.statuses = good.iter().map(|response| response.status).collect();
    answer
}

fn is_success(response: &Response) -> bool {
    matches!(response.status, Status::Code(200..=299) | Status::Range(2))
}

fn empty(is_unsaid: bool) -> Answer {
    Answer {
        statuses: Vec::new(),
        token: None,
        token_type: None,
        lifetimes: Vec::new(),
        refresh_token: None,
        refresh_lifetimes: Vec::new(),
        scope: None,
        success: None,
        is_unsaid,
        is_resource: false,
        is_text: false,
        is_jwt: false,
    }
}

fn of_response(types: &[Type], response: &Response) -> Answer {
    let schemas = response
        .content
        .iter()
        .filter_map(|media| media.schema.as_ref());
    let mut all = Vec::new();
    let mut answer = empty(true);
    for schema in schemas {
        let found = members(types, schema);
        answer.is_unsaid &=
            found.is_empty() && matches!(scalar(types, schema), Some(Kind::Any | Kind::Map(_)));
        answer.is_text |= matches!(
            scalar(types, schema),
            Some(Kind::String(StringFormat::Plain | StringFormat::Secret))
        );
        if all.is_empty() {
            all = found;
        }
    }
    let token = best_token(types, &all);
    if let Some((member, named)) = token {
        answer.token = Some((TokenPlace::Body(member.owned()), named));
        answer.is_jwt = is_jwt(&member.field.wire_name)
            || member.field.docs.description.as_deref().is_some_and(is_jwt);
        fill(types, &mut answer, &all, member);
    }
    answer.refresh_token = answer.refresh_token.or_else(|| {
        let member = all.iter().find(|member| is_refresh_token(types, member))?;
        Some(TokenPlace::Body(member.owned()))
    });
    if answer.token.is_none() {
        of_headers(&mut answer, &response.headers);
    }
    answer
}

/// The member that holds the token: the one that is named best, then the one furthest out.
fn best_token<'m, 'a>(types: &[Type], all: &'m [Member<'a>]) -> Option<(&'m Member<'a>, Named)> {
    let found = all.iter().filter_map(|member| {
        let named = words::token(&member.field.wire_name)?;
        let fits = may_be_text(types, &member.field.schema)
            && values(types, &member.field.schema).is_empty()
            && !member.field.write_only;
        fits.then_some((member, named))
    });
    let mut best: Option<(&Member<'a>, Named)> = None;
    for (member, named) in found {
        if best.is_none_or(|(_, known)| named > known) {
            best = Some((member, named));
        }
    }
    best
}

fn is_refresh_token(types: &[Type], member: &Member<'_>) -> bool {
    let name = plain(&member.field.wire_name);
    matches!(
        name.as_str(),
        "refreshtoken" | "refreshjwt" | "renewtoken" | "refresh"
    ) && may_be_text(types, &member.field.schema)
}

/// Fills in what stands beside the token, or around what it stands in.
fn fill(types: &[Type], answer: &mut Answer, all: &[Member<'_>], token: &Member<'_>) {
    let own = &token.path[..token.path.len() - 1];
    let near: Vec<&Member<'_>> = {
        let mut near: Vec<&Member<'_>> = all
            .iter()
            .filter(|member| own.starts_with(&member.path[..member.path.len() - 1]))
            .collect();
        near.sort_by_key(|member| std::cmp::Reverse(member.path.len()));
        near
    };
    for member in &near {
        let place = || TokenPlace::Body(member.owned());
        let name = plain(&member.field.wire_name);
        let name = name.as_str();
        if let Some((of_refresh, unit)) = lifetime::of_member(types, member) {
            let list = if of_refresh {
                &mut answer.refresh_lifetimes
            } else {
                &mut answer.lifetimes
            };
            list.push(TokenLifetime::At(place(), unit));
        } else if matches!(name, "tokentype" | "accesstokentype" | "typetoken") {
            answer.token_type.get_or_insert_with(place);
        } else if is_refresh_token(types, member) {
            answer.refresh_token.get_or_insert_with(place);
        } else if matches!(
            name,
            "scope" | "scopes" | "grantedscopes" | "accesstokenscope"
        ) && answer.scope.is_none()
        {
            let form = match scalar(types, &member.field.schema) {
                Some(Kind::List(_)) => ScopeForm::List,
                _ => ScopeForm::Text,
            };
            answer.scope = Some(TokenScope {
                place: place(),
                form,
            });
        } else if let Some(is) = flag(types, member.field, name)
            && answer.success.is_none()
        {
            answer.success = Some(TokenSuccess {
                path: member.owned(),
                is,
            });
        }
        answer.is_resource |= member.path.len() == token.path.len()
            && matches!(
                name,
                "id" | "uuid"
                    | "sid"
                    | "url"
                    | "href"
                    | "createdat"
                    | "datecreated"
                    | "created"
                    | "label"
                    | "links"
                    | "isactive"
                    | "description"
            );
    }
    // What counts from now holds without a clock that is set right.
    let order = |lifetime: &TokenLifetime| match lifetime {
        TokenLifetime::At(_, unit) => match unit {
            LifetimeUnit::Unclear => 1,
            LifetimeUnit::EpochSeconds
            | LifetimeUnit::EpochMilliseconds
            | LifetimeUnit::DateTime => 2,
            _ => 0,
        },
        TokenLifetime::InToken => 3,
    };
    answer.lifetimes.sort_by_key(order);
    answer.refresh_lifetimes.sort_by_key(order);
}

/// A token and its lifetime in headers.
fn of_headers(answer: &mut Answer, headers: &[Header]) {
    for header in headers {
        let name = plain(&header.wire_name);
        let name = name.strip_prefix('x').unwrap_or(&name);
        let place = TokenPlace::Header(header.wire_name.clone());
        let token = matches!(
            name,
            "authtoken"
                | "accesstoken"
                | "subjecttoken"
                | "sessiontoken"
                | "apitoken"
                | "token"
                | "jwt"
                | "authorization"
                | "jwttoken"
                | "usertoken"
                | "bearertoken"
                | "securitytoken"
        );
        if token && answer.token.is_none() {
            answer.token = Some((place, Named::Token));
        } else if name == "refreshtoken" {
            answer.refresh_token.get_or_insert(place);
        } else if let Some((of_refresh, when)) = lifetime::when(name) {
            let unit = lifetime::unit(
                when,
                Some(&Kind::Any),
                &header.wire_name,
                header.docs.description.as_deref(),
                None,
            );
            let list = if of_refresh {
                &mut answer.refresh_lifetimes
            } else {
                &mut answer.lifetimes
            };
            list.push(TokenLifetime::At(place, unit));
        }
    }
    if answer.token.is_none() {
        answer.lifetimes.clear();
    }
}

/// What a flag is where all went well.
fn flag(types: &[Type], field: &Field, name: &str) -> Option<Value> {
    let kind = scalar(types, &field.schema)?;
    let said = field
        .docs
        .description
        .as_deref()
        .unwrap_or_default()
        .to_ascii_lowercase();
    match (name, kind) {
        (
            "success" | "ok" | "succeeded" | "issuccess" | "successful" | "issuccessful",
            Kind::Bool,
        ) => Some(Value::Bool(true)),
        ("error" | "haserror" | "iserror" | "failed", Kind::Bool) => Some(Value::Bool(false)),
        ("code" | "errcode" | "errorcode" | "retcode" | "resultcode", Kind::Integer(_)) => {
            let zero = field.docs.example == Some(Value::from(0))
                || [
                    "0 means",
                    "0 is",
                    "0 =",
                    "0:",
                    "`0`",
                    "zero",
                    "0 for success",
                    "0 indicates",
                ]
                .iter()
                .any(|text| said.contains(text))
                || matches!(name, "errcode" | "errorcode" | "retcode");
            zero.then(|| Value::from(0))
        }
        _ => None,
    }
}

/// Whether a text speaks of JSON Web Tokens (RFC 7519).
pub(super) fn is_jwt(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| matches!(word, "JWT" | "JWTs" | "jwt" | "Jwt"))
        || text.to_ascii_lowercase().contains("json web token")
}
