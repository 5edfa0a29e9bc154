//! Token sources whose endpoint refuses, is silent or is away: nothing presented in vain, nobody pestered.
#![cfg(feature = "tokens")]

pub mod tokens;

use specmint_runtime::token::{
    Advice, InDoubt, Issued, Lifetime, RefreshPolicy, Reject, Rejection, SourceBuilder,
    TokenErrorKind, Want,
};
use tokens::bench::{Bench, text};
use tokens::{Does, Plain, finish, poll_once, secs};

use Does::{IsAway, Issues, Mumbles, Refuses, RefusesFor, Swallows};
use TokenErrorKind::{ClientRejected, Closed, Expired, ReauthRequired, Throttled, Unavailable};

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
