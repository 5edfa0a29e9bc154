//! Bytes in, values out: booleans, numbers, strings and formats.

use std::fmt::Debug;

use specmint_runtime::json::{Kind, Problem, Slot, from_slice, to_vec};
use specmint_runtime::{
    Base64, Date, DateTime, Decimal, DecodeError, Quoted, Secret, Tuple, Uuid, Value,
};

/// Reads the text and, if it is a value, writes it again.
fn round<T: Slot>(text: &str) -> Result<String, Problem> {
    match from_slice::<T>(text.as_bytes()) {
        Ok(value) => Ok(String::from_utf8(to_vec(&value)).expect("JSON is UTF-8")),
        Err(err) => Err(*err.problem()),
    }
}

#[track_caller]
fn check<T: Slot>(table: &[(&str, Result<&str, Problem>)]) {
    for (text, expected) in table {
        let expected = expected.map(str::to_owned);
        assert_eq!(round::<T>(text), expected, "{text}");
    }
}

fn value<T: Slot + Debug>(text: &str) -> T {
    from_slice(text.as_bytes()).expect("the text is a value of the type")
}

const fn mismatch<T>(expected: Kind, found: Kind) -> Result<T, Problem> {
    Err(Problem::Mismatch { expected, found })
}

const fn out_of_range<T>(expected: &'static str) -> Result<T, Problem> {
    Err(Problem::OutOfRange { expected })
}

#[test]
fn booleans_are_only_true_and_false() {
    check::<bool>(&[
        ("true", Ok("true")),
        (" \n\t\rfalse ", Ok("false")),
        ("1", mismatch(Kind::Boolean, Kind::Number)),
        ("\"true\"", Ok("true")),
        ("\"True\"", mismatch(Kind::Boolean, Kind::String)),
        ("null", mismatch(Kind::Boolean, Kind::Null)),
        ("tru", Err(Problem::Truncated)),
        ("trux", Err(Problem::Syntax { offset: 3 })),
        ("yes", Err(Problem::Syntax { offset: 0 })),
    ]);
}

#[test]
fn integers_keep_every_digit_and_stay_in_their_range() {
    check::<i64>(&[
        ("0", Ok("0")),
        ("-0", Ok("0")),
        ("9223372036854775807", Ok("9223372036854775807")),
        ("-9223372036854775808", Ok("-9223372036854775808")),
        ("1234567890123456789", Ok("1234567890123456789")),
        ("9223372036854775808", out_of_range("i64")),
        (
            "123456789012345678901234567890123456789012",
            out_of_range("i64"),
        ),
        ("01", Err(Problem::Syntax { offset: 1 })),
        ("-", Err(Problem::Truncated)),
        ("+1", Err(Problem::Syntax { offset: 0 })),
    ]);
    check::<i32>(&[
        ("2147483647", Ok("2147483647")),
        ("-2147483648", Ok("-2147483648")),
        ("2147483648", out_of_range("i32")),
    ]);
    check::<u32>(&[
        ("4294967295", Ok("4294967295")),
        ("4294967296", out_of_range("u32")),
        ("-1", out_of_range("u32")),
    ]);
    check::<u64>(&[
        ("18446744073709551615", Ok("18446744073709551615")),
        ("18446744073709551616", out_of_range("u64")),
    ]);
}

#[test]
fn a_number_with_a_fraction_of_zero_is_an_integer() {
    check::<i64>(&[
        ("3600.0", Ok("3600")),
        ("36e2", Ok("3600")),
        ("-36.50E+1", Ok("-365")),
        ("9007199254740992.0", Ok("9007199254740992")),
        ("9007199254740994.0", out_of_range("i64")),
        ("1e400", out_of_range("i64")),
        ("3600.5", mismatch(Kind::Integer, Kind::Number)),
    ]);
}

#[test]
fn floats_are_the_nearest_to_their_text() {
    #[rustfmt::skip]
    let table = [
        "0", "-0", "1", "-1.5", "0.1", "0.3", "123456789.012345", "9007199254740993", "0.000001", "1e-7",
        "4.35", "2.2250738585072014e-308", "5e-324", "1.7976931348623157e308", "179769313486231570000",
        "0.1000000000000000055511151231257827021181583404541015625", "8.5E+3", "1e23", "99999999999999.9",
    ];
    for text in table {
        let expected: f64 = text.parse().expect("a float");
        assert_eq!(value::<f64>(text).to_bits(), expected.to_bits(), "{text}");
        let expected: f32 = text.parse().expect("a float");
        if expected.is_finite() {
            assert_eq!(value::<f32>(text).to_bits(), expected.to_bits(), "{text}");
        }
    }
    check::<f64>(&[
        ("1e400", out_of_range("f64")),
        ("1.", Err(Problem::Truncated)),
        ("1.x", Err(Problem::Syntax { offset: 2 })),
        ("NaN", Err(Problem::Syntax { offset: 0 })),
        ("-Infinity", Err(Problem::Syntax { offset: 1 })),
        ("true", mismatch(Kind::Number, Kind::Boolean)),
    ]);
    check::<f32>(&[("1e39", out_of_range("f32"))]);
}

#[test]
fn a_float_that_json_cannot_say_is_written_as_null() {
    assert_eq!(to_vec(&f64::NAN), b"null");
    assert_eq!(to_vec(&f32::INFINITY), b"null");
}

#[test]
fn strings_decode_every_escape_and_write_only_the_needed_ones() {
    check::<String>(&[
        (r#""""#, Ok(r#""""#)),
        (r#""a\/b""#, Ok(r#""a/b""#)),
        (
            r#""\"\\\b\f\n\r\t\u0000\u001f""#,
            Ok(r#""\"\\\b\f\n\r\t\u0000\u001f""#),
        ),
        (
            r#""\u00e9\ud83d\ude00 é 😀 \u007f""#,
            Ok("\"é😀 é 😀 \u{7f}\""),
        ),
        ("\"line\nbreak\"", Err(Problem::Syntax { offset: 5 })),
        (r#""open"#, Err(Problem::Truncated)),
        ("true", mismatch(Kind::String, Kind::Boolean)),
    ]);
}

#[test]
fn a_number_may_come_as_a_string_and_a_string_as_a_number() {
    check::<i64>(&[
        ("\"3600\"", Ok("3600")),
        ("\"3600.0\"", Ok("3600")),
        ("\" 3600\"", mismatch(Kind::Integer, Kind::String)),
        ("\"\"", mismatch(Kind::Integer, Kind::String)),
        ("\"03600\"", mismatch(Kind::Integer, Kind::String)),
        ("\"9223372036854775808\"", out_of_range("i64")),
    ]);
    check::<f64>(&[
        ("\"-1.5e3\"", Ok("-1500.0")),
        ("\"NaN\"", mismatch(Kind::Number, Kind::String)),
    ]);
    check::<String>(&[("7", Ok("\"7\"")), ("1.50", Ok("\"1.50\""))]);
    assert_eq!(value::<Secret>("7").expose(), "7");
}

#[test]
fn a_number_between_quotes_is_written_between_quotes() {
    check::<Quoted<i64>>(&[
        ("\"9007199254740993\"", Ok("\"9007199254740993\"")),
        ("-5", Ok("\"-5\"")),
        ("\"five\"", mismatch(Kind::Integer, Kind::String)),
    ]);
    let mut number: Quoted<i64> = 5.into();
    *number += 1;
    assert_eq!(number.to_string(), "6");
}

#[test]
fn a_decimal_keeps_its_digits() {
    let long = "123456789012345678901234567890.123";
    check::<Decimal>(&[
        ("0.10", Ok("0.10")),
        (long, Ok(long)),
        ("1E+2", Ok("1E+2")),
        ("\"0.10\"", Ok("0.10")),
        ("\"ten\"", mismatch(Kind::Number, Kind::String)),
    ]);
    check::<Quoted<Decimal>>(&[("\"0.10\"", Ok("\"0.10\"")), ("0.10", Ok("\"0.10\""))]);
    #[rustfmt::skip]
    let table = [
        ("12.50", Some("12.50")), ("+1", Some("1")), ("-.5", Some("-0.5")), (".5", Some("0.5")),
        ("01", None), ("1.", None), ("1,5", None), ("", None), ("-", None), ("1e", None), ("--1", None),
    ];
    for (text, expected) in table {
        let number = text.parse::<Decimal>().ok();
        assert_eq!(number.as_ref().map(Decimal::as_str), expected, "{text}");
    }
    assert_eq!(Decimal::from(-3).to_f64().to_bits(), (-3.0_f64).to_bits());
}

#[test]
fn a_list_may_have_a_type_for_each_place() {
    check::<(i64, String)>(&[
        ("[1,\"a\"]", Ok("[1,\"a\"]")),
        ("[1,\"a\",{\"b\":[]}]", Ok("[1,\"a\"]")),
        ("[1]", Err(Problem::MissingPlace { index: 1 })),
        ("{}", mismatch(Kind::Array, Kind::Object)),
    ]);
    check::<Tuple<(i64, bool), String>>(&[
        ("[1,true,\"a\",\"b\"]", Ok("[1,true,\"a\",\"b\"]")),
        ("[1,true]", Ok("[1,true]")),
        ("[]", Err(Problem::MissingPlace { index: 0 })),
    ]);
    let err = from_slice::<(i64, bool)>(b"[1,2]").expect_err("no boolean");
    assert_eq!(err.to_string(), "$[1]: expected a boolean, found a number");
}

#[test]
fn half_a_surrogate_pair_is_refused() {
    for text in [
        r#""\ud800""#,
        r#""\udc00""#,
        r#""\ud800x""#,
        r#""\ud800\n""#,
        r#""\ud800\ud800""#,
        r#""\ud8"#,
    ] {
        for outcome in [
            round::<String>(text),
            round::<Value>(text),
            round::<()>(text),
        ] {
            let refused = matches!(outcome, Err(Problem::Syntax { .. } | Problem::Truncated));
            assert!(refused, "{text}: {outcome:?}");
        }
    }
}

#[test]
fn text_that_is_not_utf_8_is_refused_wherever_it_is() {
    for bytes in [
        &b"\"\xff\""[..],
        b"\"\xed\xa0\x80\"",
        b"\"\xc3\"",
        b"[1,\"\xff\"]",
        b"{\"\xff\":1}",
    ] {
        for outcome in [
            from_slice::<String>(bytes).map(drop),
            from_slice::<Value>(bytes).map(drop),
            from_slice::<()>(bytes),
        ] {
            outcome.expect_err("the bytes are not UTF-8");
        }
    }
}

#[test]
fn a_byte_order_mark_is_skipped() {
    assert_eq!(from_slice::<i64>(b"\xEF\xBB\xBF 1"), Ok(1));
}

#[test]
fn exactly_one_value_is_read() {
    check::<Value>(&[
        ("", Err(Problem::Empty)),
        (" \r\n", Err(Problem::Empty)),
        ("1 2", Err(Problem::TrailingText { offset: 2 })),
        ("{} x", Err(Problem::TrailingText { offset: 3 })),
        ("[1,]", Err(Problem::Syntax { offset: 3 })),
        ("{\"a\":1,}", Err(Problem::Syntax { offset: 7 })),
        ("{a:1}", Err(Problem::Syntax { offset: 1 })),
        ("[1", Err(Problem::Truncated)),
    ]);
}

#[test]
fn values_keep_the_kind_and_range_of_their_numbers() {
    for text in [
        "18446744073709551615",
        "-9223372036854775808",
        "1.5",
        "-0.0",
        "1e300",
        "[null,true,\"a\",{\"b\":[]}]",
    ] {
        let expected: Value = serde_json::from_str(text).expect("serde_json reads it");
        assert_eq!(value::<Value>(text), expected, "{text}");
    }
}

#[test]
fn date_times_are_made_by_rfc_3339_and_keep_their_spelling() {
    for text in [
        "2024-02-29T23:59:60.123456789+01:30",
        "1985-04-12 23:20:50z",
        "2024-05-17t08:00:00",
    ] {
        let at: DateTime = text.parse().expect("a date-time");
        assert_eq!(at.as_str(), text);
    }
    for text in [
        "2024-05-17T08:00Z",
        "2024-05-17T24:00:00Z",
        "2024-05-17T08:00:00.Z",
        "2024-05-17T08:00:00+1:00",
        "2024-05-17T08:00:00Z ",
        "2024-05-17é08:00:00Z",
        "",
    ] {
        text.parse::<DateTime>().expect_err(text);
    }
}

#[test]
fn dates_and_times_are_read_in_any_spelling() {
    for text in ["\"17/05/2024\"", "\"2024-05-17T08:00+0200\"", "\"\""] {
        check::<DateTime>(&[(text, Ok(text))]);
        check::<Date>(&[(text, Ok(text))]);
        assert_eq!(value::<DateTime>(text).unix_seconds(), None);
        assert_eq!(value::<Date>(text).unix_days(), None);
    }
    check::<DateTime>(&[("0", mismatch(Kind::String, Kind::Number))]);
}

#[test]
fn dates_are_days_of_the_gregorian_calendar() {
    #[rustfmt::skip]
    let table = [
        ("2024-02-29", true),  ("2000-02-29", true),  ("1900-02-29", false), ("2023-02-29", false),
        ("2024-00-10", false), ("2024-13-10", false), ("2024-04-31", false), ("2024-4-30", false),
        ("20240430", false),
    ];
    for (text, is_day) in table {
        assert_eq!(text.parse::<Date>().is_ok(), is_day, "{text}");
    }
}

#[test]
fn dates_and_times_count_from_1970() {
    #[rustfmt::skip]
    let table = [
        ("1970-01-01T00:00:00Z",             0),
        ("1970-01-01T01:00:00+01:00",        0),
        ("1969-12-31T23:59:59Z",            -1),
        ("2000-03-01T00:00:00Z",   951_868_800),
        ("2024-02-29T12:30:15.9Z", 1_709_209_815),
        ("2016-12-31T23:59:60Z", 1_483_228_800), // a leap second
        ("0000-03-01T00:00:00Z", -62_162_035_200),
        ("9999-12-31T23:59:59-23:59", 253_402_387_139),
    ];
    for (text, seconds) in table {
        let at: DateTime = text.parse().expect("a date-time");
        assert_eq!(at.unix_seconds(), Some(seconds), "{text}");
    }
    let local: DateTime = "2024-02-29T12:30:15".parse().expect("a date-time");
    assert_eq!(local.unix_seconds(), None);
    let day: Date = "2024-02-29".parse().expect("a date");
    assert_eq!(day.unix_days(), Some(19_782));
}

#[test]
fn uuids_are_written_in_lower_case_with_hyphens() {
    let canonical = r#""67e55044-10b1-426f-9247-bb680e5fe0c8""#;
    check::<Uuid>(&[
        (canonical, Ok(canonical)),
        (r#""67E5504410B1426F9247BB680E5FE0C8""#, Ok(canonical)),
        (
            r#""67e55044-10b1""#,
            Err(Problem::NotA { expected: "a UUID" }),
        ),
    ]);
}

#[test]
fn base64_is_read_with_or_without_padding() {
    let not = Err(Problem::NotA { expected: "base64" });
    check::<Base64>(&[
        (r#""""#, Ok(r#""""#)),
        (r#""aGk=""#, Ok(r#""aGk=""#)),
        (r#""aGk""#, Ok(r#""aGk=""#)),
        (r#""aG\r\nk=""#, Ok(r#""aGk=""#)),
        (r#""-_8=""#, not),
        (r#""a""#, not),
    ]);
    assert_eq!(value::<Base64>(r#""aGk=""#), Base64::from(&b"hi"[..]));
}

#[test]
fn secrets_are_read_and_written_as_strings() {
    let secret: Secret = value(r#""a\"b""#);
    assert_eq!(secret.expose(), "a\"b");
    assert_eq!(to_vec(&secret), br#""a\"b""#);
}

#[test]
fn errors_say_where_and_what_in_a_sentence() {
    let err: DecodeError =
        from_slice::<Vec<Vec<i64>>>(b"[[],[1,2,\"x\"]]").expect_err("not an integer");
    assert_eq!(err.path(), "$[1][2]");
    assert_eq!(
        err.to_string(),
        "$[1][2]: expected an integer, found a string"
    );
}

#[test]
fn a_float_of_any_length_is_read_or_refused() {
    let digits = "9".repeat(400);
    let fraction = format!("0.{}1", "0".repeat(2000));
    for (text, read) in [
        ("1e-99999999999999999999", Some(0.0)),
        ("0e99999999999999999999", Some(0.0)),
        ("-0", Some(-0.0)),
        ("1E5", Some(1e5)),
        (&fraction, Some(0.0)),
        ("1e99999999999999999999", None),
        (&digits, None),
        ("01", None),
        ("1.", None),
        ("1.e5", None),
        ("1e", None),
        ("1e+", None),
        ("-", None),
        ("-.5", None),
        ("-Infinity", None),
        ("NaN", None),
    ] {
        assert_eq!(from_slice::<f64>(text.as_bytes()).ok(), read, "{text}");
    }
}
