//! Bytes in, values out: objects, enumerations and unions, as the generator writes them.

use specmint_runtime as runtime;

#[path = "model/mod.rs"]
pub mod model;

use model::models::{
    Alike, Anything, Board, Cat, Closed, Dog, First, Formats, Found, Keeper, Level, Mode, Move,
    Named, Odd, Only, Open, Owner, Pet, Point, Scalar, Species, Step, Stray, Tagged, Version,
    Versioned,
};
use runtime::json::{Kind, Problem, Slot, from_slice, to_request, to_vec};
use runtime::{DecodeError, Extra, Nullable, Value};

fn text(value: &dyn Slot) -> String {
    String::from_utf8(to_vec(value)).expect("JSON is UTF-8")
}

#[track_caller]
fn read<T: Slot>(text: &str) -> T {
    from_slice(text.as_bytes()).unwrap_or_else(|err| panic!("{err}"))
}

#[track_caller]
fn refusal<T: Slot>(text: &str) -> DecodeError {
    from_slice::<T>(text.as_bytes())
        .err()
        .expect("the text is not a value of the type")
}

/// Asserts that the text is a `T` and written as it was read.
#[track_caller]
fn keeps<T: Slot>(json: &str) {
    assert_eq!(text(&read::<T>(json)), json);
}

#[test]
fn declared_members_are_written_in_declared_order_then_the_others() {
    let pet: Pet =
        read(r#"{"z":[1,{"y":null}],"type":"cat","a":"x","name":"Tom","id":1,"kind":null}"#);
    assert_eq!(
        text(&pet),
        r#"{"id":1,"name":"Tom","kind":null,"type":"cat","a":"x","z":[1,{"y":null}]}"#
    );
}

#[test]
fn absent_null_and_a_value_are_three_things_for_a_nullable_member() {
    let table = [
        (r#"{"id":1,"name":"","kind":null}"#, Nullable::Absent),
        (
            r#"{"id":1,"name":"","kind":null,"note":null}"#,
            Nullable::Null,
        ),
        (
            r#"{"id":1,"name":"","kind":null,"note":"n"}"#,
            Nullable::Value(String::from("n")),
        ),
    ];
    for (json, note) in table {
        assert_eq!(read::<Pet>(json).note, note, "{json}");
        keeps::<Pet>(json);
    }
}

#[test]
fn null_for_an_optional_member_is_absent() {
    let pet: Pet = read(r#"{"id":1,"name":"","kind":"k","tags":null,"owner":null,"type":null}"#);
    assert_eq!(text(&pet), r#"{"id":1,"name":"","kind":"k"}"#);
}

#[test]
fn a_required_member_that_is_missing_is_named() {
    let err = refusal::<Pet>(r#"{"id":1,"name":"Tom"}"#);
    assert_eq!(err.to_string(), "$: the member `kind` is missing");
    assert_eq!(err.problem(), &Problem::MissingMember { name: "kind" });
}

#[test]
fn null_for_a_required_member_that_is_not_nullable_is_refused() {
    let err = refusal::<Pet>(r#"{"id":null,"name":"Tom","kind":null}"#);
    assert_eq!(err.to_string(), "$.id: expected an integer, found null");
}

#[test]
fn a_member_that_is_there_twice_is_refused() {
    let declared = refusal::<Pet>(r#"{"id":1,"name":"a","name":"a","kind":null}"#);
    assert_eq!(
        (declared.path().as_str(), declared.problem()),
        ("$.name", &Problem::DuplicateMember)
    );
    for err in [
        refusal::<Open>(r#"{"a":1,"a":1}"#),
        refusal::<Open>(r#"{"a":1,"\u0061":1}"#),
        refusal::<Value>(r#"{"a":1,"a":1}"#),
        refusal::<Extra>(r#"{"a":1,"a":1}"#),
    ] {
        assert_eq!(
            (err.path().as_str(), err.problem()),
            ("$.*", &Problem::DuplicateMember)
        );
    }
}

#[test]
fn a_path_names_declared_members_and_indices_only() {
    let table = [
        (
            r#"{"pets":[{},{}]}"#,
            "$.pets[0]: the member `id` is missing",
        ),
        (
            r#"{"pets":[{"id":1,"name":"","kind":null,"owner":{"pets":[7]}}]}"#,
            "$.pets[0].owner.pets[0]: expected an object, found a number",
        ),
        (
            r#"{"pets":[{"id":1,"name":"","kind":null,"scores":{"hush":"x"}}]}"#,
            "$.pets[0].scores.*: expected a number, found a string",
        ),
        (
            r#"{"pets":[{"hush":{"hush":1e999}}]}"#,
            "$.pets[0].*.*: a number that f64 cannot hold",
        ),
    ];
    for (json, message) in table {
        assert_eq!(refusal::<Owner>(json).to_string(), message);
    }
    let odd = refusal::<Odd>(r#"{"é ü":"x"}"#);
    assert_eq!(odd.path(), r#"$["é ü"]"#);
}

#[test]
fn members_in_any_order_with_any_left_out_find_their_fields() {
    let pet: Pet = read(
        r#"{"scores":{"a":0.5},"tags":["x"],"kind":null,"owner":{"level":1},"name":"Tom","id":1}"#,
    );
    assert_eq!(
        text(&pet),
        r#"{"id":1,"name":"Tom","kind":null,"tags":["x"],"owner":{"level":1},"scores":{"a":0.5}}"#
    );
}

#[test]
fn names_that_need_escapes_are_read_and_written() {
    keeps::<Odd>(r#"{"a\"b\\\n":1,"é ü":2,"":3}"#);
    assert_eq!(read::<Odd>(r#"{"\u0061\"b\\\u000a":1}"#).quoted, Some(1));
}

#[test]
fn objects_without_declared_members_keep_or_skip_the_others() {
    keeps::<Open>(r#"{"a":1,"b":{"c":[]}}"#);
    keeps::<Open>("{}");
    assert_eq!(text(&read::<Closed>(r#"{"a":1,"b":{"c":[]}}"#)), "{}");
}

#[test]
fn an_undeclared_member_cannot_override_a_declared_one() {
    let mut pet: Pet = read(r#"{"id":1,"name":"Tom","kind":null}"#);
    pet.extra.insert("name", "Evil");
    pet.extra.insert("other", 1);
    assert_eq!(text(&pet), r#"{"id":1,"name":"Tom","kind":null,"other":1}"#);
}

#[test]
fn formats_are_kept_as_they_are() {
    keeps::<Formats>(
        r#"{"at":"2024-05-17T08:00:00.50+02:00","day":"2024-05-17","id":"67e55044-10b1-426f-9247-bb680e5fe0c8","bytes":"aGk=","small":-5,"any":null}"#,
    );
}

#[test]
fn a_text_that_an_enum_does_not_declare_is_kept() {
    let table = [
        (r#""cat""#, Species::Cat),
        (r#""big \"dog\"""#, Species::BigDog),
        (r#""Cat""#, Species::Unknown(String::from("Cat"))),
    ];
    for (json, species) in table {
        assert_eq!(read::<Species>(json), species);
        assert_eq!(text(&species), json);
    }
    assert_eq!(Species::from("cat"), Species::Cat);
    assert_eq!(Species::from(String::from("x")).to_string(), "x");
}

#[test]
fn an_integer_that_an_enum_does_not_declare_is_kept() {
    let table = [
        ("-1", Level::Below),
        ("1", Level::One),
        ("7", Level::Unknown(7)),
    ];
    for (json, level) in table {
        assert_eq!(read::<Level>(json), level);
        assert_eq!(text(&level), json);
        assert_eq!(level.to_string(), json);
    }
    assert_eq!(Level::from(1).value(), 1);
}

#[test]
fn a_tag_chooses_the_variant_wherever_it_stands() {
    let cat = |lives| {
        Tagged::Cat(Cat {
            pet_type: String::from("cat"),
            lives,
        })
    };
    assert_eq!(read::<Tagged>(r#"{"petType":"cat","lives":9}"#), cat(9));
    assert_eq!(
        read::<Tagged>(r#"{"other":[{"petType":"dog"}],"lives":7,"petType":"c\u0061t"}"#),
        cat(7)
    );
    keeps::<Tagged>(
        r#"{"petType":"puppy","friend":{"petType":"dog","friend":{"petType":"cat","lives":1}}}"#,
    );
    let dog = Dog {
        pet_type: String::from("dog"),
        friend: None,
    };
    assert_eq!(text(&Tagged::Dog(Box::new(dog))), r#"{"petType":"dog"}"#);
}

#[test]
fn an_unknown_tag_keeps_the_whole_value() {
    let json = r#"{"petType":"fish","fins":[1,2]}"#;
    assert!(matches!(
        read::<Tagged>(json),
        Tagged::Unknown(Value::Object(_))
    ));
    assert_eq!(
        read::<Value>(&text(&read::<Tagged>(json))),
        read::<Value>(json)
    );
}

#[test]
fn a_tag_that_is_no_text_counts_as_it_is_spelled() {
    for json in [r#"{"fins":[1,2],"petType":200}"#, r#"{"petType":true}"#] {
        assert!(matches!(read::<Tagged>(json), Tagged::Unknown(_)));
        keeps::<Tagged>(json);
    }
    let json = r#"{"version":1,"size":2}"#;
    let first = Versioned::First(Version {
        version: 1,
        size: 2,
    });
    assert_eq!(read::<Versioned>(json), first);
    assert_eq!(text(&first), json);
    let second = Versioned::Second(Version {
        version: 0,
        size: 2,
    });
    assert_eq!(text(&second), r#"{"version":2,"size":2}"#);
}

#[test]
fn a_tag_that_is_missing_or_no_scalar_is_refused() {
    let missing = refusal::<Tagged>(r#"{"lives":9}"#);
    assert_eq!(missing.to_string(), "$: the member `petType` is missing");
    let list = refusal::<Tagged>(r#"{"petType":[1]}"#);
    assert_eq!(
        list.to_string(),
        "$.petType: expected a string, found an array"
    );
    let list = refusal::<Tagged>("[]");
    assert_eq!(list.to_string(), "$: expected an object, found an array");
}

#[test]
fn an_error_within_a_tagged_variant_is_the_error_of_the_union() {
    let err = refusal::<Vec<Tagged>>(r#"[{"petType":"dog","friend":{"petType":"cat"}}]"#);
    assert_eq!(
        err.to_string(),
        "$[0].friend: the member `lives` is missing"
    );
}

#[test]
fn only_one_variant_may_fit() {
    assert_eq!(read::<Only>("5"), Only::Number(5));
    assert_eq!(
        read::<Only>(r#"{"name":"Ann"}"#),
        Only::Owner(Owner {
            name: Some(String::from("Ann")),
            ..Owner::default()
        })
    );
    let several = refusal::<Alike>("{}");
    assert_eq!(several.to_string(), "$: fits more than one of Open, Board");
    let none = refusal::<Only>("true");
    assert_eq!(none.to_string(), "$: fits none of Number, Cat, Owner");
}

#[test]
fn a_member_that_is_not_declared_speaks_against_a_closed_variant() {
    let cat = read::<Only>(r#"{"petType":"cat","lives":9}"#);
    assert!(matches!(cat, Only::Cat(_)));
    let more = read::<Move>(r#"{"kind":"cat","more":1}"#);
    assert!(matches!(more, Move::Step(_)), "{more:?}");
}

#[test]
fn a_tag_that_is_not_declared_speaks_for_another_variant() {
    let cat = read::<Keeper>(r#"{"petType":"cat","lives":9}"#);
    assert!(matches!(cat, Keeper::Tagged(Tagged::Cat(_))));
    let fish = r#"{"petType":"fish"}"#;
    assert!(matches!(read::<Keeper>(fish), Keeper::Open(_)));
    keeps::<Keeper>(fish);
}

#[test]
fn null_for_a_member_of_any_type_is_a_value() {
    let anything = |it| Anything { it };
    assert_eq!(read::<Anything>("{}"), anything(None));
    let null = r#"{"it":null}"#;
    assert_eq!(read::<Anything>(null), anything(Some(Value::Null)));
    keeps::<Anything>("{}");
    keeps::<Anything>(null);
}

#[test]
fn the_first_variant_that_fits_is_taken() {
    let cat = Cat {
        pet_type: String::from("cat"),
        lives: 9,
    };
    assert_eq!(
        read::<First>(r#"{"petType":"cat","lives":9}"#),
        First::Cat(cat)
    );
    assert_eq!(read::<First>("{}"), First::Owner(Owner::default()));
    assert_eq!(
        refusal::<First>("1").problem(),
        &Problem::NoVariant {
            tried: &["Cat", "Owner"]
        }
    );
}

#[test]
fn reading_goes_on_behind_a_union() {
    let read: Vec<First> = read(r#"[{"lives":9,"petType":"cat"} , {"name":null},{}]"#);
    assert_eq!(read.len(), 3);
}

#[test]
fn a_kind_is_said_in_words() {
    let err = refusal::<Owner>("\"x\"");
    let (expected, found) = (Kind::Object, Kind::String);
    assert_eq!(err.problem(), &Problem::Mismatch { expected, found });
}

#[test]
fn an_enum_may_hold_values_of_any_kind() {
    let table = [
        (r#""auto""#, Mode::Auto),
        ("true", Mode::On),
        ("0.5", Mode::Half),
        ("1", Mode::One),
        ("null", Mode::Unknown(Value::Null)),
        (r#""true""#, Mode::Unknown("true".into())),
    ];
    for (json, mode) in table {
        assert_eq!(read::<Mode>(json), mode);
        assert_eq!(text(&mode), json);
    }
    assert_eq!(read::<Mode>("1.0"), Mode::One);
}

#[test]
fn other_members_may_have_a_type() {
    keeps::<Board>(r#"{"id":1,"title":"a","black":1.5,"white":2.0}"#);
    let mut board: Board = read(r#"{"title":"a"}"#);
    board.extra.insert(String::from("title"), 1.0);
    assert_eq!(text(&board), r#"{"title":"a"}"#);
    let err = refusal::<Board>(r#"{"black":[]}"#);
    assert_eq!(err.to_string(), "$.*: expected a number, found an array");
    let err = refusal::<Board>(r#"{"black":1,"black":1}"#);
    assert_eq!(err.problem(), &Problem::DuplicateMember);
}

#[test]
fn what_only_the_server_sets_is_not_sent() {
    let board: Board = read(r#"{"id":1,"title":"a"}"#);
    assert_eq!(board.id, Some(1));
    assert_eq!(*to_request(&vec![board]), br#"[{"title":"a"}]"#);
}

#[test]
fn variants_without_a_tag_are_told_apart_to_the_letter() {
    assert_eq!(read::<Scalar>("5"), Scalar::Number(5.0));
    assert_eq!(read::<Scalar>(r#""5""#), Scalar::Text(String::from("5")));
    assert_eq!(
        read::<Scalar>(r#""true""#),
        Scalar::Text(String::from("true"))
    );
    assert_eq!(read::<Point>("[1,2]"), Point::Flat((1.0, 2.0)));
    assert_eq!(read::<Point>("[1,2,3]"), Point::Solid((1.0, 2.0, 3.0)));
    assert!(refusal::<Point>("[1]").to_string().contains("Flat, Solid"));
}

#[test]
fn a_value_that_is_not_declared_speaks_for_another_variant() {
    assert_eq!(read::<Named>(r#""cat""#), Named::Species(Species::Cat));
    assert_eq!(
        read::<Named>(r#""fish""#),
        Named::Text(String::from("fish"))
    );
}

#[test]
fn if_no_variant_fits_to_the_letter_the_first_that_can_be_read_is_taken() {
    let fish = Species::Unknown(String::from("fish"));
    let step = |kind, size| Move::Step(Step { kind, size });
    assert_eq!(read::<Move>(r#"{"kind":"fish"}"#), step(fish.clone(), None));
    assert_eq!(
        read::<Move>(r#"{"kind":"cat","size":"7"}"#),
        step(Species::Cat, Some(7))
    );
    assert_eq!(read::<Move>("9"), Move::Level(Level::Unknown(9)));
    assert_eq!(read::<Named>("9"), Named::Species(Species::from("9")));
    assert!(refusal::<Move>("[]").to_string().contains("Step, Level"));
}

#[test]
fn a_variant_is_written_with_a_tag_that_names_it() {
    let cat = |pet_type: &str| {
        Found::Cat(Cat {
            pet_type: String::from(pet_type),
            lives: 9,
        })
    };
    let table = [
        (
            Found::Stray(Stray { lives: None }),
            r#"{"petType":"stray"}"#,
        ),
        (
            Found::Stray(Stray { lives: Some(7) }),
            r#"{"petType":"stray","lives":7}"#,
        ),
        (cat("tabby"), r#"{"petType":"tabby","lives":9}"#),
        (cat("cat"), r#"{"petType":"cat","lives":9}"#),
        (cat("dog"), r#"{"petType":"cat","lives":9}"#),
        (cat(""), r#"{"petType":"cat","lives":9}"#),
    ];
    for (found, json) in table {
        assert_eq!(text(&found), json);
        assert_eq!(text(&vec![found]), format!("[{json}]"));
    }
}
