//! Plans in, files out.

use super::error::Error;
use super::page::{PAGES, TEMPLATES};

use super::render;
use crate::diag::Diagnostics;
use crate::file::{File, MARK};
use crate::model::{
    Api, Body, Called, Docs, Field, Kind, Limits, Media, Operation, Record, Response, Rest, Schema,
    Server, Shape, Status, StringFormat, Type, TypeId,
};
use crate::options::{Options, Runtime};
use crate::plan::plan;
use crate::pointer::Pointer;
use std::collections::BTreeSet;
use std::path::Path;

fn options() -> Options {
    let runtime = Runtime::Version("0.1.0".to_owned());
    Options::new("some-clients", runtime, "specmint generate")
}

fn called(words: &str) -> Called {
    Called(words.split(' ').map(str::to_owned).collect())
}

fn schema(kind: Kind) -> Schema {
    Schema {
        kind,
        nullable: false,
        default: None,
        limits: Limits::default(),
        xml: None,
    }
}

fn field(wire_name: &str, kind: Kind, required: bool) -> Field {
    Field {
        at: Pointer::root().push(wire_name),
        wire_name: wire_name.to_owned(),
        required,
        read_only: false,
        write_only: false,
        docs: Docs::default(),
        schema: schema(kind),
        constant: None,
    }
}

fn record(name: &str, fields: Vec<Field>) -> Type {
    Type {
        at: Pointer::root().push(name),
        called: called(name),
        named: true,
        twins: Vec::new(),
        likeness: None,
        docs: Docs::default(),
        limits: Limits::default(),
        xml: None,
        shape: Shape::Record(Record {
            fields,
            rest: Rest::Any,
        }),
    }
}

fn json(kind: Kind) -> Media {
    Media {
        at: Pointer::root(),
        media_type: "application/json".to_owned(),
        schema: Some(schema(kind)),
        in_turn: false,
        encoding: Vec::new(),
        example: None,
    }
}

fn operation(name: &str, body: Option<Media>, responses: Vec<Response>) -> Operation {
    Operation {
        at: Pointer::root().push(name),
        called: called(name),
        docs: Docs::default(),
        tags: Vec::new(),
        method: "POST".to_owned(),
        path: "/token".to_owned(),
        servers: Vec::new(),
        params: Vec::new(),
        body: body.map(|media| Body {
            at: Pointer::root(),
            required: true,
            may_be_left_out: false,
            docs: Docs::default(),
            content: vec![media],
        }),
        responses,
        security: Vec::new(),
        token: None,
        pagination: None,
    }
}

fn response(status: Status, content: Vec<Media>) -> Response {
    Response {
        at: Pointer::root(),
        status,
        description: "What it says".to_owned(),
        content,
        headers: Vec::new(),
    }
}

fn api(types: Vec<Type>, operations: Vec<Operation>) -> Api {
    let server = Server {
        at: Pointer::root(),
        called: called("main"),
        url: "/".to_owned(),
        description: None,
        variables: Vec::new(),
    };
    Api {
        title: "Pets".to_owned(),
        servers: vec![server],
        types,
        operations,
        ..Api::default()
    }
}

fn files(api: &Api) -> Vec<File> {
    let options = options();
    let plan = plan(
        api,
        "pets",
        "specs/pets.yaml",
        &options,
        &mut Diagnostics::default(),
    );
    render(&[plan], &options).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn text<'a>(files: &'a [File], path: &str) -> &'a str {
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let found = files.iter().find(|file| file.path == path);
    &found
        .unwrap_or_else(|| panic!("`{path}` is not among {paths:#?}"))
        .text
}

const TEXT: Kind = Kind::String(StringFormat::Plain);

#[test]
fn a_type_an_operation_and_its_fake_have_a_file_each() {
    let files = files(&api(
        vec![record("Pet", vec![field("name", TEXT, true)])],
        vec![operation(
            "addPet",
            Some(json(Kind::Named(TypeId(0)))),
            Vec::new(),
        )],
    ));
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "Cargo.toml",
            "README.md",
            "docs/README.md",
            "docs/pets/README.md",
            "docs/pets/authorization.md",
            "docs/pets/models/pet.md",
            "docs/pets/operations/default.md",
            "rustfmt.toml",
            "src/lib.rs",
            "src/pets/mock.rs",
            "src/pets/mock/add_pet.rs",
            "src/pets/mod.rs",
            "src/pets/models.rs",
            "src/pets/models/pet.rs",
            "src/pets/operations.rs",
            "src/pets/operations/add_pet.rs",
            "src/pets/pages.rs",
            "tests/clients.rs",
            "tests/clients/pets.rs",
        ]
    );
}

#[test]
fn the_first_line_of_every_file_holds_the_mark() {
    for runtime in [Runtime::Embedded, Runtime::Path("../runtime".to_owned())] {
        let options = Options {
            runtime,
            ..options()
        };
        let files = render(&[], &options).unwrap_or_else(|error| panic!("{error}"));
        for file in files {
            let first = file.text.lines().next().unwrap_or_default();
            assert!(first.contains(MARK), "{}: {first}", file.path);
        }
    }
}

#[test]
fn a_new_operation_changes_only_its_own_files_and_the_indexes() {
    let one = operation("addPet", None, Vec::new());
    let two = operation("removePet", None, Vec::new());
    let before = files(&api(Vec::new(), vec![one.clone()]));
    let after = files(&api(Vec::new(), vec![one, two]));
    let changed: Vec<&str> = after
        .iter()
        .filter(|file| !before.contains(file))
        .map(|file| file.path.as_str())
        .collect();
    assert_eq!(
        changed,
        [
            "docs/README.md",
            "docs/pets/README.md",
            "docs/pets/operations/default.md",
            "src/pets/mock.rs",
            "src/pets/mock/remove_pet.rs",
            "src/pets/operations.rs",
            "src/pets/operations/remove_pet.rs",
            "tests/clients/pets.rs",
        ]
    );
}

#[test]
fn types_with_names_of_the_prelude_leave_the_prelude_in_reach() {
    let fields = vec![
        field("text", TEXT, false),
        field("self", Kind::Named(TypeId(1)), false),
    ];
    let files = files(&api(
        vec![record("String", fields), record("Option", Vec::new())],
        Vec::new(),
    ));
    let string = text(&files, "src/pets/models/string.rs");
    assert!(
        string.contains("pub text: ::std::option::Option<::std::string::String>"),
        "{string}"
    );
    assert!(
        string.contains("pub self_: ::std::option::Option<Option>"),
        "{string}"
    );
}

#[test]
fn a_type_that_holds_itself_is_boxed_and_one_in_a_list_is_not() {
    let node = vec![
        field("next", Kind::Named(TypeId(0)), false),
        field(
            "children",
            Kind::List(Box::new(schema(Kind::Named(TypeId(0))))),
            true,
        ),
    ];
    let files = files(&api(vec![record("Node", node)], Vec::new()));
    let node = text(&files, "src/pets/models/node.rs");
    assert!(node.contains("pub next: Option<Box<Node>>,"), "{node}");
    assert!(node.contains("pub children: Vec<Node>,"), "{node}");
}

#[test]
fn a_cycle_of_required_members_becomes_optional_and_is_reported() {
    let types = vec![
        record("Hen", vec![field("egg", Kind::Named(TypeId(1)), true)]),
        record("Egg", vec![field("hen", Kind::Named(TypeId(0)), true)]),
    ];
    let mut diags = Diagnostics::default();
    let options = options();
    let plan = plan(
        &api(types, Vec::new()),
        "pets",
        "specs/pets.yaml",
        &options,
        &mut diags,
    );
    let files = render(&[plan], &options).unwrap_or_else(|error| panic!("{error}"));
    assert!(text(&files, "src/pets/models/hen.rs").contains("pub egg: Option<Box<Egg>>,"));
    let codes: Vec<&str> = diags
        .list()
        .iter()
        .map(|diagnostic| diagnostic.code.as_str())
        .collect();
    assert_eq!(codes, ["endless-type", "endless-type"]);
}

#[test]
fn whatever_holds_a_secret_is_neither_compared_nor_serialised() {
    let types = vec![
        record(
            "Keys",
            vec![field("key", Kind::String(StringFormat::Secret), true)],
        ),
        record(
            "Outer",
            vec![field(
                "keys",
                Kind::List(Box::new(schema(Kind::Named(TypeId(0))))),
                true,
            )],
        ),
        record("Plain", vec![field("name", TEXT, true)]),
    ];
    let files = files(&api(types, Vec::new()));
    for name in ["keys", "outer"] {
        let model = text(&files, &format!("src/pets/models/{name}.rs"));
        assert!(
            model.contains("#[derive(Clone, Debug)]") && model.contains(": secret {"),
            "{model}"
        );
    }
    let plain = text(&files, "src/pets/models/plain.rs");
    assert!(
        plain.contains("#[derive(Clone, Debug, PartialEq)]") && !plain.contains("secret"),
        "{plain}"
    );
}

#[test]
fn a_constant_is_filled_in_and_no_argument() {
    let mut grant = field("grant_type", TEXT, true);
    grant.constant = Some("client_credentials".into());
    let files = files(&api(
        vec![record("Ask", vec![grant, field("id", TEXT, true)])],
        Vec::new(),
    ));
    let ask = text(&files, "src/pets/models/ask.rs");
    assert!(
        ask.contains("pub fn new(id: impl Into<String>) -> Self"),
        "{ask}"
    );
    assert!(
        ask.contains("grant_type: String::from(\"client_credentials\"),"),
        "{ask}"
    );
    assert!(
        ask.contains("pub fn grant_type(mut self, grant_type: impl Into<String>) -> Self"),
        "{ask}"
    );
}

#[test]
fn what_only_the_server_sets_is_not_demanded() {
    let mut id = field("id", TEXT, true);
    id.read_only = true;
    let files = files(&api(
        vec![record("Pet", vec![id, field("name", TEXT, true)])],
        Vec::new(),
    ));
    let pet = text(&files, "src/pets/models/pet.rs");
    assert!(pet.contains("pub id: Option<String>,"), "{pet}");
    assert!(
        pet.contains("pub fn new(name: impl Into<String>) -> Self"),
        "{pet}"
    );
}

#[test]
fn the_four_kinds_of_presence_have_four_types() {
    let mut fields: Vec<Field> = [("a", true), ("b", true), ("c", false), ("d", false)]
        .map(|(name, required)| field(name, TEXT, required))
        .into();
    fields[1].schema.nullable = true;
    fields[3].schema.nullable = true;
    let files = files(&api(vec![record("Pet", fields)], Vec::new()));
    let pet = text(&files, "src/pets/models/pet.rs");
    for line in [
        "pub a: String,",
        "pub b: Option<String>,",
        "pub c: Option<String>,",
        "pub d: Nullable<String>,",
    ] {
        assert!(pet.contains(line), "{line}\n{pet}");
    }
    for line in [
        "\"b\" => b: required,",
        "\"c\" => c: optional,",
        "\"d\" => d: optional,",
    ] {
        assert!(pet.contains(line), "{line}\n{pet}");
    }
}

#[test]
fn statuses_that_differ_make_an_enum_and_those_that_agree_do_not() {
    let pet = || vec![json(Kind::Named(TypeId(0)))];
    let same = operation(
        "same",
        None,
        vec![
            response(Status::Code(200), pet()),
            response(Status::Code(201), pet()),
        ],
    );
    let differ = operation(
        "differ",
        None,
        vec![
            response(Status::Code(200), pet()),
            response(Status::Code(204), Vec::new()),
        ],
    );
    let files = files(&api(vec![record("Pet", Vec::new())], vec![same, differ]));
    let same = text(&files, "src/pets/operations/same.rs");
    assert!(same.contains("type Output = models::Pet;"), "{same}");
    let differ = text(&files, "src/pets/operations/differ.rs");
    assert!(differ.contains("type Output = DifferOutput;"), "{differ}");
    assert!(
        differ.contains("204 => Ok(DifferOutput::Status204),"),
        "{differ}"
    );
}

#[test]
fn a_range_leaves_out_the_statuses_that_stand_alone() {
    let statuses = [Status::Code(404), Status::Range(4), Status::Default];
    let responses = statuses.map(|status| response(status, Vec::new())).into();
    let files = files(&api(Vec::new(), vec![operation("get", None, responses)]));
    let get = text(&files, "src/pets/operations/get.rs");
    assert!(get.contains("404 => Ok(GetError::Status404),"), "{get}");
    assert!(
        get.contains("400..=403 | 405..=499 => Ok(GetError::Status4xx),"),
        "{get}"
    );
    assert!(get.contains("_ => Ok(GetError::Default),"), "{get}");
}

#[test]
fn a_path_without_its_parameter_is_left_out_and_reported() {
    let mut lost = operation("lost", None, Vec::new());
    lost.path = "/pets/{petId}".to_owned();
    let mut diags = Diagnostics::default();
    let plan = plan(
        &api(Vec::new(), vec![lost]),
        "pets",
        "specs/pets.yaml",
        &options(),
        &mut diags,
    );
    assert!(plan.operations.is_empty());
    assert_eq!(
        diags.list()[0].message,
        "`POST /pets/{petId}` has `{petId}` in its path and no parameter of that name"
    );
}

#[test]
fn templates_on_disk_are_those_in_the_table() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../templates");
    let entries = folder.read_dir().expect("the folder can be listed");
    let names = entries.map(|entry| {
        entry
            .expect("an entry can be read")
            .file_name()
            .to_string_lossy()
            .into_owned()
    });
    let on_disk: BTreeSet<String> = names.filter(|name| name.ends_with(".tera")).collect();
    let listed: BTreeSet<String> = TEMPLATES
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    assert_eq!(
        on_disk, listed,
        "correct TEMPLATES in generator/src/render/page.rs"
    );
}

#[test]
fn templates_of_new_repositories_are_those_in_the_table() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../templates/new");
    let (mut open, mut on_disk) = (vec![folder.clone()], BTreeSet::new());
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = path.read_dir().expect("the folder can be listed");
            open.extend(entries.map(|entry| entry.expect("an entry can be read").path()));
        } else {
            let name = path.strip_prefix(&folder).expect("found below the folder");
            on_disk.insert(name.display().to_string().replace('\\', "/"));
        }
    }
    let listed: BTreeSet<String> = PAGES
        .iter()
        .map(|(_, name, _)| (*name).to_owned())
        .collect();
    assert_eq!(
        on_disk, listed,
        "correct PAGES in generator/src/render/page/repository.rs"
    );
}

fn render_with_template(name: &str, content: &str) -> Result<Vec<File>, Error> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    std::fs::write(folder.path().join(name), content).expect("a file can be written");
    render(
        &[],
        &Options {
            templates: Some(folder.path().to_owned()),
            ..options()
        },
    )
}

#[test]
fn a_template_of_the_callers_takes_the_place_of_ours() {
    let files = render_with_template("README.md.tera", "<!-- {{ mark }} -->\n{{ name }}, our way");
    let files = files.unwrap_or_else(|error| panic!("{error}"));
    assert!(text(&files, "README.md").ends_with("\nsome-clients, our way\n"));
}

#[test]
fn a_mistake_in_a_template_names_template_line_and_variable() {
    let error =
        render_with_template("README.md.tera", "one\n{{ nme }}").expect_err("there is no `nme`");
    let text = error.to_string();
    for part in ["README.md.tera", "nme", "2"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_template_without_a_page_is_refused() {
    let error = render_with_template("REDME.md.tera", "x").expect_err("there is no such page");
    assert!(error.to_string().contains("REDME.md.tera"), "{error}");
}
