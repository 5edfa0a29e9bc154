//! What travels of a generated crate as XML. Compiled with the cases, by the test in `compiled.rs`.

use all_cases::a_body_may_be_json_or_xml as pets;
use all_cases::runtime::transport::memory::Memory;
use all_cases::runtime::{Body, ContentType, Error, http};
use all_cases::xml_may_say_what_kind_of_node_a_value_is as notes;
use all_cases::xml_says_how_values_stand as library;
use library::models::{Author, Book, BookBinding, Lists, Medium, Sound};
use std::fmt::Debug;

macro_rules! client {
    ($api:ident) => {
        $api::Client::builder()
            .transport(Memory::new(|_| Ok(http::Response::default())))
            .build()
            .expect("a client")
    };
}

fn answer(status: u16, media_type: &str, body: &str) -> http::Response<Body> {
    let response = http::Response::builder().status(status);
    let response = response.header("content-type", media_type);
    response.body(Body::from(body.to_owned())).expect("a response")
}

/// The media type and the text of a request, without the declaration of XML.
fn sent(request: &http::Request<Body>) -> (&str, &str) {
    let text = std::str::from_utf8(request.body().as_bytes()).expect("UTF-8");
    let text = text.strip_prefix(r#"<?xml version="1.0" encoding="UTF-8"?>"#).unwrap_or(text);
    (request.headers()["content-type"].to_str().expect("ASCII"), text)
}

fn book() -> Book {
    let mut sound = Sound::new();
    sound.minutes = Some(61.5);
    Book::new(
        7,
        "War & Peace",
        vec!["a".to_owned(), "b".to_owned()],
        "12.50".parse().expect("a price"),
        None,
    )
    .lang("ru")
    .author(Author::new().name("Leo"))
    .editor(Author::new().born(1828))
    .binding(BookBinding::Hard)
    .medium(Medium::Sound(sound))
}

#[test]
fn names_namespaces_attributes_and_wrapped_lists_are_written_as_the_document_says() {
    let request = client!(library).add_book(book()).request().expect("a request");
    let expected = "<l:book xmlns:l=\"urn:library\" id=\"7\" xml:lang=\"ru\"><l:Title>War &amp; Peace</l:Title>\
        <Author><name>Leo</name></Author><Editor><born>1828</born></Editor>\
        <tags><tag>a</tag><tag>b</tag></tags><price>12.50</price>\
        <lent xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/>\
        <binding>hard</binding><medium kind=\"Sound\"><minutes>61.5</minutes></medium></l:book>";
    assert_eq!(sent(&request), ("application/xml", expected));
    let raw = answer(200, "application/vnd.library+xml", sent(&request).1);
    let answered = library::operations::AddBook::response(raw).expect("a book");
    assert_eq!(*answered, book());
}

#[test]
fn lists_stand_as_the_document_says() {
    let lists = Lists::new()
        .plain(vec!["a".to_owned(), "b".to_owned()])
        .called(vec!["c".to_owned()])
        .wrapped(vec![1, 2])
        .both(vec![3])
        .outer(vec![true])
        .nested(vec![vec![1, 2], vec![3]])
        .rest([("k".to_owned(), vec!["v".to_owned(), "w".to_owned()])].into());
    let request = client!(library).put_lists(lists.clone()).request().expect("a request");
    let expected = "<Lists><plain>a</plain><plain>b</plain><item>c</item>\
        <wrapped><wrapped>1</wrapped><wrapped>2</wrapped></wrapped><all><one>3</one></all>\
        <all_of_them><all_of_them>true</all_of_them></all_of_them>\
        <nested><nested>1</nested><nested>2</nested></nested><nested><nested>3</nested></nested>\
        <rest><k>v</k><k>w</k></rest></Lists>";
    assert_eq!(sent(&request).1, expected);
    let raw = answer(200, "application/xml", expected);
    assert_eq!(*library::operations::PutLists::response(raw).expect("lists"), lists);
}

#[test]
fn a_nameless_object_with_one_member_is_that_member() {
    use library::models::{PutConfigurationRequest, PutConfigurationRequestConfiguration};
    let configuration = PutConfigurationRequestConfiguration::new().place("here");
    let body = PutConfigurationRequest::new().configuration(configuration);
    let request = client!(library).put_configuration().body(body).request().expect("a request");
    let expected = "<Configuration><Place>here</Place></Configuration>";
    assert_eq!(sent(&request), ("text/xml", expected));
    let raw = answer(200, "text/xml", "<sizes><a>1</a><b>2</b></sizes>");
    let sizes = library::operations::PutConfiguration::response(raw).expect("sizes");
    assert_eq!(sizes.get("b"), Some(&2));
}

#[test]
fn texts_cdata_lists_in_attributes_and_objects_without_an_element_are_written() {
    use notes::models::{Note, NoteRange, Script, ScriptEither};
    let script = Script::new("a < b").either(ScriptEither::Integer(5));
    let note = Note::new("hi")
        .lang("en")
        .ids(vec![1, 2])
        .script(script)
        .range(NoteRange::new().with_from(1).to(2))
        .entries(vec!["x".to_owned()]);
    let request = client!(notes).add_note(note).request().expect("a request");
    let expected = "<note lang=\"en\" ids=\"1 2\">hi<Code><![CDATA[a < b]]><either>5</either></Code>\
        <from>1</from><to>2</to><entries><entry>x</entry></entries></note>";
    assert_eq!(sent(&request).1, expected);
}

#[test]
fn one_type_travels_as_json_form_or_xml_as_the_caller_says() {
    let client = client!(pets);
    let pet = || pets::models::Pet::new("Rex").id(1);
    let json = client.add_pet(pet()).request().expect("a request");
    assert_eq!(sent(&json), ("application/json", r#"{"id":1,"name":"Rex"}"#));
    let xml = client.add_pet(pet()).content_type(ContentType::XML).request().expect("a request");
    assert_eq!(sent(&xml), ("application/xml", "<pet id=\"1\"><name>Rex</name></pet>"));
    let form = client.add_pet(pet()).content_type(ContentType::FORM).request().expect("a request");
    assert_eq!(sent(&form).1, "id=1&name=Rex");
}

#[test]
fn an_answer_is_read_as_what_it_is() {
    use pets::operations::{AddPet, ListPets};
    let table = [
        ("application/json", r#"[{"id": 1, "name": "Rex"}]"#),
        ("application/xml", "<pets><pet id=\"1\"><name>Rex</name></pet></pets>"),
        ("text/xml; charset=utf-8", "<pets><pet id=\"1\"><name>Rex</name></pet></pets>"),
        ("text/plain", "<?xml version=\"1.0\"?>\n<pets>\n  <pet id=\"1\">\n    <name>Rex</name>\n  </pet>\n</pets>\n"),
        ("text/plain", r#" [{"id": 1, "name": "Rex"}]"#),
    ];
    for (media_type, body) in table {
        let pets = ListPets::response(answer(200, media_type, body)).expect(body);
        assert_eq!(*pets, [pets::models::Pet::new("Rex").id(1)], "{media_type} {body}");
    }
    let refused = AddPet::response(answer(400, "text/xml", "<Problem><detail>no</detail></Problem>"));
    let Err(Error::Api(error)) = refused else { panic!("an error of the API") };
    assert!(told(error.body()).contains("no"));
}

#[test]
fn a_failure_names_the_member_and_not_its_value() {
    let raw = answer(200, "application/xml", "<pet id=\"s3cret\"><name>Rex</name></pet>");
    let error = pets::operations::AddPet::response(raw).expect_err("no number");
    assert!(told(&error).contains("$.id"), "{error:?}");
    assert!(!told(&error).contains("s3cret"));
}

#[test]
fn what_xml_cannot_say_is_an_error_before_sending() {
    let pet = pets::models::Pet::new("\u{1}");
    let call = client!(pets).add_pet(pet).content_type(ContentType::XML);
    assert!(call.request().is_err());
}

fn told(error: &dyn Debug) -> String {
    format!("{error:?}")
}
