//! What callers of a generated crate see of limits. Compiled with the cases, by the test in `compiled.rs`.

use all_cases::what_is_sent_can_be_validated::models::{
    Ball, Bone, Food, Kind, Owner, Pet, PostNoteRequest, Rank, Toy,
};
use all_cases::what_is_sent_can_be_validated::operations::PostNoteBody;
use all_cases::what_is_sent_can_be_validated::{Client, Error};
use all_cases::runtime::transport::memory::Memory;
use all_cases::runtime::{BuildErrorKind, Violations, http};

fn client() -> Client {
    let builder = Client::builder().base_url("https://pets.example.com");
    let silent = Memory::new(|_| Ok(http::Response::default()));
    let builder = builder.expect("a URL").transport(silent);
    builder.build().expect("a client")
}

fn pet() -> Pet {
    Pet::new("Rex").code("1")
}

#[track_caller]
fn told<T>(outcome: Result<T, Violations>) -> Vec<String> {
    let found = outcome.err().expect("it breaks a limit");
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn what_keeps_to_all_limits_is_valid() {
    let pet = pet()
        .kind(Kind::Cat)
        .rank(Rank::from(-3))
        .weight(12.34)
        .tags(vec!["a".to_owned(), "b".to_owned()])
        .card("card")
        .owner(Owner::new("ann@example.com"))
        .food(Food::Integer(1))
        .toy(Toy::Bone(Bone::new()));
    assert_eq!(pet.validate(), Ok(()));
}

#[test]
fn everything_that_breaks_a_limit_is_told_at_once() {
    let ball = Ball::new().size(10);
    let mut owner = Owner::new("nobody");
    owner.extra.insert("age".to_owned(), -1);
    let friend = Pet::new("").code("1").notes([("long".to_owned(), "12345".to_owned())].into());
    let pet = Pet::new("x".repeat(31))
        .kind(Kind::from("bird"))
        .rank(Rank::from(7))
        .weight(0.005)
        .tags(vec!["a".to_owned(), "a".to_owned()])
        .card("card")
        .password("s3cret")
        .friends(vec![friend])
        .food(Food::Integer(0))
        .toy(Toy::Ball(ball));
    let expected = [
        "$.name: maxLength: 30",
        "$.password: minLength: 8",
        "$.kind: enum: cat, dog",
        "$.rank: enum: 1, 2, -3",
        "$.weight: multipleOf: 0.01",
        "$.tags: uniqueItems: true",
        "$.friends[0].name: minLength: 1",
        "$.friends[0].notes.long: maxLength: 4",
        "$.toy.size: maximum: 9",
        "$.food: minimum: 1",
        "$: required: code",
        "$: dependentRequired: card needs owner",
    ];
    let mut found = told(pet.validate());
    found.sort_by_key(|one| expected.iter().position(|known| known == one));
    assert_eq!(found, expected);
    assert_eq!(
        told(pet.owner(owner).code("1").validate())
            .into_iter()
            .filter(|one| one.starts_with("$.owner"))
            .collect::<Vec<_>>(),
        ["$.owner.mail: format: email", "$.owner.age: minimum: 0"]
    );
}

#[test]
fn a_call_looks_at_its_parameters_and_its_body() {
    let call = client()
        .put_pet("abc-12", pet())
        .limit(100)
        .x_tags(vec!["a".to_owned()]);
    let request = call.validate().expect("valid").request().expect("a request");
    assert_eq!(request.uri(), "https://pets.example.com/pets/abc-12?limit=100");

    let call = client()
        .put_pet("abc", Pet::new(""))
        .limit(101)
        .x_tags(vec![String::new()]);
    assert_eq!(
        told(call.validate()),
        [
            r"path.petId: pattern: ^[a-z]{3}-\d+$",
            "query.limit: maximum: 100",
            "header.X-Tags[0]: minLength: 1",
            "$.name: minLength: 1",
            "$: minProperties: 2",
            "$: required: code",
        ]
    );
}

#[test]
fn nothing_looks_unless_it_is_asked() {
    let call = client().put_pet("abc", Pet::new(""));
    assert!(call.request().is_ok());
}

#[test]
fn a_body_keeps_to_the_limits_of_its_media_type() {
    let json = PostNoteBody::Json(PostNoteRequest::new("long text"));
    assert_eq!(told(client().post_note(json).validate()), ["$.text: maxLength: 5"]);
    let text = PostNoteBody::Text("text".to_owned());
    assert_eq!(told(client().post_note(text).validate()), ["$: maxLength: 3"]);
}

#[test]
fn a_broken_limit_is_an_error_of_the_call() {
    let call = client().put_pet("abc", pet());
    let error: Error<()> = call.validate().expect_err("the path breaks its pattern").into();
    let Error::Build(error) = error else {
        panic!("nothing was sent: {error:?}");
    };
    assert_eq!(error.kind(), BuildErrorKind::Violations);
    assert!(error.to_string().contains("path.petId"));
}
