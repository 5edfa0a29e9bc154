//! Token sources from outside: one request for all, tokens renewed ahead, nothing lost, nobody pestered.
#![cfg(feature = "tokens")]

pub mod tokens;

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use specmint_runtime::token::{
    AccessToken, Advice, Event, InDoubt, Issued, Lifetime, Meanwhile, RefreshPolicy, Reject,
    Rejection, SourceBuilder, TokenError, TokenErrorKind, TokenSource, Want,
};
use tokens::{Does, HandClock, Later, Nowhere, Plain, Server, finish, poll_once, secs};

use Does::{IsAway, Issues, Mumbles, Panics, Refuses, RefusesFor, Swallows};
use TokenErrorKind::{ClientRejected, Closed, Expired, ReauthRequired, Throttled, Unavailable};

/// A source with a clock and a server that do as they are told.
struct Bench {
    clock: HandClock,
    server: Server,
    source: TokenSource,
    endpoint: Plain,
}

impl Bench {
    /// Nobody is beside the callers.
    fn new(script: impl IntoIterator<Item = Does>) -> Self {
        Self::with(script, Plain::default(), |builder| builder)
    }

    /// The initial grant is good once only.
    fn once(script: impl IntoIterator<Item = Does>) -> Self {
        let endpoint = Plain {
            once: true,
            ..Plain::default()
        };
        Self::with(script, endpoint, |builder| builder)
    }

    fn with(
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
    fn token(&self) -> String {
        text(finish(self.source.token()))
    }

    fn error(&self) -> TokenError {
        finish(self.source.token()).unwrap_err()
    }

    /// Callers get this, and this is asked meanwhile.
    #[track_caller]
    fn check(&self, token: &str, asked: &[&str]) {
        assert_eq!(self.token(), token);
        assert_eq!(self.server.asked(), asked);
    }

    #[track_caller]
    fn check_closed(&self) {
        assert_eq!(self.token(), "Closed");
        assert!(self.source.try_cached().is_none());
    }

    /// All callers get this error, and nobody asks.
    #[track_caller]
    fn check_all_fail(&self, kind: TokenErrorKind) {
        for _ in 0..1000 {
            assert_eq!(self.error().kind(), kind);
        }
        assert_eq!(self.server.asked(), [""; 0]);
    }
}

fn text(outcome: Result<AccessToken, TokenError>) -> String {
    match outcome {
        Ok(token) => token.expose().to_owned(),
        Err(error) => format!("{:?}", error.kind()),
    }
}

#[test]
fn a_token_is_asked_for_once_and_kept() {
    let bench = Bench::new([Issues("t1", 3600, None)]);
    assert!(bench.source.try_cached().is_none());
    bench.check("t1", &["initial"]);
    bench.clock.pass(secs(2000));
    bench.check("t1", &[]);
    let cached = bench.source.try_cached().unwrap();
    assert_eq!(
        (cached.expose(), cached.header()),
        ("t1", &"Bearer t1".parse().unwrap())
    );
    assert!(cached.header().is_sensitive());
}

#[test]
fn s10_a_panic_in_the_transport_fails_the_flight_and_shows_nothing() {
    let bench = Bench::once([
        Issues("t1", 3600, Some("hunter2")),
        Panics,
        Issues("t2", 3600, None),
    ]);
    bench.check("t1", &["initial"]);
    bench.clock.pass(secs(3600));
    let error = bench.error();
    assert_eq!(error.kind(), TokenErrorKind::InDoubt);
    let shown = format!("{error:?} {error} {:?}", bench.source);
    assert!(
        !shown.contains("hunter2") && !shown.contains("t1"),
        "{shown}"
    );
    bench.server.asked();
    bench.clock.pass(secs(2));
    bench.check("t2", &["hunter2"]);
}

#[test]
fn s29_without_a_token_there_is_an_error_and_no_empty_token() {
    let bench = Bench::new([Refuses(Unavailable)]);
    assert!(finish(bench.source.token()).is_err());
    assert!(bench.source.try_cached().is_none());
    // A token that cannot be sent is none.
    for unsendable in ["", "a\nb", "a b", "ä"] {
        let bench = Bench::new([Issues(unsendable, 3600, None)]);
        bench.check("Malformed", &["initial"]);
        assert!(bench.source.try_cached().is_none());
    }
}

#[test]
fn s30_a_token_is_not_handed_out_within_its_margin() {
    for (lifetime, good_for) in [(3600, 3570), (300, 270), (100, 90), (20, 18)] {
        let bench = Bench::new([Issues("t1", lifetime, None), IsAway, Refuses(Unavailable)]);
        bench.check("t1", &["initial"]);
        bench.clock.pass(secs(good_for - 1));
        bench.check("t1", &[]);
        assert!(bench.source.try_cached().is_some());
        bench.clock.pass(secs(1));
        assert!(bench.source.try_cached().is_none(), "{lifetime}");
        assert_eq!(bench.token(), "Unavailable");
    }
}

#[test]
fn s30_an_expired_token_is_handed_out_only_to_who_asked_for_it() {
    let policy = |builder: SourceBuilder| {
        let mut policy = RefreshPolicy::default();
        policy.serve_expired = secs(600);
        builder.policy(policy)
    };
    let bench = Bench::with([Issues("t1", 300, None), IsAway], Plain::default(), policy);
    bench.check("t1", &["initial"]);
    bench.clock.pass(secs(500));
    bench.check("t1", &[]);
    bench.clock.pass(secs(1));
    bench.check("t1", &[]);
}

#[test]
fn s32_a_new_refresh_token_replaces_the_old_one_and_is_kept_when_none_comes() {
    let bench = Bench::new([]);
    for (refresh_token, presented) in [
        (Some("r1"), "initial"),
        (Some("r2"), "r1"),
        (None, "r2"),
        (Some("r3"), "r2"),
        (None, "r3"),
    ] {
        bench.server.then(Issues("t", 3600, refresh_token));
        bench.check("t", &[presented]);
        bench.clock.pass(secs(3600));
    }
}

#[test]
fn s36_the_endpoint_forgets_its_password_once_a_refresh_token_came() {
    for (refresh_token, forgotten) in [(None, false), (Some("r1"), true)] {
        let bench = Bench::new([Issues("t1", 3600, refresh_token)]);
        bench.check("t1", &["initial"]);
        assert_eq!(bench.endpoint.forgotten.load(Ordering::SeqCst), forgotten);
    }
}

#[test]
fn s34_a_refused_refresh_token_is_dropped_and_the_grant_asked_again_if_it_repeats() {
    let bench = Bench::new([
        Issues("t1", 3600, Some("r1")),
        Refuses(ReauthRequired),
        Issues("t2", 3600, Some("r2")),
    ]);
    bench.check("t1", &["initial"]);
    bench.clock.pass(secs(3600));
    bench.check("t2", &["r1", "initial"]);
}

#[test]
fn s34_a_refused_refresh_token_ends_all_calls_when_nothing_else_is_left() {
    let bench = Bench::once([Issues("t1", 3600, Some("r1")), Refuses(ReauthRequired)]);
    bench.check("t1", &["initial"]);
    bench.clock.pass(secs(3600));
    bench.check("ReauthRequired", &["r1"]);
    for _ in 0..50 {
        bench.clock.pass(secs(600));
        bench.check_all_fail(ReauthRequired);
    }
    assert_eq!(bench.error().advice(), Advice::Reauthenticate);
    assert_eq!(bench.error().retry_at(), None);
    // A new login makes it live again.
    let mut issued = Issued::new("t2");
    issued.lifetime = Lifetime::In(secs(3600));
    issued.refresh_token = Some("r2".into());
    bench.source.adopt(issued).unwrap();
    bench.check("t2", &[]);
    bench.server.then(Issues("t3", 3600, None));
    bench.clock.pass(secs(3600));
    bench.check("t3", &["r2"]);
}

#[test]
fn s34_a_good_token_is_handed_out_although_its_refresh_token_was_refused() {
    let bench = Bench::once([Issues("t1", 3600, Some("r1")), Refuses(ReauthRequired)]);
    bench.check("t1", &["initial"]);
    bench.clock.pass(secs(2900));
    bench.check("t1", &["r1"]);
    bench.clock.pass(secs(600));
    bench.check("t1", &[]);
    bench.clock.pass(secs(100));
    bench.check_all_fail(ReauthRequired);
}

#[test]
fn s35_a_refresh_token_that_may_be_spent_is_presented_again_only_while_the_server_forgives() {
    let forgiving = |in_doubt| {
        move |builder: SourceBuilder| {
            let mut policy = RefreshPolicy::default();
            policy.in_doubt = in_doubt;
            builder.policy(policy)
        }
    };
    let once = || Plain {
        once: true,
        ..Plain::default()
    };
    let after = |in_doubt, wait| {
        let script = [
            Issues("t1", 3600, Some("r1")),
            Swallows,
            Issues("t2", 3600, None),
        ];
        let bench = Bench::with(script, once(), forgiving(in_doubt));
        bench.check("t1", &["initial"]);
        bench.clock.pass(secs(3600));
        bench.check("InDoubt", &["r1"]);
        bench.check_all_fail(TokenErrorKind::InDoubt);
        bench.clock.pass(secs(wait));
        (bench.token(), bench.server.asked())
    };
    let presented = ("t2".to_owned(), vec!["r1".to_owned()]);
    let dropped = ("InDoubt".to_owned(), vec![]);
    assert_eq!(after(InDoubt::AssumeGrace(secs(10)), 9), presented);
    assert_eq!(after(InDoubt::AssumeGrace(secs(10)), 10), dropped);
    assert_eq!(after(InDoubt::Reauth, 9), dropped);
    assert_eq!(after(InDoubt::AskAgain, 4000), presented);
}

#[test]
fn s35_an_answer_that_cannot_be_read_leaves_the_refresh_token_in_doubt() {
    let bench = Bench::once([Issues("t1", 3600, Some("r1")), Mumbles]);
    bench.check("t1", &["initial"]);
    bench.clock.pass(secs(3600));
    bench.check("Malformed", &["r1"]);
    bench.clock.pass(secs(31));
    bench.check_all_fail(TokenErrorKind::InDoubt);
}

#[test]
fn s35_a_refresh_token_that_was_not_sent_is_presented_again() {
    let bench = Bench::once([Issues("t1", 3600, Some("r1")), IsAway, IsAway, IsAway]);
    bench.check("t1", &["initial"]);
    bench.clock.pass(secs(3600));
    for _ in 0..3 {
        bench.check("Unavailable", &[]);
        bench.clock.pass(secs(60));
    }
    bench.server.then(Issues("t2", 3600, None));
    bench.check("t2", &["r1"]);
}

#[test]
fn s35_a_refresh_token_that_was_seen_to_last_is_presented_again() {
    let bench = Bench::once([
        Issues("t1", 3600, Some("r1")),
        Issues("t2", 3600, None),
        Swallows,
    ]);
    bench.check("t1", &["initial"]);
    bench.clock.pass(secs(3600));
    bench.check("t2", &["r1"]);
    bench.clock.pass(secs(3600));
    bench.check("Timeout", &["r1"]);
    bench.clock.pass(secs(600));
    bench.server.then(Issues("t3", 3600, None));
    bench.check("t3", &["r1"]);
}

#[test]
fn s35_a_code_that_may_be_spent_is_not_sent_again() {
    let bench = Bench::once([Swallows]);
    bench.check("InDoubt", &["initial"]);
    bench.clock.pass(secs(600));
    bench.check_all_fail(TokenErrorKind::InDoubt);
    // One that was refused for a while is.
    let bench = Bench::once([Refuses(Unavailable), IsAway, Issues("t1", 3600, None)]);
    for (token, asked) in [
        ("Unavailable", &["initial"][..]),
        ("Unavailable", &[]),
        ("t1", &["initial"]),
    ] {
        bench.check(token, asked);
        bench.clock.pass(secs(60));
    }
}

#[test]
fn s37_revoking_forgets_the_tokens_at_once_and_tells_the_endpoint() {
    let ok = Issues("", 0, None);
    let bench = Bench::new([Issues("t1", 3600, Some("r1")), ok.clone(), ok]);
    bench.check("t1", &["initial"]);
    finish(bench.source.revoke()).unwrap();
    assert_eq!(bench.server.asked(), ["revoke r1", "revoke t1"]);
    assert!(bench.source.try_cached().is_none());
    bench.check_all_fail(Closed);
}

#[test]
fn s37_tokens_are_forgotten_although_the_endpoint_cannot_be_told() {
    let bench = Bench::new([Issues("t1", 3600, Some("r1")), IsAway]);
    bench.check("t1", &["initial"]);
    let error = finish(bench.source.revoke()).unwrap_err();
    assert_eq!(error.kind(), Unavailable);
    bench.check_all_fail(Closed);
    // Not before its time, and then once more.
    assert_eq!(
        finish(bench.source.revoke()).unwrap_err().kind(),
        Unavailable
    );
    assert_eq!(bench.server.asked(), [""; 0]);
    bench.clock.pass(secs(60));
    bench.server.then(Issues("", 0, None));
    bench.server.then(Issues("", 0, None));
    finish(bench.source.revoke()).unwrap();
    assert_eq!(bench.server.asked(), ["revoke r1", "revoke t1"]);
}

#[test]
fn s37_what_is_issued_while_a_source_is_closed_is_revoked_as_well() {
    let ok = Issues("", 0, None);
    let bench = Bench::new([Issues("t1", 3600, Some("r1")), ok.clone(), ok]);
    bench.server.pending(3);
    let mut caller = Box::pin(bench.source.token());
    assert!(poll_once(caller.as_mut()).is_pending());
    finish(bench.source.revoke()).unwrap();
    assert_eq!(text(finish(caller)), "Closed");
    assert_eq!(bench.server.asked(), ["initial", "revoke r1", "revoke t1"]);
}

#[test]
fn s37_a_caller_that_goes_away_while_it_revokes_leaves_nothing_unrevoked() {
    for polls in 1..8 {
        let bench = Bench::new([Issues("t1", 3600, Some("r1"))]);
        bench.check("t1", &["initial"]);
        for _ in 0..4 {
            bench.server.then(Issues("", 0, None));
        }
        bench.server.pending(2);
        let mut gone = Box::pin(bench.source.revoke());
        for _ in 0..polls {
            if poll_once(gone.as_mut()).is_ready() {
                break;
            }
        }
        drop(gone);
        bench.check_closed();
        finish(bench.source.revoke()).unwrap();
        let asked = bench.server.asked();
        assert!(
            asked.ends_with(&["revoke r1".into(), "revoke t1".into()]),
            "{asked:?}"
        );
    }
}

#[test]
fn s10_an_observer_that_panics_takes_no_token_along() {
    let observe = |builder: SourceBuilder| {
        builder.on_event(|event| assert!(!matches!(event, Event::Issued { .. }), "it panics"))
    };
    let script = [Issues("t1", 3600, Some("r1"))];
    let bench = Bench::with(script, Plain::default(), observe);
    bench.check("t1", &["initial"]);
    bench.check("t1", &[]);
}

#[test]
fn s38_a_failure_is_everybodys_until_the_next_step_of_the_back_off() {
    let bench = Bench::new([]);
    let mut requests = 0;
    for _ in 0..600 {
        bench.server.then(Refuses(Unavailable));
        for _ in 0..20 {
            assert_eq!(bench.token(), "Unavailable");
        }
        requests += bench.server.asked().len();
        bench.clock.pass(secs(1));
    }
    // Ten minutes: 1, 2, 4 … 60 s at most between two, and 1 s at least.
    assert!((10..=60).contains(&requests), "{requests} requests");
}

#[test]
fn s39_a_client_that_is_rejected_asks_in_growing_windows_and_never_gives_up() {
    let bench = Bench::new([]);
    for window in [5, 10, 20, 40, 80, 160, 300, 300, 300] {
        bench.server.then(Refuses(ClientRejected));
        bench.check("ClientRejected", &["initial"]);
        bench.clock.pass(secs(window - 1));
        bench.check_all_fail(ClientRejected);
        bench.clock.pass(secs(1));
    }
    bench.server.then(Issues("t1", 3600, None));
    bench.check("t1", &["initial"]);
}

#[test]
fn s40_retry_after_holds_for_all_callers_and_for_no_more_than_ten_minutes() {
    for (asked, held) in [(120, 120), (600, 600), (86_400, 600)] {
        let bench = Bench::new([RefusesFor(Throttled, asked)]);
        bench.check("Throttled", &["initial"]);
        bench.clock.pass(secs(held - 1));
        bench.check_all_fail(Throttled);
        bench.clock.pass(secs(1));
        bench.server.then(Issues("t1", 3600, None));
        bench.check("t1", &["initial"]);
    }
}

#[test]
fn s40_a_call_makes_two_requests_at_most() {
    let bench = Bench::new([
        Issues("t1", 3600, Some("r1")),
        Refuses(ReauthRequired),
        Refuses(ReauthRequired),
    ]);
    bench.check("t1", &["initial"]);
    bench.clock.pass(secs(3600));
    bench.check("ReauthRequired", &["r1", "initial"]);
    bench.check_all_fail(ReauthRequired);
}

#[test]
fn s41_ten_thousand_rejections_of_one_token_cause_one_request() {
    let bench = Bench::new([Issues("t1", 3600, None), Issues("t2", 3600, None)]);
    let first = finish(bench.source.token()).unwrap();
    bench.clock.pass(secs(60));
    let mut dropped = 0;
    for _ in 0..10_000 {
        match bench.source.reject(&first, Reject::Unauthorized) {
            Rejection::Dropped => dropped += 1,
            rejection => assert_eq!(rejection, Rejection::Superseded),
        }
        assert_eq!(bench.token(), "t2");
    }
    assert_eq!(
        (dropped, bench.server.asked()),
        (1, vec!["initial".into(), "initial".into()])
    );
}

#[test]
fn s41_a_new_token_is_kept_for_five_seconds_whatever_an_api_says() {
    let bench = Bench::new([Issues("t1", 3600, None)]);
    let token = finish(bench.source.token()).unwrap();
    bench.clock.pass(secs(4));
    assert_eq!(
        bench.source.reject(&token, Reject::Unauthorized),
        Rejection::TooSoon
    );
    bench.check("t1", &["initial"]);
    // Nobody gets another by saying so.
    let other = finish(bench.source.token_with(&Want::other_than(&token)));
    assert_eq!(other.unwrap_err().kind(), Throttled);
    bench.clock.pass(secs(1));
    bench.server.then(Issues("t2", 3600, None));
    assert_eq!(
        bench.source.reject(&token, Reject::Unauthorized),
        Rejection::Dropped
    );
    bench.check("t2", &["initial"]);
}

#[test]
fn s42_tokens_of_a_second_cause_one_request_in_five_seconds() {
    let bench = Bench::new([]);
    let mut requests = 0;
    for _ in 0..100 {
        bench.server.then(Issues("t", 1, None));
        for _ in 0..10 {
            bench.token();
            bench.clock.pass(std::time::Duration::from_millis(100));
        }
        requests += bench.server.asked().len();
    }
    assert!(
        (19..=20).contains(&requests),
        "{requests} requests in 100 s"
    );
}

#[test]
fn s42_a_token_that_has_run_out_is_not_handed_out_and_not_asked_for_in_a_loop() {
    let bench = Bench::new([Issues("t1", 0, Some("r1"))]);
    bench.check("Expired", &["initial"]);
    bench.clock.pass(secs(4));
    bench.check_all_fail(Expired);
    bench.clock.pass(secs(1));
    bench.server.then(Issues("t2", 3600, None));
    bench.check("t2", &["r1"]);
}

#[test]
fn s43_a_token_has_run_out_when_either_clock_says_so() {
    let two = || [Issues("t1", 3600, None), Issues("t2", 3600, None)];
    // Eight hours of sleep: the clock that never steps stood still.
    let bench = Bench::new(two());
    bench.check("t1", &["initial"]);
    bench.clock.suspend(secs(8 * 3600));
    bench.check("t2", &["initial"]);
    // An hour forward is no worse than one renewal.
    bench.clock.pass(secs(60));
    bench.server.then(Issues("t3", 3600, None));
    bench.clock.suspend(secs(3600));
    bench.check("t3", &["initial"]);
    bench.check("t3", &[]);
    // An hour back makes no token younger.
    let bench = Bench::new(two());
    bench.check("t1", &["initial"]);
    bench.clock.set_back(secs(3600));
    bench.check("t1", &[]);
    bench.clock.pass(secs(3570));
    bench.check("t2", &["initial"]);
}

#[test]
fn s43_after_a_sleep_a_cached_token_is_not_handed_out_for_longer_than_the_clock_is_looked_at() {
    let bench = Bench::new([Issues("t1", 3600, None)]);
    bench.check("t1", &["initial"]);
    assert!(bench.source.try_cached().is_some());
    bench.clock.suspend(secs(8 * 3600));
    bench.clock.pass(std::time::Duration::from_millis(100));
    assert!(bench.source.try_cached().is_none());
}

#[test]
fn a_token_is_renewed_ahead_while_callers_get_the_one_there_is() {
    let later = Later::default();
    let executor = later.clone();
    let script = [Issues("t1", 3600, None), Issues("t2", 3600, None)];
    let bench = Bench::with(script, Plain::default(), |it| it.executor(executor));
    let mut first = Box::pin(bench.source.token());
    assert!(poll_once(first.as_mut()).is_pending());
    later.run();
    assert_eq!(text(finish(first)), "t1");
    bench.clock.pass(secs(2881));
    for _ in 0..3 {
        assert_eq!(bench.token(), "t1");
    }
    assert_eq!((bench.server.asked().len(), later.tasks()), (1, 1));
    later.run();
    bench.check("t2", &["initial"]);
}

#[test]
fn a_failed_renewal_leaves_the_good_token_and_backs_off() {
    let bench = Bench::new([Issues("t1", 3600, None), Refuses(Unavailable)]);
    bench.check("t1", &["initial"]);
    bench.clock.pass(secs(2881));
    bench.check("t1", &["initial"]);
    bench.check("t1", &[]);
    bench.clock.pass(secs(60));
    bench.server.then(Issues("t2", 3600, None));
    bench.check("t2", &["initial"]);
}

#[test]
fn a_lifetime_counts_from_the_sending() {
    let bench = Bench::new([Issues("t1", 100, None)]);
    bench.server.pending(1);
    let mut caller = Box::pin(bench.source.token());
    assert!(poll_once(caller.as_mut()).is_pending());
    let sent = specmint_runtime::token::Clock::now(&bench.clock);
    bench.clock.pass(secs(20));
    let token = finish(caller).unwrap();
    assert_eq!(token.expires(), sent.after(secs(100)));
}

#[test]
fn a_caller_may_want_a_token_that_lives_long_enough() {
    let bench = Bench::new([Issues("t1", 3600, None), Issues("t2", 3600, None)]);
    bench.check("t1", &["initial"]);
    bench.clock.pass(secs(1000));
    let long = Want::living(secs(3000));
    assert_eq!(text(finish(bench.source.token_with(&long))), "t2");
    // No token lives for two hours: the best there is has to do.
    let longer = Want::living(secs(7200));
    assert_eq!(text(finish(bench.source.token_with(&longer))), "t2");
}

#[test]
fn events_tell_what_happens_without_a_secret() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&told);
    let observe = move |builder: SourceBuilder| {
        builder.on_event(move |event| kept.lock().unwrap().push(event.clone()))
    };
    let script = [
        Issues("secret-t1", 3600, Some("secret-r1")),
        Issues("secret-t2", 3600, Some("secret-r2")),
        Refuses(Unavailable),
    ];
    let bench = Bench::with(script, Plain::default(), observe);
    bench.token();
    bench.clock.pass(secs(3600));
    let token = finish(bench.source.token()).unwrap();
    bench.source.reject(&token, Reject::Unauthorized);
    bench.clock.pass(secs(2900));
    bench.token();
    bench.source.close();
    let told = told.lock().unwrap();
    assert!(!format!("{told:?}").contains("secret"), "{told:?}");
    use Rejection::TooSoon;
    assert!(
        matches!(
            told[..],
            [
                Event::Issued { .. },
                Event::Rotated,
                Event::Issued { .. },
                Event::Rejected {
                    rejection: TooSoon,
                    ..
                },
                Event::Failed {
                    meanwhile: Meanwhile::Token,
                    ..
                },
                Event::Closed,
            ]
        ),
        "{told:?}"
    );
}

#[test]
fn a_lifetime_that_ends_at_a_moment_counts_by_the_servers_clock() {
    // The clock here is an hour fast; the server says what time it is.
    let bench = Bench::new([Does::IssuesUntil(
        "t1",
        1_800_000_000 + 4600,
        1_800_000_000 + 1000,
    )]);
    bench.clock.suspend(secs(3600));
    bench.check("t1", &["initial"]);
    bench.clock.pass(secs(2000));
    bench.check("t1", &[]);
    let left = bench.source.try_cached().unwrap().expires().mono;
    assert_eq!(left, secs(1000 + 3600));
}

#[test]
fn a_source_that_is_dropped_gives_up_a_flight_that_nobody_flies() {
    let bench = Bench::new([]);
    let weak = Arc::downgrade(&bench.endpoint.forgotten);
    bench.server.hold();
    {
        let mut caller = Box::pin(bench.source.token());
        assert!(poll_once(caller.as_mut()).is_pending());
    }
    let Bench {
        source, endpoint, ..
    } = bench;
    drop((source, endpoint));
    assert!(
        weak.upgrade().is_none(),
        "the flight and its source hold each other"
    );
}
