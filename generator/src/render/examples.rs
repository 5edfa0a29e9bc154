//! Programs: one for each API that has a token endpoint.

use super::error::Error;
use super::{format, mark};
use crate::file::File;
use crate::options::Options;
use crate::plan::{Api, Gate, Operation, SpecReach};

/// What a program does, before the statements that do it.
const STEPS: [(&str, &str); 6] = [
    (
        "let mut policy",
        "A token may be renewed at once, which is good for nothing but this program.",
    ),
    ("let source", "Nothing is sent yet."),
    (
        "let token =",
        "One request, however many callers wait for it.",
    ),
    (
        "let again",
        "The token is kept until it is about to run out.",
    ),
    (
        "let _api",
        "Calls of this client are sent with the token where the API asks for one.",
    ),
    (
        "source.reject",
        "Once the API takes the token no more, the next one is had by the refresh token, or asked for anew.",
    ),
];

/// The programs, below `examples/`.
pub(super) fn files(apis: &[Api], options: &Options) -> Result<Vec<File>, Error> {
    let mut files = Vec::new();
    for api in apis {
        if let Some(op) = operation(api) {
            files.push(file(api, op, options)?);
        }
    }
    Ok(files)
}

/// What the manifest says of the programs.
pub(super) fn entries(apis: &[&Api]) -> Vec<String> {
    let with_program = apis.iter().filter_map(|api| Some((api, operation(api)?)));
    let entries = with_program.flat_map(|(api, op)| {
        let module = api.module.plain();
        let mut needed = vec![
            "blocking".to_owned(),
            "tokens".to_owned(),
            module.to_owned(),
        ];
        if let Gate::Any(names) = &op.gate {
            needed.extend(names.first().cloned());
        }
        let needed: Vec<String> = needed.iter().map(|name| format!("{name:?}")).collect();
        [
            String::new(),
            "[[example]]".to_owned(),
            format!("name = {:?}", name(api)),
            format!("required-features = [{}]", needed.join(", ")),
        ]
    });
    entries.collect()
}

fn name(api: &Api) -> String {
    format!("{}_tokens", api.module.plain())
}

/// The operation that a program is about: one that begins, and does not only refresh.
fn operation(api: &Api) -> Option<&Operation> {
    let mut tokens = api.operations.iter().filter(|op| op.token.is_some());
    let begins = tokens.clone().find(|op| op.reach == SpecReach::Own);
    begins.or_else(|| tokens.next())
}

fn file(api: &Api, op: &Operation, options: &Options) -> Result<File, Error> {
    let name = name(api);
    let lines = op
        .token
        .as_ref()
        .map(|token| token.example.as_slice())
        .unwrap_or_default();
    let lines = format::example(lines, &format!("the example `{name}`"))?;
    let imports = lines.iter().take_while(|line| !line.is_empty());
    let imports: Vec<&str> = imports.map(String::as_str).collect();
    let mut text = format!(
        "// {}\n\n//! Obtains a token by `{}`, uses it and renews it.\n//!\n//! `BASE_URL=https://… cargo run --example \
         {name} --features blocking`\n\n{}\n\nfn main() -> Result<(), Box<dyn std::error::Error>> {{\n",
        mark(&api.spec, options),
        op.method.plain(),
        imports.join("\n"),
    );
    for line in lines.iter().skip(imports.len() + 1) {
        if let Some((_, step)) = STEPS.iter().find(|(begins, _)| line.starts_with(begins)) {
            text.push_str(&format!("\n    // {step}\n"));
        }
        text.push_str(format!("    {line}").trim_end());
        text.push('\n');
    }
    text.push_str("    Ok(())\n}\n");
    Ok(File {
        path: format!("examples/{name}.rs"),
        text,
    })
}
