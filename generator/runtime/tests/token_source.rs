//! Token sources from outside: tokens renewed ahead, kept as long as they are good, and nothing shown.
#![cfg(feature = "tokens")]

pub mod tokens;

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use specmint_runtime::token::{
    Event, Meanwhile, RefreshPolicy, Reject, Rejection, SourceBuilder, TokenErrorKind, Want,
};
use tokens::bench::{Bench, text};
use tokens::{Does, Later, Plain, finish, poll_once, secs};

use Does::{IsAway, Issues, Panics, Refuses};
use TokenErrorKind::Unavailable;

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
