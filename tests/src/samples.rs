//! Which values of a document are samples, and which Rust type each has.

use serde_json::json;
use specmint::load::Source;
use specmint::samples::Sample;
use specmint::spec::Spec;

const DOCUMENT: &str = r##"
openapi: 3.0.3
info: { title: Pets, version: '1' }
paths:
  /pets/{id}:
    put:
      operationId: putPet
      parameters:
        - { name: id, in: path, required: true, schema: { type: string, format: uuid },
            example: 67e55044-10b1-426f-9247-bb680e5fe0c8 }
        - { name: page, in: query, schema: { type: integer, default: 1 } }
        - { name: api_secret, in: query, schema: { type: string }, example: hush }
      requestBody:
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Pet' }
            examples:
              rex: { value: { name: Rex } }
              named: { $ref: '#/components/examples/Named' }
          application/xml:
            schema: { $ref: '#/components/schemas/Pet' }
            example: <pet/>
      responses:
        '200':
          description: The pets
          content:
            application/json:
              schema: { type: array, items: { $ref: '#/components/schemas/Pet' } }
              example: [{ name: Rex }]
components:
  examples:
    Named: { value: { name: Bello } }
  schemas:
    Pet:
      type: object
      example: { name: Ada }
      properties:
        name: { type: string, nullable: true, example: Rex }
        born: { type: string, format: date, example: '2020-02-29' }
        cage:
          type: object
          properties: { size: { type: number, default: 2.5 } }
          example: { size: 1 }
    Example: { type: object, properties: { example: { type: integer }, default: { type: integer, example: 7 } } }
"##;

fn samples() -> Vec<Sample> {
    let spec = Spec::new(Source::new("pets.yaml", DOCUMENT));
    specmint::samples(&spec)
        .expect("the document can be read")
        .list
}

#[test]
fn every_example_and_default_has_the_type_of_its_place() {
    let found = samples();
    let found: Vec<(&str, &str, String)> = found
        .iter()
        .map(|sample| {
            let at = sample.at.as_str().trim_start_matches('/');
            (at, sample.rust_type.as_str(), sample.value.to_string())
        })
        .collect();
    #[rustfmt::skip]
    let expected = [
        ("components/examples/Named/value",                        "models::Pet",        r#"{"name":"Bello"}"#),
        ("components/schemas/Example/properties/default/example",  "i64",                "7"),
        ("components/schemas/Pet/example",                         "models::Pet",        r#"{"name":"Ada"}"#),
        ("components/schemas/Pet/properties/born/example",         "Date",               "\"2020-02-29\""),
        ("components/schemas/Pet/properties/cage/example",         "models::PetCage",    r#"{"size":1}"#),
        ("components/schemas/Pet/properties/cage/properties/size/default", "f64",        "2.5"),
        ("components/schemas/Pet/properties/name/example",         "Option<String>",     "\"Rex\""),
        ("paths/~1pets~1{id}/put/parameters/0/example",            "Uuid",               "\"67e55044-10b1-426f-9247-bb680e5fe0c8\""),
        ("paths/~1pets~1{id}/put/parameters/1/schema/default",     "i64",                "1"),
        ("paths/~1pets~1{id}/put/parameters/2/example",            "Secret",             "\"hush\""),
        ("paths/~1pets~1{id}/put/requestBody/content/application~1json/examples/rex/value", "models::Pet", r#"{"name":"Rex"}"#),
        ("paths/~1pets~1{id}/put/responses/200/content/application~1json/example", "Vec<models::Pet>", r#"[{"name":"Rex"}]"#),
    ];
    let mut found = found;
    found.sort();
    let expected: Vec<_> = expected
        .into_iter()
        .map(|(at, ty, value)| (at, ty, value.to_owned()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn the_schemas_of_a_sample_are_those_that_describe_its_place() {
    let member = samples()
        .into_iter()
        .find(|sample| sample.value == json!("2020-02-29"))
        .expect("the member has an example");
    let at = "/components/schemas/Pet/properties/born";
    assert_eq!(member.schemas.len(), 1);
    assert_eq!(member.schemas[0].as_str(), at);
}
