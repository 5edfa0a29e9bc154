//! Answers of vendors' token operations, read by a profile.
#![cfg(feature = "tokens")]

use std::time::Duration;

use specmint_runtime::token::profile::{Counts, LifetimeAt, Place};
use specmint_runtime::token::read::LONGEST;
use specmint_runtime::token::{Issued, Lifetime, Refusal, TokenErrorKind, TokenProfile, TokenType};
use specmint_runtime::{Body, http};

fn answer(status: u16, body: &str) -> http::Response<Body> {
    let mut response = http::Response::new(Body::from(body.to_owned()));
    *response.status_mut() = status.try_into().unwrap();
    response
}

fn read(profile: &TokenProfile, body: &str) -> Result<Issued, Refusal> {
    profile.read(&answer(200, body))
}

const fn member(path: &'static [&'static str]) -> Place {
    Place::Body(path)
}

#[test]
fn tokens_are_found_where_the_profile_says() {
    let nested = TokenProfile {
        token: member(&["data", "attributes", "accessToken"]),
        refresh_token: Some(member(&["data", "refreshToken"])),
        ..TokenProfile::BARE
    };
    let issued = read(
        &nested,
        r#"{"data": {"attributes": {"accessToken": "a"}, "refreshToken": "r"}, "id": 7}"#,
    )
    .unwrap();
    assert_eq!(issued.access_token.expose(), "a");
    assert_eq!(issued.refresh_token.unwrap().expose(), "r");
    assert_eq!(issued.extra[0].0, "id");

    let in_header = TokenProfile {
        token: Place::Header("X-Auth-Token"),
        ..TokenProfile::BARE
    };
    let mut response = answer(200, "");
    let headers = response.headers_mut();
    headers.insert("x-auth-token", "Bearer h1".parse().unwrap());
    assert_eq!(
        in_header.read(&response).unwrap().access_token.expose(),
        "h1"
    );

    let whole = TokenProfile {
        token: Place::WholeBody,
        ..TokenProfile::BARE
    };
    assert_eq!(
        read(&whole, "\"t\\u0031\"").unwrap().access_token.expose(),
        "t1"
    );
    assert_eq!(read(&whole, "t2\n").unwrap().access_token.expose(), "t2");
    assert!(read(&whole, "<html> </html>").is_err());
}

#[test]
fn s21_only_the_declared_statuses_with_a_token_of_a_known_type_are_a_success() {
    let created = TokenProfile {
        statuses: &[201],
        ..TokenProfile::STANDARD
    };
    let body = r#"{"access_token": "a", "token_type": "bearer"}"#;
    assert!(created.read(&answer(201, body)).is_ok());
    assert!(created.read(&answer(200, body)).is_err());
    assert!(
        TokenProfile::BARE.read(&answer(204, body)).is_ok(),
        "any 2xx where none is declared"
    );
    let standard = TokenProfile::STANDARD;
    for refused in [
        r#"{"access_token": "", "token_type": "bearer"}"#,
        r#"{"access_token": null, "token_type": "bearer"}"#,
        r#"{"access_token": 7, "token_type": "bearer"}"#,
        r#"{"access_token": "a b", "token_type": "bearer"}"#,
        r#"{"access_token": "a\r\nx: y", "token_type": "bearer"}"#,
        r#"{"access_token": "a", "token_type": "mac"}"#,
        r#"{"access_token": "a", "token_type": "N_A"}"#,
        r#"{"token_type": "bearer"}"#,
        r#"["a"]"#,
        "a",
    ] {
        assert!(read(&standard, refused).is_err(), "{refused}");
    }
    let custom = TokenProfile {
        usage: TokenType::Custom,
        ..TokenProfile::STANDARD
    };
    let issued = read(&custom, r#"{"access_token": "a"}"#).unwrap();
    assert_eq!(issued.token_type, TokenType::Custom);
}

#[test]
fn s22_an_error_or_a_flag_that_says_no_is_no_token_under_any_status() {
    let profile = TokenProfile {
        success: Some((&["ok"], "true")),
        ..TokenProfile::STANDARD
    };
    let kind = |body: &str| {
        read(&profile, body)
            .map(drop)
            .map_err(|refusal| refusal.kind)
    };
    assert_eq!(kind(r#"{"ok": true, "access_token": "a"}"#), Ok(()));
    assert_eq!(kind(r#"{"access_token": "a"}"#), Ok(()));
    assert_eq!(
        kind(r#"{"ok": false, "access_token": "a"}"#),
        Err(TokenErrorKind::RequestRejected)
    );
    assert_eq!(
        kind(r#"{"ok": true, "access_token": "a", "error": "bad_refresh_token"}"#),
        Err(TokenErrorKind::ReauthRequired)
    );
    assert_eq!(
        kind(r#"{"ok": true, "access_token": "a", "access_token": "b"}"#),
        Err(TokenErrorKind::Malformed)
    );
    let by_code = TokenProfile {
        success: Some((&["code"], "0")),
        ..TokenProfile::STANDARD
    };
    assert!(read(&by_code, r#"{"code": 0, "access_token": "a"}"#).is_ok());
    let refusal = read(&by_code, r#"{"code": 99991663, "access_token": "a"}"#).unwrap_err();
    assert_eq!(refusal.status, Some(200));
}

#[test]
fn s23_scopes_are_a_text_or_a_list_and_never_made_up() {
    let scope = |body: &str| read(&TokenProfile::STANDARD, body).unwrap().scope;
    let granted = Some(vec!["read".to_owned(), "write".to_owned()]);
    assert_eq!(
        scope(r#"{"access_token": "a", "scope": "read  write"}"#),
        granted
    );
    assert_eq!(
        scope(r#"{"access_token": "a", "scope": ["read", "write"]}"#),
        granted
    );
    assert_eq!(
        scope(r#"{"access_token": "a", "scope": ""}"#),
        Some(Vec::new())
    );
    assert_eq!(scope(r#"{"access_token": "a", "scope": null}"#), None);
    assert_eq!(scope(r#"{"access_token": "a"}"#), None);
}

#[test]
fn s24_lifetimes_are_read_in_every_unit() {
    let seconds = |count| Some(Lifetime::In(Duration::from_secs(count)));
    let moment = |count| Some(Lifetime::At(Duration::from_secs(count)));
    #[rustfmt::skip]
    let table = [
        (Counts::Seconds,           "3600",                          seconds(3600)),
        (Counts::Seconds,           "\"3600\"",                      seconds(3600)),
        (Counts::Seconds,           "\"2026-11-22T06:00:00Z\"",      moment(1_795_327_200)),
        (Counts::Milliseconds,      "90000",                         seconds(90)),
        (Counts::Minutes,           "2",                             seconds(120)),
        (Counts::Hours,             "2",                             seconds(7200)),
        (Counts::Days,              "\"2\"",                         seconds(172_800)),
        (Counts::Days,              "1e300",                         Some(Lifetime::In(LONGEST))),
        (Counts::EpochSeconds,      "1795327200",                    moment(1_795_327_200)),
        (Counts::EpochMilliseconds, "1795327200000",                 moment(1_795_327_200)),
        (Counts::EpochMilliseconds, "\"1795327200000\"",             moment(1_795_327_200)),
        (Counts::DateTime,          "\"2026-11-22T06:00:00Z\"",      moment(1_795_327_200)),
        (Counts::DateTime,          "\"2026-11-22T07:00:00+01:00\"", moment(1_795_327_200)),
        (Counts::DateTime,          "\"2026-11-22 06:00:00\"",       moment(1_795_327_200)),
        (Counts::DateTime,          "\"2026-11-22\"",                moment(1_795_305_600)),
        (Counts::DateTime,          "1795327200",                    moment(1_795_327_200)),
        (Counts::DateTime,          "\"1969-12-31T00:00:00Z\"",      moment(0)),
        (Counts::Span,              "\"3600s\"",                     seconds(3600)),
        (Counts::Span,              "\"PT1H30M\"",                   seconds(5400)),
        (Counts::Span,              "\"P1DT1S\"",                    seconds(86_401)),
        (Counts::Span,              "\"P2W\"",                       seconds(1_209_600)),
        (Counts::Unclear,           "3600",                          seconds(3600)),
        (Counts::Unclear,           "1795327200",                    moment(1_795_327_200)),
        (Counts::Unclear,           "1795327200000",                 moment(1_795_327_200)),
        (Counts::Unclear,           "\"2026-11-22T06:00:00Z\"",      moment(1_795_327_200)),
        (Counts::Unclear,           "\"PT5M\"",                      seconds(300)),
        (Counts::Unclear,           "0",                             seconds(0)),
        (Counts::Unclear,           "null",                          Some(Lifetime::Unstated)),
        (Counts::Unclear,           "\"\"",                          Some(Lifetime::Unstated)),
        (Counts::Unclear,           "-1",                            None),
        (Counts::Unclear,           "\"never\"",                     None),
        (Counts::Unclear,           "\"P1M\"",                       None),
        (Counts::Unclear,           "\"P\"",                         None),
        (Counts::Unclear,           "\"NaN\"",                       None),
        (Counts::Unclear,           "true",                          None),
        (Counts::DateTime,          "\"2026-99-99T06:00:00Z\"",      None),
    ];
    for (counts, json, expected) in table {
        let lifetimes: &'static [LifetimeAt] =
            Box::leak(Box::new([LifetimeAt::At(member(&["expires"]), counts)]));
        let profile = TokenProfile {
            lifetimes,
            ..TokenProfile::BARE
        };
        let body = format!(r#"{{"access_token": "a", "expires": {json}}}"#);
        let found = read(&profile, &body).ok().map(|issued| issued.lifetime);
        assert_eq!(found, expected, "{counts:?} {json}");
    }
}

#[test]
fn s24_a_jwt_tells_its_own_end_and_whatever_else_is_one_tells_nothing() {
    let profile = TokenProfile {
        lifetimes: &[LifetimeAt::InToken],
        ..TokenProfile::BARE
    };
    let lifetime = |token: &str| {
        let body = format!(r#"{{"access_token": "{token}"}}"#);
        read(&profile, &body).unwrap().lifetime
    };
    // {"exp":1795327200}
    assert_eq!(
        lifetime("e30.eyJleHAiOjE3OTUzMjcyMDB9.c2ln"),
        Lifetime::At(Duration::from_secs(1_795_327_200))
    );
    // {"exp":"soon"}, {"exp":-1}, no JSON, no base64, too few and too many parts.
    for token in [
        "e30.eyJleHAiOiJzb29uIn0.c2ln",
        "e30.eyJleHAiOi0xfQ.c2ln",
        "e30.e30.c2ln",
        "e30.!!!.c2ln",
        "opaque",
        "a.b.c.d",
        "..",
    ] {
        assert_eq!(lifetime(token), Lifetime::Unstated, "{token}");
    }
}

#[test]
fn the_first_lifetime_that_an_answer_has_counts() {
    const LIFETIMES: &[LifetimeAt] = &[
        LifetimeAt::At(member(&["expires_in"]), Counts::Seconds),
        LifetimeAt::At(member(&["expires_at"]), Counts::EpochSeconds),
    ];
    let profile = TokenProfile {
        lifetimes: LIFETIMES,
        ..TokenProfile::BARE
    };
    let issued = read(
        &profile,
        r#"{"access_token": "a", "expires_at": 1795327200}"#,
    )
    .unwrap();
    assert_eq!(
        issued.lifetime,
        Lifetime::At(Duration::from_secs(1_795_327_200))
    );
    assert!(issued.extra.is_empty(), "what is read is no extra");
}
