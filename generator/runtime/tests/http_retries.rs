//! Which calls are sent again, how long they wait, and when they give up.
#![cfg(feature = "blocking")]

mod calls;

use std::time::Duration;

use calls::{Script, Times, client, fails, operation, status};
use specmint_runtime::transport::memory::Memory;
use specmint_runtime::{
    Backoff, Body, BuildErrorKind, Call, Core, CoreBuilder, Delivery, Error, OperationSpec,
    RetryPolicy, TransportErrorKind, Upload, http,
};

static GET: OperationSpec = operation("GET", "/things");
static POST: OperationSpec = operation("POST", "/things");

/// A policy by a clock that only its own pauses move on.
fn policy(times: &Times) -> RetryPolicy {
    RetryPolicy::default()
        .timer(times.clone())
        .clock(times.clone())
}

fn calling(core: &Core, operation: &'static OperationSpec) -> Call {
    Call::new(core, operation)
}

/// Sends a call both ways; each has to come to the same, by the same waits.
#[track_caller]
fn check(
    operation: &'static OperationSpec,
    answers: &[calls::Answer],
    sent: usize,
    set: impl Fn(RetryPolicy) -> RetryPolicy,
) -> Vec<Duration> {
    let mut waits = Vec::new();
    for blocks in [true, false] {
        let (script, times) = (Script::new(answers), Times::default());
        let core = client(&script);
        let mut call = calling(&core, operation);
        call.retries(set(policy(&times)));
        let outcome = match blocks {
            true => call.execute_blocking(),
            false => calls::block_on(call.execute()),
        };
        assert_eq!(script.seen().len(), sent, "{outcome:?}");
        let last = &answers[sent - 1];
        match outcome {
            Ok(response) => assert_eq!(Some(response.status().as_u16()), last.status()),
            Err(Error::Transport(_)) => assert_eq!(last.status(), None),
            Err(other) => panic!("{other:?}"),
        }
        waits = times.waits();
        assert_eq!(waits.len(), sent - 1);
    }
    waits
}

#[test]
fn a_call_is_sent_once_unless_somebody_says_otherwise() {
    let script = Script::new(&[status(503), status(200)]);
    let response = calls::block_on(calling(&client(&script), &GET).execute()).unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(script.seen().len(), 1);
}

#[test]
fn the_clients_policy_holds_for_all_calls_and_a_call_may_have_another() {
    let times = Times::default();
    let script = Script::new(&[status(503), status(200), status(503), status(200)]);
    let core = calls::builder(&script).retries(policy(&times)).build();
    let core = core.unwrap();
    let response = calling(&core, &GET).execute_blocking().unwrap();
    assert_eq!(response.status(), 200);
    let mut call = calling(&core, &GET);
    call.retries(RetryPolicy::off());
    assert_eq!(call.execute_blocking().unwrap().status(), 503);
    assert_eq!(script.seen().len(), 3);
}

#[test]
fn what_is_idempotent_is_sent_again_after_what_may_pass() {
    use Delivery::{MaybeSent, NotSent};
    use TransportErrorKind as K;
    for passing in [408, 429, 500, 502, 503, 504] {
        check(&GET, &[status(passing), status(200)], 2, |policy| policy);
    }
    for lasting in [200, 304, 400, 401, 404, 409, 422, 501, 505] {
        check(&GET, &[status(lasting), status(200)], 1, |policy| policy);
    }
    for (kind, delivery, sent) in [
        (K::Connect, NotSent, 2),
        (K::Timeout, MaybeSent, 2),
        (K::Broken, MaybeSent, 2),
        (K::Tls, NotSent, 1),
        (K::TooLarge, MaybeSent, 1),
        (K::NoRuntime, NotSent, 1),
        (K::Other, NotSent, 1),
    ] {
        check(
            &GET,
            &[fails(kind, delivery), status(200)],
            sent,
            |policy| policy,
        );
    }
}

#[test]
fn what_is_not_idempotent_is_sent_again_only_where_it_was_not_carried_out() {
    use Delivery::{MaybeSent, NotSent};
    use TransportErrorKind as K;
    #[rustfmt::skip]
    let table = [
        (status(429), 2),                         // too many, so this one was refused
        (status(503).with("retry-after", "1"), 2), // refused, and told when to come back
        (status(503), 1),                         // a proxy may say so of what was carried out
        (status(500), 1),
        (status(504), 1),
        (fails(K::Connect, NotSent), 2),          // never left
        (fails(K::Broken, NotSent), 2),
        (fails(K::Broken, MaybeSent), 1),
        (fails(K::Timeout, MaybeSent), 1),
    ];
    for (answer, sent) in table {
        check(&POST, &[answer, status(200)], sent, |policy| policy);
    }
}

#[test]
fn attempts_are_bounded_and_the_last_outcome_is_the_calls() {
    let answers = [status(500), status(502), status(503), status(200)];
    check(&GET, &answers, 3, |policy| policy);
    check(&GET, &answers, 2, |policy| policy.attempts(2));
    check(&GET, &answers, 1, |policy| policy.attempts(0));
}

#[test]
fn waits_double_and_are_drawn_around_their_mean() {
    let waits = check(
        &GET,
        &[
            status(500),
            status(500),
            status(500),
            status(500),
            status(200),
        ],
        5,
        |policy| {
            policy.attempts(9).backoff(Backoff {
                first: Duration::from_secs(1),
                most: Duration::from_secs(3),
            })
        },
    );
    for (wait, mean) in waits.iter().zip([1.0, 2.0, 3.0, 3.0]) {
        let share = wait.as_secs_f64() / mean;
        assert!((0.5..=1.5).contains(&share), "{waits:?}");
    }
}

#[test]
fn the_server_says_how_long_to_wait() {
    #[rustfmt::skip]
    let table = [
        (status(503).with("retry-after", "7"), 7),
        (status(429).with("retry-after", "0"), 0),
        // by the server's own clock, whatever ours says
        (status(503).with("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT").with("date", "Fri, 31 Dec 1999 23:59:19 GMT"), 40),
        (status(503).with("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT").with("date", "Sat, 01 Jan 2000 00:00:59 GMT"), 0),
    ];
    for (answer, seconds) in table {
        let waits = check(&GET, &[answer, status(200)], 2, |policy| policy);
        assert_eq!(waits, [Duration::from_secs(seconds)]);
    }
    let long = || status(503).with("retry-after", "31");
    let set = |policy: RetryPolicy| policy.retry_after_most(Duration::from_secs(30));
    check(&GET, &[long(), status(200)], 1, set);
    check(
        &GET,
        &[
            status(503).with("retry-after", "99999999999999999999"),
            status(200),
        ],
        1,
        |policy| policy,
    );
}

#[test]
fn a_retry_after_that_cannot_be_read_is_none() {
    let answer = status(503).with("retry-after", "soon");
    let waits = check(&GET, &[answer, status(200)], 2, |policy| policy);
    assert!(waits[0] <= Duration::from_millis(750), "{waits:?}");
}

#[test]
fn all_attempts_and_pauses_fit_into_the_total_time() {
    let late = |after: &str| status(503).with("retry-after", after);
    let answers = [late("20"), late("20"), late("20"), status(200)];
    let set = |policy: RetryPolicy| policy.attempts(9).total_time(Duration::from_secs(60));
    check(&GET, &answers, 3, set);
}

#[test]
fn an_attempt_has_the_calls_timeout_within_what_is_left() {
    let times = Times::default();
    let late = |after: &str| status(503).with("retry-after", after);
    let script = Script::new(&[late("20"), late("15"), status(200)]);
    let core = client(&script);
    let mut call = calling(&core, &GET);
    call.timeout(Duration::from_secs(30));
    call.retries(policy(&times));
    call.execute_blocking().unwrap();
    let timeouts: Vec<u64> = script
        .limits()
        .iter()
        .map(|limits| limits.timeout.as_secs())
        .collect();
    assert_eq!(timeouts, [30, 30, 25]);
}

#[test]
fn an_idempotency_key_makes_a_call_idempotent_and_stays_the_same() {
    let header = http::HeaderName::from_static("idempotency-key");
    let times = Times::default();
    let script = Script::new(&[
        status(500),
        status(200),
        status(200),
        status(500),
        status(200),
        status(200),
    ]);
    let core = client(&script);
    let policy = || policy(&times).idempotency_key(header.clone());
    for _ in 0..2 {
        let mut call = calling(&core, &POST);
        call.retries(policy());
        call.execute_blocking().unwrap();
        if script.seen().len() == 2 {
            let mut call = calling(&core, &GET);
            call.retries(policy());
            call.execute_blocking().unwrap();
        }
    }
    let mut call = calling(&core, &POST);
    call.retries(policy());
    call.header("Idempotency-Key", "mine");
    call.execute_blocking().unwrap();
    let keys: Vec<Option<String>> = script
        .seen()
        .iter()
        .map(|request| {
            let key = request.headers().get(&header);
            key.map(|key| key.to_str().unwrap().to_owned())
        })
        .collect();
    let first = keys[0].as_deref().unwrap();
    assert_eq!(
        first
            .parse::<specmint_runtime::Uuid>()
            .unwrap()
            .get_version_num(),
        4
    );
    assert_eq!(keys[1], keys[0]);
    assert_eq!(keys[2], None, "a GET needs none");
    assert_eq!(keys[4], keys[3]);
    assert_ne!(keys[3], keys[0]);
    assert_eq!(keys[5].as_deref(), Some("mine"));
    let shown = format!("{:?}", script.seen()[0]);
    assert!(!shown.contains(first), "{shown}");
}

#[test]
fn a_body_that_can_be_read_once_is_sent_once() {
    static PUT: OperationSpec = operation("PUT", "/things");
    let answers = [status(503).with("retry-after", "0"), status(200)];
    for (upload, sent) in [
        (Upload::from_read(std::io::Cursor::new("once")), 1),
        (Upload::from("again"), 2),
    ] {
        let (script, times) = (Script::new(&answers), Times::default());
        let mut call = calling(&client(&script), &PUT);
        call.upload_body(upload);
        call.retries(policy(&times));
        let response = call.execute_blocking().unwrap();
        assert_eq!(script.seen().len(), sent);
        assert_eq!(
            response.status().as_u16(),
            answers[sent - 1].status().unwrap()
        );
    }
}

#[test]
fn a_response_that_is_read_piece_by_piece_is_retried_until_its_head_is_there() {
    let (script, times) = (
        Script::new(&[status(503), calls::json("{}")]),
        Times::default(),
    );
    let mut call = calling(&client(&script), &GET);
    call.retries(policy(&times));
    let response = calls::block_on(call.execute_stream()).unwrap();
    assert_eq!((response.status().as_u16(), script.seen().len()), (200, 2));
}

#[test]
fn what_cannot_be_made_is_not_tried_again() {
    let times = Times::default();
    let script = Script::new(&[status(200)]);
    let core = client(&script);
    let mut call = calling(&core, &GET);
    call.header("bad header", "");
    call.retries(policy(&times));
    let error = call.execute_blocking().unwrap_err();
    assert!(matches!(error, Error::Build(error) if error.kind() == BuildErrorKind::Header));
    assert!(times.waits().is_empty() && script.seen().is_empty());
}

#[test]
fn pauses_by_the_systems_timer_pass_without_a_runtime_and_within_one() {
    let soon = RetryPolicy::default().backoff(Backoff {
        first: Duration::from_millis(1),
        most: Duration::from_millis(1),
    });
    let send = |policy: RetryPolicy| {
        let script = Script::new(&[status(503), status(200)]);
        let mut call = calling(&client(&script), &GET);
        call.retries(policy);
        call
    };
    let alone = calls::block_on(send(soon.clone()).execute());
    assert_eq!(alone.unwrap().status(), 200);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let within = runtime.block_on(send(soon.clone()).execute());
    assert_eq!(within.unwrap().status(), 200);
    let blocking = runtime.block_on(async { send(soon).execute_blocking() });
    assert_eq!(blocking.unwrap().status(), 200);
}

#[test]
fn queries_of_a_client_and_of_a_call_follow_those_of_the_operation() {
    static SEARCH: OperationSpec = operation("GET", "/search?fixed=1");
    let memory = || Memory::new(|_| Ok(http::Response::new(Body::empty())));
    let core = CoreBuilder::new(&calls::API)
        .transport(memory())
        .extra_query("api version", "1&2")
        .build()
        .unwrap();
    let mut call = calling(&core, &SEARCH);
    call.extra_query("tag", "é");
    call.extra_query("tag", "$b=");
    let uri = call.request().unwrap().uri().to_string();
    assert_eq!(
        uri,
        "https://x.example/search?fixed=1&api%20version=1%262&tag=%C3%A9&tag=%24b%3D"
    );
}

#[test]
fn a_client_may_prefer_a_media_type_for_bodies_and_for_answers() {
    static BOTH: OperationSpec = OperationSpec {
        request_types: &["application/json", "application/x-www-form-urlencoded"],
        response_types: &["application/json"],
        ..operation("POST", "/things")
    };
    let script = Script::new(&[]);
    let core = calls::builder(&script)
        .content_type(specmint_runtime::ContentType::FORM)
        .accept("application/vnd.example+json")
        .build()
        .unwrap();
    let request = |operation| {
        let mut call = calling(&core, operation);
        call.json_body(&specmint_runtime::Value::from_iter([("a", "b c")]));
        call.request().unwrap()
    };
    let form = request(&BOTH);
    assert_eq!(form.body().as_bytes(), b"a=b+c");
    assert_eq!(form.headers()["accept"], "application/vnd.example+json");
    let json = request(&POST);
    assert_eq!(
        json.body().as_bytes(),
        br#"{"a":"b c"}"#,
        "the operation takes no form"
    );
}
