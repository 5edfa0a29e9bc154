//! Token sources from outside: one request for all, tokens renewed ahead, nothing lost.
#![cfg(feature = "tokens")]

pub mod tokens;

use specmint_runtime::token::{AccessToken, TokenError, TokenErrorKind, TokenSource};
use tokens::{Does, HandClock, Later, Nowhere, Plain, Server, finish, secs};

use Does::{Issues, Refuses};

/// A source with a clock and a server that do as they are told, and nobody beside the callers.
fn source(server: &Server, clock: &HandClock) -> TokenSource {
    TokenSource::builder(Plain::default())
        .transport(server.clone())
        .clock(clock.clone())
        .executor(Nowhere)
        .build()
        .unwrap()
}

fn text(outcome: Result<AccessToken, TokenError>) -> String {
    match outcome {
        Ok(token) => token.expose().to_owned(),
        Err(error) => format!("{:?}", error.kind()),
    }
}

#[test]
fn a_token_is_asked_for_once_and_kept() {
    let (clock, server) = (HandClock::new(), Server::new([Issues("t1", 3600, None)]));
    let source = source(&server, &clock);
    assert!(source.try_cached().is_none());
    assert_eq!(text(finish(source.token())), "t1");
    clock.pass(secs(2000));
    assert_eq!(text(finish(source.token())), "t1");
    assert_eq!(source.try_cached().unwrap().expose(), "t1");
    assert_eq!(source.try_cached().unwrap().header(), "Bearer t1");
    assert_eq!(server.asked(), ["initial"]);
}

#[test]
fn s32_a_new_refresh_token_replaces_the_old_one_and_is_kept_when_none_comes() {
    let (clock, server) = (HandClock::new(), Server::default());
    let source = source(&server, &clock);
    for (refresh_token, presented) in [
        (Some("r1"), "initial"),
        (Some("r2"), "r1"),
        (None, "r2"),
        (Some("r3"), "r2"),
        (None, "r3"),
    ] {
        server.then(Issues("t", 3600, refresh_token));
        assert_eq!(text(finish(source.token())), "t");
        assert_eq!(server.asked(), [presented]);
        clock.pass(secs(3600));
    }
}

#[test]
fn a_token_is_renewed_ahead_while_callers_get_the_one_there_is() {
    let (clock, later) = (HandClock::new(), Later::default());
    let server = Server::new([Issues("t1", 3600, None), Issues("t2", 3600, None)]);
    let source = TokenSource::builder(Plain::default())
        .transport(server.clone())
        .clock(clock.clone())
        .executor(later.clone())
        .build()
        .unwrap();
    let mut first = Box::pin(source.token());
    assert!(tokens::poll_once(first.as_mut()).is_pending());
    later.run();
    assert_eq!(text(finish(first)), "t1");
    clock.pass(secs(2881));
    for _ in 0..3 {
        assert_eq!(text(finish(source.token())), "t1");
    }
    assert_eq!(server.asked(), ["initial"]);
    assert_eq!(later.tasks(), 1);
    later.run();
    assert_eq!(text(finish(source.token())), "t2");
    assert_eq!(server.asked(), ["initial"]);
}

#[test]
fn a_failure_is_everybodys_until_the_endpoint_may_be_asked_again() {
    let (clock, server) = (
        HandClock::new(),
        Server::new([Refuses(TokenErrorKind::Unavailable)]),
    );
    let source = source(&server, &clock);
    for _ in 0..100 {
        assert_eq!(text(finish(source.token())), "Unavailable");
    }
    assert_eq!(server.asked(), ["initial"]);
}
