//! The module `mock` of an API: its fake, and a file for the fake of each operation.

use super::client::doctest;
use super::code::{Models, Place, cfg, rust_type};
use super::error::Error;
use super::imports::Imports;
use super::{Module, format};
use crate::file::File;
use crate::plan::{
    Explode, Fake, FakeAnswer, FakeKind, FakeParam, FakeReply, Gate, Location, Need, Operation,
    ParamShape, Type, XmlRoot,
};
use std::fmt::Write as _;

/// `mock.rs` of an API and the files below it; nothing for an API without operations.
pub(super) fn files(module: &Module<'_>) -> Result<Vec<File>, Error> {
    if module.api.operations.is_empty() {
        return Ok(Vec::new());
    }
    let mut files = vec![index(module)?];
    for op in &module.api.operations {
        files.push(file(module, op)?);
    }
    Ok(files)
}

fn index(module: &Module<'_>) -> Result<File, Error> {
    let api = module.api;
    let mut sorted: Vec<&Operation> = api.operations.iter().collect();
    sorted.sort_by(|a, b| a.module.cmp(&b.module));
    let modules: String = sorted
        .iter()
        .map(|op| format!("{}mod {};\n", cfg(&op.gate), op.module))
        .collect();
    let operations: String = api
        .operations
        .iter()
        .map(|op| {
            let gate = cfg(&op.gate);
            let gate = gate.strip_suffix('\n').map(|gate| format!("{gate} "));
            format!("        {}{},\n", gate.unwrap_or_default(), op.name)
        })
        .collect();
    let server = format!(
        "crate::runtime::fake_server! {{\n    /// A fake of the API, with a method for each of its operations.\n    \
         [\n{operations}    ]\n}}\n",
    );
    let mut lines = about();
    if let Some(shown) = api.shown_with_fake() {
        let thing = format!("the fake of `{}`", api.module);
        let example = format::example(&shown.fake.example, &thing)?;
        lines.extend(example_test(&example, &shown.gate));
    }
    module.rust("mock.rs", lines, Vec::new(), vec![modules, server])
}

fn about() -> Vec<String> {
    let lines = [
        "A fake of the API, for tests of programs that call it: no vendor, no network, no account.",
        "",
        "It listens on this machine and answers what the API's description declares. A test may tell it more,",
        "operation by operation: other answers, one after the other, delays, faults. It refuses what the",
        "description does not allow, counts requests, and shows what was asked: see",
        "[`Route`](crate::runtime::mock::Route) and [`FakeServer`](crate::runtime::mock::FakeServer).",
    ];
    lines.into_iter().map(str::to_owned).collect()
}

/// The lines of an example that is run, where calls can be sent.
fn example_test(example: &[String], gate: &Gate) -> Vec<String> {
    let lines = doctest(example, gate);
    lines
        .into_iter()
        .map(|line| match line.as_str() {
            "```no_run" => "```".to_owned(),
            "# async fn example() -> Result<(), Box<dyn std::error::Error>> {" => {
                "# #[cfg(feature = \"blocking\")] fn main() -> Result<(), Box<dyn std::error::Error>> {"
                    .to_owned()
            }
            "# }" => "# }\n# #[cfg(not(feature = \"blocking\"))] fn main() {}".to_owned(),
            _ => line,
        })
        .flat_map(|line| line.split('\n').map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

/// The file of one operation's fake.
fn file(module: &Module<'_>, op: &Operation) -> Result<File, Error> {
    let imports = Imports::default();
    let cx = Cx {
        module,
        place: Place {
            imports: &imports,
            models: Models::Qualified,
        },
    };
    let text = fake(cx, op, &op.fake);
    let path = format!("mock/{}.rs", op.module.plain());
    module.rust(&path, Vec::new(), imports.items(), vec![text])
}

#[derive(Clone, Copy)]
struct Cx<'a> {
    module: &'a Module<'a>,
    place: Place<'a>,
}

impl Cx<'_> {
    /// A type as people write it.
    fn ty(self, ty: &Type) -> String {
        let mut is_named = false;
        ty.each_name(&mut |_| is_named = true);
        if is_named {
            let api = format!("crate::{}", self.module.api.module);
            self.place.imports.take(&api, "models");
        }
        let text = rust_type(self.place, ty).to_string();
        text.replace(' ', "").replace(',', ", ")
    }

    /// The root of XML, behind its word; nothing for what is none.
    fn xml(self, root: Option<&XmlRoot>) -> String {
        let Some(root) = root else {
            return String::new();
        };
        let models = format!("crate::{}::models", self.module.api.module);
        let root = super::xml::root("crate::runtime::xml", &models, root);
        format!(" xml {root}")
    }

    fn kind(self, kind: &FakeKind) -> String {
        match kind {
            FakeKind::Nothing => "nothing".to_owned(),
            FakeKind::Slot(ty) => format!("slot({})", self.ty(ty)),
            FakeKind::Text => "text".to_owned(),
            FakeKind::Bytes => "bytes".to_owned(),
        }
    }
}

/// The macro that is an operation's fake, set as people set it.
fn fake(cx: Cx<'_>, op: &Operation, fake: &Fake) -> String {
    let api = &cx.module.api.module;
    let method = &op.method;
    let mut out = format!(
        "crate::runtime::fake_operation! {{\n    /// The fake of \
         [`Client::{}`](crate::{api}::Client::{method}).\n    {method}: crate::{api}::operations::{} {{\n",
        method.plain(),
        op.name
    );
    let need = need(fake.body.need);
    let _ = writeln!(out, "        body: {need} {},", cx.kind(&fake.body.kind));
    list(&mut out, "params", &fake.params, |out, one| {
        param(cx, out, one);
    });
    list(&mut out, "answers", &fake.answers, answer);
    list(&mut out, "replies", &fake.replies, |out, one| {
        reply(cx, out, one);
    });
    out.push_str("    }\n}\n");
    out
}

fn list<T>(out: &mut String, name: &str, items: &[T], write: impl Fn(&mut String, &T)) {
    if items.is_empty() {
        let _ = writeln!(out, "        {name}: [],");
        return;
    }
    let _ = writeln!(out, "        {name}: [");
    for item in items {
        out.push_str("            ");
        write(out, item);
        out.push_str(",\n");
    }
    out.push_str("        ],\n");
}

fn need(need: Need) -> &'static str {
    match need {
        Need::Required => "Required",
        Need::Optional => "Optional",
    }
}

fn param(cx: Cx<'_>, out: &mut String, param: &FakeParam) {
    let location = match param.location {
        Location::Path => "Path",
        Location::Query => "Query",
        Location::Header => "Header",
        Location::Cookie => "Cookie",
    };
    let shape = match param.shape {
        ParamShape::One => "One",
        ParamShape::Many => "Many",
        ParamShape::Wide => "Wide",
        ParamShape::Other => "Other",
    };
    let explode = match param.explode {
        Explode::Yes => "Yes",
        Explode::No => "No",
    };
    let _ = write!(
        out,
        "({location} {:?}, {}, {:?}, {explode}, {shape}, {})",
        param.wire_name,
        need(param.need),
        param.style,
        cx.ty(&param.ty)
    );
}

fn answer(out: &mut String, answer: &FakeAnswer) {
    let (first, last) = answer.statuses;
    let headers: Vec<String> = answer
        .headers
        .iter()
        .map(|header| format!("{header:?}"))
        .collect();
    let _ = write!(
        out,
        "({first}..={last}, {}, {:?}, [{}], {})",
        answer.status,
        answer.media_type,
        headers.join(", "),
        raw(&answer.body)
    );
}

/// A text as Rust has it, without escapes if it may be.
fn raw(text: &str) -> String {
    // what `Debug` escapes beside quotes and backslashes turns the direction of reading, or cannot be seen
    let is_seen = |c: char| matches!(c, '"' | '\'' | '\\') || c.escape_debug().count() == 1;
    match text.contains('"') && !text.contains("\"#") && text.chars().all(is_seen) {
        true => format!("r#\"{text}\"#"),
        false => format!("{text:?}"),
    }
}

fn reply(cx: Cx<'_>, out: &mut String, reply: &FakeReply) {
    let ty = match &reply.kind {
        FakeKind::Nothing => "nothing ()".to_owned(),
        FakeKind::Slot(ty) => format!("slot {}", cx.ty(ty)),
        FakeKind::Text => format!("slot {}", cx.ty(&Type::String)),
        FakeKind::Bytes => format!("bytes {}", cx.ty(&Type::Bytes)),
    };
    let declared: Vec<String> = reply
        .declared
        .iter()
        .map(|((first, last), media_type)| format!("({first}..={last}, {media_type:?})"))
        .collect();
    let xml = cx.xml(reply.xml.as_ref());
    let _ = write!(out, "{ty}: [{}]{xml}", declared.join(", "));
}
