//! Tests of the generated crate: that fakes answer what clients read, and that clients, calls and their futures go
//! from thread to thread.

use super::code::cfg;
use super::error::Error;
use super::{crate_mark, format, mark};
use crate::file::File;
use crate::options::Options;
use crate::plan::{Api, Deprecation, Operation};
use std::fmt::Write as _;

/// The tests: `tests/clients.rs`, and below it a file for each API with operations.
pub(super) fn files(apis: &[Api], options: &Options) -> Result<Vec<File>, Error> {
    let mut sorted: Vec<&Api> = apis
        .iter()
        .filter(|api| !api.operations.is_empty())
        .collect();
    sorted.sort_by(|a, b| a.module.cmp(&b.module));
    if sorted.is_empty() {
        return Ok(Vec::new());
    }
    let mut files = vec![index(&sorted, options)];
    for api in sorted {
        files.push(file(api, options)?);
    }
    Ok(files)
}

fn index(apis: &[&Api], options: &Options) -> File {
    let modules: String = apis
        .iter()
        .map(|api| {
            let file = format!("clients/{}.rs", api.module.plain());
            let module = &api.module;
            format!(
                "#[cfg(feature = {:?})]\n#[path = {file:?}]\nmod {module};\n",
                api.frame
            )
        })
        .collect();
    let text = format!(
        "// {}\n\n//! What holds of every client: it goes from thread to thread, and reads what its fake answers.\n\n\
         {modules}{THREADS}",
        crate_mark(options)
    );
    File {
        path: "tests/clients.rs".to_owned(),
        text,
    }
}

/// What the tests of threads ask of a type. Without an API nobody asks.
const THREADS: &str = r#"
/// Compiles for what threads may share.
#[allow(dead_code, reason = "the APIs that use it are features")]
fn shared<T: Send + Sync>() {}

/// Compiles for a call that goes from thread to thread, and its future, its answer and its errors as well.
#[allow(dead_code, reason = "the operations that use it are features")]
fn call<C>()
where
    C: IntoFuture + Send,
    C::IntoFuture: Send,
    C::Output: Send + Sync,
{
}
"#;

fn file(api: &Api, options: &Options) -> Result<File, Error> {
    let module = api.module.plain();
    let krate = options.name.replace('-', "_");
    let mut text = format!(
        "// {}\n\n//! What holds of the client of `{module}`.\n\n#[test]\nfn \
         the_client_its_calls_and_their_answers_go_from_thread_to_thread() {{\n    use {krate}::{}::{{Client, \
         ClientBuilder}};\n    super::shared::<Client>();\n    super::shared::<ClientBuilder>();\n",
        mark(&api.spec, options),
        api.module,
    );
    let mut sorted: Vec<&Operation> = api.operations.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    for op in sorted {
        for line in cfg(&op.gate).lines() {
            let _ = writeln!(text, "    {line}");
        }
        let path = format!("{krate}::{}::operations::{}", api.module, op.name);
        let _ = writeln!(text, "    super::call::<{path}>();");
    }
    text.push_str("}\n");
    text.push_str(&fake(api, &krate)?);
    Ok(File {
        path: format!("tests/clients/{module}.rs"),
        text,
    })
}

/// The tests of the API's fake.
fn fake(api: &Api, krate: &str) -> Result<String, Error> {
    let mut text = "
/// Without the vendor, the network and an account.
#[cfg(all(feature = \"blocking\", feature = \"mock\"))]
mod fake {
    use std::error::Error;

"
    .to_owned();
    if let Some(shown) = api.shown_with_fake() {
        let thing = format!("the test of `{}`", api.module);
        let lines = format::example(&shown.fake.example, &thing)?;
        let deprecated = match shown.deprecated {
            Deprecation::Deprecated => {
                "#[allow(deprecated, reason = \"the API advises against it\")]\n"
            }
            Deprecation::Current => "",
        };
        for line in cfg(&shown.gate).lines().chain(deprecated.lines()) {
            let _ = writeln!(text, "    {line}");
        }
        text.push_str(
            "    #[test]\n    fn a_program_is_tested_without_the_vendor() -> Result<(), Box<dyn Error>> {\n",
        );
        for line in &lines {
            text.push_str(format!("        {line}").trim_end());
            text.push('\n');
        }
        text.push_str("        Ok(())\n    }\n\n");
    }
    let _ = write!(
        text,
        "    #[test]
    fn the_client_reads_every_answer_that_the_document_shows() -> Result<(), Box<dyn Error>> {{
        let server = {krate}::{}::mock::Server::new()?;
        assert_eq!(server.mismatches(), []);
        Ok(())
    }}
}}
",
        api.module
    );
    Ok(text)
}
