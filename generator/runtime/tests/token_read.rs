//! What is believed of a token endpoint's answer, piece by piece.
#![cfg(feature = "tokens")]

use std::time::Duration;

use specmint_runtime::token::read::{self, LONGEST, Members, Unit};
use specmint_runtime::token::{Lifetime, OAuthErrorCode, Refusal, TokenErrorKind, TokenType};
use specmint_runtime::{Body, http};

fn answer(status: u16, body: &str) -> http::Response<Body> {
    let mut response = http::Response::new(Body::from(body.to_owned()));
    *response.status_mut() = status.try_into().unwrap();
    response
}

fn lifetime(json: &str, unit: Unit) -> Result<Lifetime, Refusal> {
    let body = format!(r#"{{"expires_in": {json}}}"#);
    let members = Members::json(body.as_bytes())?;
    read::lifetime(members.get("expires_in"), unit)
}

#[test]
fn s24_lifetimes_are_read_in_every_spelling_and_are_never_for_ever() {
    let seconds = |count| Some(Lifetime::In(Duration::from_secs(count)));
    #[rustfmt::skip]
    let table = [
        ("3600",                  seconds(3600)),
        ("\"3600\"",              seconds(3600)),
        ("\" 3600 \"",            seconds(3600)),
        ("3600.0",                seconds(3600)),
        ("3.6e3",                 seconds(3600)),
        ("\"3599.9\"",            seconds(3599)),
        ("0",                     seconds(0)),
        ("-0",                    seconds(0)),
        ("0.5",                   seconds(0)),
        ("null",                  Some(Lifetime::Unstated)),
        ("\"\"",                  Some(Lifetime::Unstated)),
        ("18446744073709551615",  Some(Lifetime::In(LONGEST))),
        ("184467440737095516150", Some(Lifetime::In(LONGEST))),
        ("1e400",                 Some(Lifetime::In(LONGEST))),
        ("315360001",             Some(Lifetime::In(LONGEST))),
        ("-1",                    None),
        ("-55061602",             None),
        ("\"-1\"",                None),
        ("-1e400",                None),
        ("\"NaN\"",               None),
        ("\"inf\"",               None),
        ("\"infinity\"",          None),
        ("\"an hour\"",           None),
        ("\"0x10\"",              None),
        ("true",                  None),
        ("[3600]",                None),
        ("{}",                    None),
    ];
    for (json, expected) in table {
        assert_eq!(lifetime(json, Unit::Seconds).ok(), expected, "{json}");
    }
    let members = Members::json(b"{}").unwrap();
    let missing = read::lifetime(members.get("expires_in"), Unit::Seconds);
    assert_eq!(missing.ok(), Some(Lifetime::Unstated));
}

#[test]
fn s24_lifetimes_are_read_in_every_unit() {
    let span = |millis| Lifetime::In(Duration::from_millis(millis));
    let moment = |millis| Lifetime::At(Duration::from_millis(millis));
    #[rustfmt::skip]
    let table = [
        ("1500",          Unit::Milliseconds,      span(1500)),
        ("2",             Unit::Minutes,           span(120_000)),
        ("1700000000",    Unit::EpochSeconds,      moment(1_700_000_000_000)),
        ("1700000000123", Unit::EpochMilliseconds, moment(1_700_000_000_123)),
        ("1e300",         Unit::EpochSeconds,      moment(253_402_300_799_000)),
        ("1e300",         Unit::Minutes,           Lifetime::In(LONGEST)),
    ];
    for (json, unit, expected) in table {
        assert_eq!(lifetime(json, unit).ok(), Some(expected), "{json}");
    }
}

#[test]
fn s17_a_token_is_visible_ascii_when_it_is_read() {
    #[rustfmt::skip]
    let table = [
        (r#""a.b-c_d~e+f/g==""#, true),
        (r#""00Dx!AQ1|2""#,      true),
        (r#""""#,                false),
        (r#""a b""#,             false),
        (r#""a\r\nx: y""#,       false),
        (r#""a\u0000""#,         false),
        (r#""\u00e9""#,          false),
        ("1",                    false),
        ("null",                 false),
        (r#"["a"]"#,             false),
    ];
    for (json, is_token) in table {
        let body = format!(r#"{{"access_token": {json}}}"#);
        let members = Members::json(body.as_bytes()).unwrap();
        let token = read::access_token(members.get("access_token"));
        assert_eq!(token.is_ok(), is_token, "{json}");
    }
}

#[test]
fn s21_a_token_of_an_unknown_type_is_refused() {
    let read = |json: &str, unstated| {
        let body = format!(r#"{{"token_type": {json}}}"#);
        let members = Members::json(body.as_bytes()).unwrap();
        read::token_type(members.get("token_type"), unstated).ok()
    };
    let bearer = Some(TokenType::Bearer);
    for json in [r#""bearer""#, r#""Bearer""#, r#""BEARER""#] {
        assert_eq!(read(json, None), bearer, "{json}");
    }
    for json in [r#""mac""#, r#""N_A""#, r#""DPoP""#, r#""""#, "1"] {
        assert_eq!(read(json, bearer), None, "{json}");
    }
    assert_eq!(read("null", None), None);
    assert_eq!(read("null", bearer), bearer);
}

#[test]
fn s22_an_error_in_the_body_is_one_whatever_the_status() {
    use OAuthErrorCode as C;
    use TokenErrorKind as K;
    let vendor = [("E42", C::InvalidGrant)];
    #[rustfmt::skip]
    let table = [
        (400, r#"{"error": "invalid_grant"}"#,                 K::ReauthRequired,  Some("invalid_grant")),
        (200, r#"{"error": "invalid_grant"}"#,                 K::ReauthRequired,  Some("invalid_grant")),
        (200, r#"{"error": "bad_refresh_token"}"#,             K::ReauthRequired,  Some("invalid_grant")),
        (200, r#"{"error": "bad_verification_code", "access_token": "t"}"#, K::ReauthRequired, Some("invalid_grant")),
        (200, r#"{"error": "E42"}"#,                           K::ReauthRequired,  Some("invalid_grant")),
        (200, r#"{"error": {"code": "E42"}}"#,                 K::ReauthRequired,  Some("invalid_grant")),
        (200, r#"{"error": "who_knows"}"#,                     K::RequestRejected, Some("who_knows")),
        (200, r#"{"error": true}"#,                            K::RequestRejected, None),
        (401, r#"{"error": "invalid_client"}"#,                K::ClientRejected,  Some("invalid_client")),
        (400, r#"{"error": "unauthorized_client"}"#,           K::ClientRejected,  Some("unauthorized_client")),
        (400, r#"{"error": "invalid_scope"}"#,                 K::RequestRejected, Some("invalid_scope")),
        (400, r#"{"error": "slow_down"}"#,                     K::Throttled,       Some("slow_down")),
        (429, r#"{"error": "invalid_request"}"#,               K::Throttled,       Some("invalid_request")),
        (400, r#"{"error": "temporarily_unavailable"}"#,       K::Unavailable,     Some("temporarily_unavailable")),
        (503, "<html>",                                        K::Unavailable,     None),
        (403, "<html>",                                        K::ClientRejected,  None),
        (404, "",                                              K::RequestRejected, None),
        (307, "",                                              K::Redirected,      None),
        (204, "",                                              K::Malformed,       None),
        (200, "<html>",                                        K::Malformed,       None),
        (200, "",                                              K::Malformed,       None),
        (200, "[]",                                            K::Malformed,       None),
    ];
    for (status, body, kind, code) in table {
        let answer = answer(status, body);
        let refusal = read::success(&answer, &[200], &vendor).expect_err(body);
        let found = refusal.code.as_ref().map(OAuthErrorCode::as_str);
        assert_eq!((refusal.kind, found), (kind, code), "{status} {body}");
        assert_eq!(refusal.status, Some(status));
    }
    for body in [
        r#"{"error": null}"#,
        r#"{"error": false}"#,
        r#"{"error": ""}"#,
        r#"{"error": 0}"#,
    ] {
        assert!(
            read::success(&answer(200, body), &[200], &[]).is_ok(),
            "{body}"
        );
    }
}

#[test]
fn s22_a_name_that_is_there_twice_is_refused_at_any_depth() {
    for body in [
        r#"{"access_token": "a", "access_token": "b"}"#,
        r#"{"access_token": "a", "acc\u0065ss_token": "b"}"#,
        r#"{"data": {"token": "a", "token": "b"}}"#,
        r#"{"data": [[{"token": "a", "token": "b"}]]}"#,
    ] {
        let refusal = Members::json(body.as_bytes()).expect_err(body);
        assert_eq!(
            refusal.detail,
            Some("a member of the answer is there twice")
        );
    }
    assert!(Members::form(b"access_token=a&access_token=b").is_err());
}

#[test]
fn s14_deep_nesting_is_an_error_and_no_stack_overflow() {
    let lists = "[".repeat(60_000);
    let objects = r#"{"a":"#.repeat(12_000);
    for body in [format!(r#"{{"a": {lists}"#), format!(r#"{{"a": {objects}"#)] {
        assert!(Members::json(body.as_bytes()).is_err());
    }
}

#[test]
fn s23_scopes_are_what_the_answer_says() {
    let read = |json: &str, separator| {
        let body = format!(r#"{{"scope": {json}}}"#);
        let members = Members::json(body.as_bytes()).unwrap();
        read::scope(members.get("scope"), separator)
    };
    let some = |scopes: &[&str]| Some(scopes.iter().map(|&it| it.to_owned()).collect::<Vec<_>>());
    #[rustfmt::skip]
    let table = [
        (r#""a b  c""#,   None,      some(&["a", "b", "c"])),
        (r#""a,b""#,      None,      some(&["a,b"])),
        (r#""a,b""#,      Some(','), some(&["a", "b"])),
        (r#"["a", "b"]"#, None,      some(&["a", "b"])),
        (r#""""#,         None,      some(&[])),
        ("[]",            None,      some(&[])),
        ("null",          None,      None),
    ];
    for (json, separator, expected) in table {
        assert_eq!(read(json, separator).unwrap(), expected, "{json}");
    }
    for json in ["1", "{}", "[1]"] {
        assert!(read(json, None).is_err(), "{json}");
    }
}

#[test]
fn s04_a_description_is_cut_and_cleaned_and_has_an_untrusted_name() {
    let said = format!("a\r\nb\\\"c\u{7}é{}", "x".repeat(1000));
    let body = serde_json::json!({"error": "invalid_grant", "error_description": said}).to_string();
    let answer = answer(400, &body);
    let refusal = read::success(&answer, &[200], &[]).unwrap_err();
    assert!(!format!("{refusal:?}").contains("xxx"));
    let kept = refusal.untrusted_description.unwrap();
    assert_eq!(kept.len(), 256);
    assert!(kept.starts_with("abcxxx"));
}

#[test]
fn s03_a_code_of_the_servers_own_shows_in_no_debug() {
    let answer = answer(400, r#"{"error": "Zq7secret"}"#);
    let refusal = read::success(&answer, &[200], &[]).unwrap_err();
    assert_eq!(
        refusal.code,
        Some(OAuthErrorCode::Other("Zq7secret".into()))
    );
    assert!(!format!("{refusal:?}").contains("Zq7"));
}

#[test]
fn s40_retry_after_is_seconds_or_a_date_by_the_servers_own_clock() {
    #[rustfmt::skip]
    let table = [
        ("120",                           None,                                  Some(120)),
        ("99999999999999999999999",       None,                                  Some(LONGEST.as_secs())),
        ("Wed, 21 Oct 2015 07:28:00 GMT", Some("Wed, 21 Oct 2015 07:27:30 GMT"), Some(30)),
        ("Wed, 21 Oct 2015 07:28:00 GMT", Some("Wed, 21 Oct 2015 07:29:00 GMT"), Some(0)),
        ("Wed, 21 Oct 2015 07:28:00 GMT", None,                                  Some(60)),
        ("soon",                          None,                                  None),
        ("-1",                            None,                                  None),
        ("",                              None,                                  None),
    ];
    for (retry_after, date, expected) in table {
        let mut headers = http::HeaderMap::new();
        headers.insert("retry-after", retry_after.parse().unwrap());
        if let Some(date) = date {
            headers.insert("date", date.parse().unwrap());
        }
        let read = read::retry_after(&headers).map(|it| it.as_secs());
        assert_eq!(read, expected, "{retry_after}");
    }
}

#[test]
fn answers_may_be_forms() {
    let mut answer = answer(
        200,
        "access_token=a%2Bb&scope=x+y&token_type=bearer&expires_in=60&bad=%zz",
    );
    let form = "application/x-www-form-urlencoded; charset=utf-8";
    answer
        .headers_mut()
        .insert("content-type", form.parse().unwrap());
    let members = read::success(&answer, &[200], &[]).unwrap();
    let token = read::access_token(members.get("access_token")).unwrap();
    assert_eq!(token.expose(), "a+b");
    let scope = read::scope(members.get("scope"), None).unwrap().unwrap();
    assert_eq!(scope, ["x", "y"]);
    assert_eq!(
        read::lifetime(members.get("expires_in"), Unit::Seconds).ok(),
        Some(Lifetime::In(Duration::from_secs(60)))
    );
}

#[test]
fn s08_other_members_are_secret_and_debug_shows_their_names() {
    let body =
        br#"{"access_token": "Zq7a", "id_token": "Zq7b", "tenant": 7, "user": {"name": "Zq7c"}}"#;
    let members = Members::json(body).unwrap();
    assert!(!format!("{members:?} {:?}", members.get("id_token")).contains("Zq7"));
    let extra = read::extra(&members, &["access_token"]);
    let shown = format!("{extra:?}");
    assert!(
        shown.contains("id_token") && !shown.contains("Zq7"),
        "{shown}"
    );
    let values: Vec<_> = extra.iter().map(|(_, value)| value.expose()).collect();
    assert_eq!(values, ["Zq7b", "7"]);
    let name = members.at(&["user", "name"]).and_then(|it| it.text());
    assert_eq!(name.as_deref().map(String::as_str), Some("Zq7c"));
}
