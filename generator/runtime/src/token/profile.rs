//! Profiles: where the answers of one token operation hold what, as data that the generator writes.
//!
//! A [`TokenProfile`] reads an answer into an [`Issued`], with all the checks of [`read`]: a token is one
//! or more visible characters, a type is a known one, a lifetime is a number that is not negative and never longer
//! than ten years, an error is an error whatever the status.

mod lifetime;

use super::super::Body;
use super::super::operation::OperationSpec;
use super::read::{self, Members, Value};
use super::{Issued, Lifetime, Refusal, TokenErrorKind, TokenType};

/// Where the answers of a token operation hold what, and how a refresh is asked for.
#[derive(Clone, Copy, Debug)]
pub struct TokenProfile {
    /// The statuses of an answer with a token; all from 200 to 299 if there are none here.
    pub statuses: &'static [u16],
    /// The token.
    pub token: Place,
    /// Its lifetime: the first of these that an answer has.
    pub lifetimes: &'static [LifetimeAt],
    /// Its type.
    pub token_type: Option<Place>,
    /// How it is used where the answer does not say.
    pub usage: TokenType,
    /// What renews it.
    pub refresh_token: Option<Place>,
    /// The lifetime of that.
    pub refresh_lifetimes: &'static [LifetimeAt],
    /// The scopes, as one text or a list.
    pub scope: Option<Place>,
    /// A flag of the body, and its value where a token was issued.
    pub success: Option<(&'static [&'static str], &'static str)>,
    /// How a refresh is asked for.
    pub refresh: Option<RefreshBy>,
    /// Members of the request's body that are good for one request, such as a code.
    pub once: &'static [&'static [&'static str]],
}

/// Where an answer holds something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The names of the members that lead to it, from the outside in.
    Body(&'static [&'static str]),
    /// The name of a header.
    Header(&'static str),
    /// The body is it: a JSON string, or a text.
    WholeBody,
}

/// What tells a lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifetimeAt {
    /// A value, and what it counts.
    At(Place, Counts),
    /// The token is a JWT (RFC 7519), whose `exp` tells it; nothing of the JWT is verified, as it is its reader's
    /// business.
    InToken,
}

/// What a value that tells a lifetime counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Counts {
    /// Milliseconds from now.
    Milliseconds,
    /// Seconds from now.
    Seconds,
    /// Minutes from now.
    Minutes,
    /// Hours from now.
    Hours,
    /// Days from now.
    Days,
    /// Seconds since 1970.
    EpochSeconds,
    /// Milliseconds since 1970.
    EpochMilliseconds,
    /// A moment (RFC 3339).
    DateTime,
    /// A span: `PT1H` (ISO 8601) or `3600s`.
    Span,
    /// Seconds from now, or a moment where a number is too large for that, or a text that is one of the others.
    Unclear,
}

/// How a refresh is asked for.
#[derive(Clone, Copy, Debug)]
pub struct RefreshBy {
    /// The operation; the same one if it is `None`.
    pub operation: Option<&'static OperationSpec>,
    /// Where the refresh token goes.
    pub token: Input,
    /// The texts that go with it.
    pub set: &'static [(Input, &'static str)],
    /// The members of the first request's body that the refresh token stands for: the same operation is called
    /// without them, and after the first refresh token they are forgotten.
    pub drop: &'static [&'static [&'static str]],
    /// For another operation: the body's members that go over.
    pub keep: &'static [&'static [&'static str]],
}

/// Where a member of a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Into the body, by the names that lead to it.
    InBody(&'static [&'static str]),
    /// Into the query.
    InQuery(&'static str),
    /// Into a header.
    InHeader(&'static str),
}

impl TokenProfile {
    /// The profile of RFC 6749, section 5.1, without a way to refresh.
    pub const STANDARD: Self = Self {
        statuses: &[200],
        token: Place::Body(&["access_token"]),
        lifetimes: &[LifetimeAt::At(
            Place::Body(&["expires_in"]),
            Counts::Seconds,
        )],
        token_type: Some(Place::Body(&["token_type"])),
        usage: TokenType::Bearer,
        refresh_token: Some(Place::Body(&["refresh_token"])),
        refresh_lifetimes: &[],
        scope: Some(Place::Body(&["scope"])),
        success: None,
        refresh: None,
        once: &[],
    };

    /// A profile that finds the token and nothing else.
    pub const BARE: Self = Self {
        statuses: &[],
        lifetimes: &[],
        token_type: None,
        refresh_token: None,
        scope: None,
        ..Self::STANDARD
    };

    /// Reads an answer.
    ///
    /// # Errors
    /// The answer is an error, or holds no token that can be used.
    pub fn read(&self, response: &http::Response<Body>) -> Result<Issued, Refusal> {
        self.issued(response).map_err(|refusal| Refusal {
            status: Some(response.status().as_u16()),
            ..refusal
        })
    }

    fn issued(&self, response: &http::Response<Body>) -> Result<Issued, Refusal> {
        let members = Members::of(response);
        let status = [response.status().as_u16()];
        let statuses = match self.statuses {
            [] if response.status().is_success() => &status[..],
            known => known,
        };
        if let Some(refusal) = read::refusal(response, members.as_ref().ok(), statuses, &[]) {
            return Err(refusal);
        }
        let members = match (members, self.token) {
            (Ok(members), _) => Some(members),
            (Err(refusal), Place::Body(_)) => return Err(refusal),
            (Err(_), _) => None,
        };
        let answer = Answer { response, members };
        self.check_success(&answer)?;
        let mut issued = Issued::new(read::access_token(answer.token(self.token).as_ref())?);
        let said = self.token_type.and_then(|place| answer.value(place));
        let known = read::token_type(said.as_ref(), Some(self.usage))?;
        issued.token_type = match self.usage {
            TokenType::Bearer => known,
            TokenType::Custom => TokenType::Custom,
        };
        issued.lifetime = answer.lifetime(self.lifetimes, issued.access_token.expose())?;
        let refresh_token = self.refresh_token.and_then(|place| answer.token(place));
        issued.refresh_token = read::refresh_token(refresh_token.as_ref())?;
        if let Some(refresh_token) = &issued.refresh_token {
            // What is said badly of a refresh token does not make the access token bad.
            let lifetime = answer.lifetime(self.refresh_lifetimes, refresh_token.expose());
            issued.refresh_lifetime = lifetime.unwrap_or_default();
        }
        let scope = self.scope.and_then(|place| answer.value(place));
        issued.scope = read::scope(scope.as_ref(), None)?;
        if let Some(members) = &answer.members {
            issued.extra = read::extra(members, &self.known_names());
        }
        Ok(issued)
    }

    /// Looks at the flag that says whether all went well; an answer without it is judged by the rest.
    fn check_success(&self, answer: &Answer<'_>) -> Result<(), Refusal> {
        let Some((path, wanted)) = self.success else {
            return Ok(());
        };
        let said = answer
            .value(Place::Body(path))
            .and_then(|value| value.scalar());
        match said {
            Some(said) if said.as_str() != wanted => Err(Refusal {
                detail: Some("the answer says of itself that it is no success"),
                ..Refusal::new(TokenErrorKind::RequestRejected)
            }),
            _ => Ok(()),
        }
    }

    /// The names of the body's members that are read.
    fn known_names(&self) -> Vec<&'static str> {
        let lifetimes = self.lifetimes.iter().chain(self.refresh_lifetimes);
        let lifetimes = lifetimes.filter_map(|lifetime| match lifetime {
            LifetimeAt::At(place, _) => Some(*place),
            LifetimeAt::InToken => None,
        });
        let others = [self.token_type, self.refresh_token, self.scope];
        let places = lifetimes
            .chain([self.token])
            .chain(others.into_iter().flatten());
        let names = places.filter_map(|place| match place {
            Place::Body([name]) => Some(*name),
            _ => None,
        });
        names.collect()
    }
}

/// An answer that is no error.
struct Answer<'b> {
    response: &'b http::Response<Body>,
    members: Option<Members<'b>>,
}

impl<'b> Answer<'b> {
    fn value(&self, place: Place) -> Option<Value<'b>> {
        match place {
            Place::Body(path) => self.members.as_ref()?.at(path),
            Place::Header(name) => {
                let text = self.response.headers().get(name)?.to_str().ok()?;
                Some(Value::of_text(text.trim()))
            }
            Place::WholeBody => Value::whole(self.response.body().as_bytes()),
        }
    }

    /// A token, which in a header may have the word before it that it is sent with.
    fn token(&self, place: Place) -> Option<Value<'b>> {
        let value = self.value(place)?;
        if let Place::Header(_) = place
            && let Some(text) = value.text()
            && let Some((scheme, token)) = text.split_once(' ')
            && scheme.eq_ignore_ascii_case("bearer")
        {
            return Some(Value::of_text(token.trim()));
        }
        Some(value)
    }

    /// The first lifetime that is told.
    fn lifetime(&self, places: &[LifetimeAt], token: &str) -> Result<Lifetime, Refusal> {
        for place in places {
            let found = match place {
                LifetimeAt::At(place, counts) => {
                    lifetime::read(self.value(*place).as_ref(), *counts)?
                }
                LifetimeAt::InToken => lifetime::of_jwt(token),
            };
            if found != Lifetime::Unstated {
                return Ok(found);
            }
        }
        Ok(Lifetime::Unstated)
    }
}
