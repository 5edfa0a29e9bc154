//! A source between a clock, a server and an endpoint that do as they are told.

use specmint_runtime::token::{
    AccessToken, SourceBuilder, TokenError, TokenErrorKind, TokenSource,
};

use super::{Does, HandClock, Nowhere, Plain, Server, finish};

/// A source with a clock and a server that do as they are told.
pub struct Bench {
    /// What time it is.
    pub clock: HandClock,
    /// What the source asks.
    pub server: Server,
    /// What is tried.
    pub source: TokenSource,
    /// What the source asks with.
    pub endpoint: Plain,
}

impl Bench {
    /// Nobody is beside the callers.
    pub fn new(script: impl IntoIterator<Item = Does>) -> Self {
        Self::with(script, Plain::default(), |builder| builder)
    }

    /// The initial grant is good once only.
    pub fn once(script: impl IntoIterator<Item = Does>) -> Self {
        let endpoint = Plain {
            once: true,
            ..Plain::default()
        };
        Self::with(script, endpoint, |builder| builder)
    }

    /// What else is set, is set.
    pub fn with(
        script: impl IntoIterator<Item = Does>,
        endpoint: Plain,
        set: impl FnOnce(SourceBuilder) -> SourceBuilder,
    ) -> Self {
        let (clock, server) = (HandClock::new(), Server::new(script));
        let builder = TokenSource::builder(endpoint.clone())
            .transport(server.clone())
            .clock(clock.clone())
            .executor(Nowhere);
        Self {
            source: set(builder).build().unwrap(),
            clock,
            server,
            endpoint,
        }
    }

    /// What a caller gets: the token's text, or the kind of the error.
    pub fn token(&self) -> String {
        text(finish(self.source.token()))
    }

    /// The error that a caller gets.
    pub fn error(&self) -> TokenError {
        finish(self.source.token()).unwrap_err()
    }

    /// Callers get this, and this is asked meanwhile.
    #[track_caller]
    pub fn check(&self, token: &str, asked: &[&str]) {
        assert_eq!(self.token(), token);
        assert_eq!(self.server.asked(), asked);
    }

    /// There is no token any more.
    #[track_caller]
    pub fn check_closed(&self) {
        assert_eq!(self.token(), "Closed");
        assert!(self.source.try_cached().is_none());
    }

    /// All callers get this error, and nobody asks.
    #[track_caller]
    pub fn check_all_fail(&self, kind: TokenErrorKind) {
        for _ in 0..1000 {
            assert_eq!(self.error().kind(), kind);
        }
        assert_eq!(self.server.asked(), [""; 0]);
    }
}

/// The token's text, or the kind of the error.
pub fn text(outcome: Result<AccessToken, TokenError>) -> String {
    match outcome {
        Ok(token) => token.expose().to_owned(),
        Err(error) => format!("{:?}", error.kind()),
    }
}
