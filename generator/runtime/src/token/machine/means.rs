//! What is left to ask a token endpoint with.

use super::super::super::Secret;
use super::super::policy::InDoubt;
use super::super::{Now, RefreshPolicy, TokenErrorKind};

/// What an endpoint is asked with.
#[derive(Clone, Debug)]
pub enum Means {
    /// What the endpoint was set up with.
    Initial,
    /// This refresh token.
    Refresh(Secret),
}

/// Whether the endpoint can be asked from the beginning again, as [`Endpoint::repeats`](super::super::Endpoint::repeats)
/// says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Repeats {
    /// As often as needed.
    Yes,
    /// Once.
    No,
    /// Not at all: only a refresh token brings tokens.
    Never,
}

impl From<bool> for Repeats {
    fn from(repeats: bool) -> Self {
        if repeats { Self::Yes } else { Self::No }
    }
}

/// The refresh token and the initial grant, and what is known about them.
#[derive(Clone, Debug)]
pub(super) struct Stock {
    refresh: Option<Secret>,
    /// Since when it is not known whether the refresh token is spent.
    doubt: Option<Now>,
    /// Whether an answer to this refresh token came without a new one: it is not spent by use.
    lasts: bool,
    /// Whether the initial grant was used up, unless it repeats.
    initial_spent: bool,
    /// Why nothing is left.
    gone: TokenErrorKind,
}

impl Stock {
    pub(super) fn new() -> Self {
        Self {
            refresh: None,
            doubt: None,
            lasts: false,
            initial_spent: false,
            gone: TokenErrorKind::ReauthRequired,
        }
    }

    /// Puts another refresh token in place of the one there was, of which nothing is known yet.
    pub(super) fn put(&mut self, refresh: Secret) {
        self.refresh = Some(refresh);
        self.doubt = None;
        self.lasts = false;
    }

    /// Puts a refresh token there, unless it is the one that there is.
    pub(super) fn put_if_other(&mut self, refresh: &Secret) {
        let known = self.refresh.as_ref().map(Secret::expose);
        if known != Some(refresh.expose()) {
            self.put(refresh.clone());
        }
    }

    /// Notes since when it is not known whether the refresh token is spent.
    pub(super) fn doubt(&mut self, since: Now) {
        self.doubt.get_or_insert(since);
    }

    /// The refresh token, whether it lasts, and whether the initial grant is spent; `None` while there is a doubt.
    pub(super) fn rest(&self) -> Option<(Option<Secret>, bool, bool)> {
        let rest = (self.refresh.clone(), self.lasts, self.initial_spent);
        self.doubt.is_none().then_some(rest)
    }

    /// Takes what [`rest`](Self::rest) told.
    pub(super) fn resume(&mut self, refresh: Option<Secret>, lasts: bool, initial_spent: bool) {
        self.refresh = refresh;
        self.lasts = lasts;
        self.initial_spent = initial_spent;
    }

    /// Takes the refresh token out.
    pub(super) fn take(&mut self) -> Option<Secret> {
        self.doubt = None;
        self.refresh.take()
    }

    pub(super) fn refresh(&self) -> Option<&Secret> {
        self.refresh.as_ref()
    }

    /// Why nothing is left, when [`next`](Self::next) has nothing.
    pub(super) fn gone(&self) -> TokenErrorKind {
        self.gone
    }

    /// What to ask with. A refresh token that must not be presented again is dropped here.
    pub(super) fn next(
        &mut self,
        now: Now,
        policy: &RefreshPolicy,
        repeats: Repeats,
    ) -> Option<Means> {
        let initial = match repeats {
            Repeats::Yes => true,
            Repeats::No => !self.initial_spent,
            Repeats::Never => false,
        };
        if let Some(since) = self.doubt {
            let again = match policy.in_doubt {
                _ if self.lasts => true,
                InDoubt::AskAgain => true,
                InDoubt::AssumeGrace(grace) => !initial && !now.reached(since.after(grace)),
                InDoubt::Reauth => false,
            };
            if !again {
                self.take();
                self.gone = TokenErrorKind::InDoubt;
            }
        }
        match &self.refresh {
            Some(refresh) => Some(Means::Refresh(refresh.clone())),
            None => initial.then_some(Means::Initial),
        }
    }

    /// Notes that a token was issued.
    pub(super) fn issued(&mut self, asked: Asked, refresh: Option<&Secret>) {
        self.doubt = None;
        match (asked, refresh) {
            (_, Some(new)) => self.put(new.clone()),
            (Asked::Refresh, None) => self.lasts = true,
            (Asked::Initial, None) => {}
        }
        if asked == Asked::Initial {
            self.initial_spent = true;
        }
    }

    /// Notes that the grant is no longer good.
    pub(super) fn refused(&mut self, asked: Asked) {
        match asked {
            Asked::Refresh => drop(self.take()),
            Asked::Initial => self.initial_spent = true,
        }
        self.gone = TokenErrorKind::ReauthRequired;
    }

    /// Notes that an answer is missing; tells whether something may be spent that cannot be had again.
    pub(super) fn unanswered(&mut self, asked: Asked, now: Now, repeats: Repeats) -> bool {
        match asked {
            Asked::Refresh => {
                self.doubt.get_or_insert(now);
                repeats != Repeats::Yes && !self.lasts
            }
            Asked::Initial => {
                self.initial_spent = true;
                self.gone = TokenErrorKind::InDoubt;
                repeats != Repeats::Yes
            }
        }
    }
}

/// With what the endpoint was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Asked {
    Initial,
    Refresh,
}
