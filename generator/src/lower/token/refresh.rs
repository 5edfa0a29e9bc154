//! Refreshes: how a new token is had for a refresh token.

use super::super::secret::plain;
use super::Found;
use super::asked::Asked;
use crate::model::{InputPlace, InputRole, Operation, TokenKind, TokenRefresh};

/// What a refresh does without: the refresh token stands for it.
const SPENT: [InputRole; 7] = [
    InputRole::Username,
    InputRole::Password,
    InputRole::Code,
    InputRole::WithCode,
    InputRole::Assertion,
    InputRole::OneTimePassword,
    InputRole::Token,
];

/// What a refresh by another operation needs of the first request.
const KEPT: [InputRole; 6] = [
    InputRole::ClientId,
    InputRole::ClientSecret,
    InputRole::ApiKey,
    InputRole::ApiSecret,
    InputRole::Tenant,
    InputRole::Scope,
];

/// How the operation at `index` asks for a refresh.
pub(super) fn of(
    operations: &[Operation],
    found: &[Option<Found>],
    index: usize,
) -> Option<TokenRefresh> {
    let own = found[index].as_ref()?;
    if own.verdict.kind == TokenKind::Mint {
        return None;
    }
    let takes = member(&own.asked, InputRole::RefreshToken);
    let grant = member(&own.asked, InputRole::GrantType);
    match (takes, grant) {
        (Some(token), Some(grant)) => {
            if let Some(refresh) = grant_of(grant) {
                return Some(same(
                    &own.asked,
                    token.input.place.clone(),
                    Some((grant, refresh)),
                ));
            }
        }
        (Some(token), None) => return Some(same(&own.asked, token.input.place.clone(), None)),
        _ => {}
    }
    own.answer.refresh_token.as_ref()?;
    if let Some(refresh) = sibling(operations, found, index) {
        return Some(refresh);
    }
    // RFC 6749, section 6: the same endpoint, whether the document lists the member or not.
    let grant = grant?;
    let refresh = grant_of(grant)?;
    Some(same(
        &own.asked,
        beside(&grant.input.place),
        Some((grant, refresh)),
    ))
}

fn member(asked: &[Asked], role: InputRole) -> Option<&Asked> {
    asked.iter().find(|asked| asked.input.role == role)
}

/// What the grant is called that refreshes; `None` if the document allows others only.
fn grant_of(grant: &Asked) -> Option<String> {
    if grant.listed.is_empty() {
        return Some("refresh_token".to_owned());
    }
    let known = grant
        .listed
        .iter()
        .find(|value| plain(value) == "refreshtoken");
    known.cloned()
}

/// The place of `refresh_token` where there is none: beside the grant, written alike.
fn beside(grant: &InputPlace) -> InputPlace {
    let alike = |name: &str| {
        let refresh = match name {
            name if name.contains('_') || name.bytes().all(|byte| byte.is_ascii_lowercase()) => {
                "refresh_token"
            }
            name if name.starts_with(|c: char| c.is_ascii_uppercase()) => "RefreshToken",
            name if name.contains('-') => "refresh-token",
            _ => "refreshToken",
        };
        refresh.to_owned()
    };
    match grant {
        InputPlace::Body(path) => {
            let mut path = path.clone();
            if let Some(last) = path.last_mut() {
                *last = alike(last);
            }
            InputPlace::Body(path)
        }
        InputPlace::Query(name) => InputPlace::Query(alike(name)),
        InputPlace::Header(name) => InputPlace::Header(alike(name)),
        InputPlace::Path(name) => InputPlace::Path(alike(name)),
    }
}

/// The same operation, without what the refresh token stands for.
fn same(asked: &[Asked], token: InputPlace, grant: Option<(&Asked, String)>) -> TokenRefresh {
    let set = grant.map(|(grant, refresh)| (grant.input.place.clone(), refresh));
    TokenRefresh {
        operation: None,
        token,
        set: set.into_iter().collect(),
        drop: spent(asked),
        keep: Vec::new(),
    }
}

/// The body's members that the refresh token stands for.
fn spent(asked: &[Asked]) -> Vec<Vec<String>> {
    let spent = asked
        .iter()
        .filter(|asked| SPENT.contains(&asked.input.role));
    let paths = spent.filter_map(|asked| match &asked.input.place {
        InputPlace::Body(path) => Some(path.clone()),
        _ => None,
    });
    paths.collect()
}

/// The operation of the same family that takes the refresh token.
fn sibling(
    operations: &[Operation],
    found: &[Option<Found>],
    index: usize,
) -> Option<TokenRefresh> {
    let own = &operations[index];
    let segments = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
    let shared = |path: &str| {
        let (a, b) = (segments(&own.path), segments(path));
        a.iter().zip(&b).take_while(|(a, b)| a == b).count()
    };
    let mut best: Option<(usize, usize)> = None;
    for (other, known) in found.iter().enumerate() {
        let Some(known) = known else { continue };
        let takes = member(&known.asked, InputRole::RefreshToken).is_some()
            && member(&known.asked, InputRole::Password).is_none();
        let fits = other != index && known.verdict.kind != TokenKind::Mint && takes;
        let near = shared(&operations[other].path);
        if fits && best.is_none_or(|(_, known)| near > known) {
            best = Some((other, near));
        }
    }
    let (other, near) = best?;
    let alone = found
        .iter()
        .flatten()
        .filter(|known| known.verdict.kind != TokenKind::Mint)
        .count()
        == 2;
    // The empty text before the first slash is shared by all.
    if near < 2 && !alone {
        return None;
    }
    let (known, first) = (found[other].as_ref()?, found[index].as_ref()?);
    let token = member(&known.asked, InputRole::RefreshToken)?;
    let set = known.asked.iter().filter_map(|asked| {
        let constant = asked.input.constant.clone();
        let value = match asked.input.role {
            InputRole::GrantType => constant.or_else(|| grant_of(asked)),
            _ => constant,
        };
        Some((asked.input.place.clone(), value?))
    });
    let keep = known
        .asked
        .iter()
        .filter(|asked| KEPT.contains(&asked.input.role))
        .filter_map(|asked| {
            let InputPlace::Body(path) = &asked.input.place else {
                return None;
            };
            let has = first
                .asked
                .iter()
                .any(|known| known.input.place == asked.input.place);
            has.then(|| path.clone())
        });
    Some(TokenRefresh {
        operation: Some(operations[other].at.clone()),
        token: token.input.place.clone(),
        set: set.collect(),
        drop: spent(&first.asked),
        keep: keep.collect(),
    })
}
