//! Bodies that want to hurt: garbage, nesting, blow-ups and leaks. The answer is an error, never a panic.

use specmint_runtime as runtime;

#[path = "model/mod.rs"]
pub mod model;

use model::models::{Grant, Loose, Maze, Owner, Pet, Tagged, Token};
use runtime::json::{MAX_DEPTH, Problem, Slot, from_slice, to_request, to_vec};
use runtime::{Extra, Secret, Value};

const SENTINEL: &str = "s3ntin3l";

/// Numbers that look random and are the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (limit as u64)).expect("below a usize")
    }
}

fn nested(open: &str, close: &str, depth: u32) -> String {
    let depth = usize::try_from(depth).expect("small");
    format!("{}1{}", open.repeat(depth), close.repeat(depth))
}

#[test]
fn nesting_ends_at_the_limit() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        from_slice::<Value>(nested(open, close, MAX_DEPTH).as_bytes()).expect("as deep as allowed");
        for depth in [MAX_DEPTH + 1, 100_000] {
            let err =
                from_slice::<Value>(nested(open, close, depth).as_bytes()).expect_err("too deep");
            assert_eq!(err.problem(), &Problem::TooDeep);
        }
        let err = from_slice::<()>(nested(open, close, 100_000).as_bytes())
            .expect_err("too deep to skip");
        assert_eq!(err.problem(), &Problem::TooDeep);
    }
}

#[test]
fn recursive_models_end_at_the_limit() {
    let owner = nested(r#"{"pets":[{"owner":"#, "}]}", 10_000);
    let err = from_slice::<Owner>(owner.as_bytes()).expect_err("too deep");
    assert_eq!(err.problem(), &Problem::TooDeep);
    let dog = nested(r#"{"petType":"dog","friend":"#, "}", 10_000);
    let err = from_slice::<Tagged>(dog.as_bytes()).expect_err("too deep");
    assert_eq!(err.problem(), &Problem::TooDeep);
}

#[test]
fn depth_counts_what_is_open_and_not_what_was() {
    let flat = format!("[{}[]]", "[[]],{},".repeat(1_000));
    from_slice::<Value>(flat.as_bytes()).expect("three levels");
    let pets = r#"{"id":1,"name":"","kind":null,"tags":[],"owner":{}}"#;
    let many = format!("[{}{pets}]", format!("{pets},").repeat(1_000));
    from_slice::<Vec<Pet>>(many.as_bytes()).expect("three levels");
}

#[test]
fn unions_within_unions_stop_when_the_work_passes_every_measure() {
    let deep = nested(r#"{"on":"#, r#","left":0,"right":0}"#, 60);
    let err = from_slice::<Maze>(deep.as_bytes()).expect_err("two ways at each of sixty levels");
    assert_eq!(err.problem(), &Problem::TooManyTrials);
    let sensible = r#"{"on":{"on":{"left":1},"right":2},"left":3}"#;
    let maze: Maze = from_slice(sensible.as_bytes()).expect("one way at each level");
    assert_eq!(to_vec(&maze), sensible.as_bytes());
}

#[test]
fn a_long_list_of_unions_is_not_taken_for_a_maze() {
    let list = format!("[{}{{\"left\":1}}]", "{\"right\":2},".repeat(100_000));
    assert_eq!(
        from_slice::<Vec<Maze>>(list.as_bytes())
            .expect("all fit")
            .len(),
        100_001
    );
}

#[test]
fn no_cut_and_no_changed_byte_makes_a_reader_panic() {
    let sound = r#" {"id":-1.0e0,"name":"a\u00e9\ud83d\ude00","kind":null,"note":null,"tags":["x","y"],"owner":{"level":7,"pets":[]},"type":"cat","scores":{"a":1.5e3},"more":[true,false,null,{"b":"\\"}]} "#;
    from_slice::<Pet>(sound.as_bytes()).expect("the body is sound before it is changed");
    for cut in 0..sound.trim_end().len() {
        from_slice::<Pet>(&sound.as_bytes()[..cut]).expect_err("a part of the body");
    }
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let signs = b"{}[]\":,\\u0019-+.eE tfn\x00\x7f\xff\xc3\xed";
    for _ in 0..20_000 {
        let mut bytes = sound.as_bytes().to_vec();
        for _ in 0..=dice.below(3) {
            let at = dice.below(bytes.len());
            bytes[at] = signs[dice.below(signs.len())];
        }
        let ours = from_slice::<Value>(&bytes).ok();
        let theirs = serde_json::from_slice::<Value>(&bytes).ok();
        // serde_json takes the last of two members with one name.
        if let (Some(ours), Some(theirs)) = (&ours, &theirs) {
            assert_eq!(ours, theirs, "{}", String::from_utf8_lossy(&bytes));
        }
        assert!(
            ours.is_none() || theirs.is_some(),
            "{}",
            String::from_utf8_lossy(&bytes)
        );
        drop(from_slice::<Pet>(&bytes));
        drop(from_slice::<Tagged>(&bytes));
        drop(from_slice::<Maze>(&bytes));
    }
}

#[test]
fn no_debug_shows_a_secret() {
    let body = format!(
        r#"{{"access_token":"{SENTINEL}","expires_in":60,"kind":"token","other":"{SENTINEL}"}}"#
    );
    let token: Token = from_slice(body.as_bytes()).expect("a token");
    assert_eq!(token.access_token.expose(), SENTINEL);
    let grant: Grant = from_slice(body.as_bytes()).expect("a token");
    let loose: Loose = from_slice(body.as_bytes()).expect("a token");
    for shown in [
        format!("{token:?} {token:#?}"),
        format!("{grant:?}"),
        format!("{loose:?}"),
    ] {
        assert!(!shown.contains(SENTINEL), "{shown}");
        assert!(
            shown.contains("other"),
            "names of undeclared members are shown: {shown}"
        );
    }
    assert_eq!(format!("{:?}", Secret::from(SENTINEL)), "Secret(..)");
}

#[test]
fn a_secret_union_does_not_keep_what_it_does_not_know() {
    let body = format!(r#"{{"access_token":"{SENTINEL}","kind":"other"}}"#);
    let err = from_slice::<Grant>(body.as_bytes()).expect_err("the tag is not declared");
    assert_eq!(err.problem(), &Problem::UnknownTag);
}

#[test]
fn no_error_shows_a_word_or_a_number_of_the_body() {
    let bodies = [
        r#"{"access_token":"s3ntin3l","expires_in":"s3ntin3l"}"#,
        r#"{"access_token":"s3ntin3l","expires_in":31337.5}"#,
        r#"{"access_token":"s3ntin3l","expires_in":31337e99}"#,
        r#"{"access_token":[31337]}"#,
        r#"{"access_token":"s3ntin3l","access_token":"s3ntin3l"}"#,
        r#"{"access_token":"s3ntin3l","s3ntin3l":1,"s3ntin3l":2}"#,
        r#"{"access_token":"s3ntin3l","s3ntin3l":{"s3ntin3l":s3ntin3l}}"#,
        r#"{"access_token":"s3ntin3l\u12"}"#,
        r#"{"access_token":"s3ntin3l"} s3ntin3l"#,
        r#"{"access_token":"s3ntin3l"#,
        r#"{"kind":"s3ntin3l"}"#,
        r#"["s3ntin3l"]"#,
        r#""s3ntin3l""#,
    ];
    for body in bodies {
        for err in [
            from_slice::<Token>(body.as_bytes())
                .err()
                .map(|err| format!("{err} {err:?} {err:#?}")),
            from_slice::<Grant>(body.as_bytes())
                .err()
                .map(|err| format!("{err} {err:?}")),
            serde_json::from_str::<Token>(body)
                .err()
                .map(|err| format!("{err} {err:?}")),
            serde_json::from_str::<Loose>(body)
                .err()
                .map(|err| format!("{err} {err:?}")),
        ]
        .into_iter()
        .flatten()
        {
            assert!(
                !err.contains(SENTINEL) && !err.contains("31337"),
                "{body}: {err}"
            );
        }
        from_slice::<Token>(body.as_bytes()).expect_err("no token");
    }
}

#[test]
fn undeclared_members_show_their_names_alone() {
    let extra: Extra = [("hint", SENTINEL), ("more", SENTINEL)]
        .into_iter()
        .collect();
    assert_eq!(format!("{extra:?}"), r#"{"hint", "more"}"#);
}

#[test]
fn a_wiped_buffer_holds_the_same_text() {
    let secret = Secret::from(SENTINEL);
    assert_eq!(*to_request(&secret), to_vec(&secret as &dyn Slot));
}
