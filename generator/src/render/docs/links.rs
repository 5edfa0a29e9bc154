//! Where pages are, which anchors their headings have, and how types are written with links.

use crate::plan::{Api, Group, Ident, Model, Type};
use std::collections::HashMap;

/// A page of documentation.
#[derive(Clone, Copy)]
pub(super) enum Page<'a> {
    /// The list of APIs.
    Apis,
    /// The index of an API.
    Index(&'a Api),
    /// How callers of an API say who they are.
    Authorization(&'a Api),
    /// A group of operations.
    Operations(&'a Api, &'a Group),
    /// A model.
    Model(&'a Api, &'a Model),
}

impl Page<'_> {
    /// Where it is in the crate, with `/` between names.
    pub(super) fn path(self) -> String {
        match self {
            Self::Apis => "docs/README.md".to_owned(),
            Self::Index(api) => format!("docs/{}/README.md", api.module.plain()),
            Self::Authorization(api) => format!("docs/{}/authorization.md", api.module.plain()),
            Self::Operations(api, group) => {
                let (api, group) = (api.module.plain(), group.page.plain());
                format!("docs/{api}/operations/{group}.md")
            }
            Self::Model(api, model) => {
                let (api, model) = (api.module.plain(), model.module.plain());
                format!("docs/{api}/models/{model}.md")
            }
        }
    }

    /// The way from here to an anchor of another page, or to its beginning.
    pub(super) fn link(self, to: Page<'_>, anchor: &str) -> String {
        let (here, there) = (self.path(), to.path());
        match anchor {
            "" => way(&here, &there),
            anchor if here == there => format!("#{anchor}"),
            anchor => format!("{}#{anchor}", way(&here, &there)),
        }
    }

    /// The way from here to the README of the crate.
    pub(super) fn readme(self) -> String {
        way(&self.path(), "README.md")
    }
}

/// The relative way from a file to another.
fn way(here: &str, there: &str) -> String {
    let mut from: Vec<&str> = here.split('/').collect();
    from.pop();
    let mut to: Vec<&str> = there.split('/').collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    to.drain(..shared);
    let up = from.len() - shared;
    "../".repeat(up) + &to.join("/")
}

/// What links of an API lead to.
pub(super) struct Links<'a> {
    api: &'a Api,
    models: HashMap<&'a Ident, &'a Model>,
    /// Of each operation the group, and the anchor on its page.
    operations: Vec<Option<(&'a Group, String)>>,
}

impl<'a> Links<'a> {
    pub(super) fn new(api: &'a Api) -> Self {
        Self {
            api,
            models: api
                .models
                .iter()
                .map(|model| (&model.name, model))
                .collect(),
            operations: vec![None; api.operations.len()],
        }
    }

    /// Tells where the operations of a group are on its page.
    pub(super) fn found(&mut self, group: &'a Group, slugs: Vec<String>) {
        for (operation, slug) in group.operations.iter().zip(slugs) {
            self.operations[*operation] = Some((group, slug));
        }
    }

    /// The way from `page` to an operation, by its place in [`Api::operations`]. Pages of operations are written before
    /// it is known.
    pub(super) fn operation(&self, page: Page<'_>, operation: usize) -> String {
        match self.operations.get(operation).and_then(Option::as_ref) {
            Some((group, slug)) => page.link(Page::Operations(self.api, group), slug),
            None => page.link(Page::Index(self.api), "operations"),
        }
    }

    /// The API.
    pub(super) fn api(&self) -> &'a Api {
        self.api
    }

    /// A type on a page: code, with links to the pages of models.
    pub(super) fn ty(&self, page: Page<'_>, ty: &Type) -> String {
        let to = |piece: &Piece<'_>| match piece {
            Piece::Model(name) => {
                let model = self.models.get(name)?;
                Some(page.link(Page::Model(self.api, model), ""))
            }
            Piece::Runtime(_) | Piece::Text(_) => None,
        };
        linked(ty, &to)
    }
}

/// A type in docs of the module of operations: code, with links to models that rustdoc looks up. Types of the runtime
/// have none: signatures link to them, and rustdoc warns of links that a file's imports make unnecessary.
pub(in super::super) fn rustdoc_type(api: &Api, ty: &Type) -> String {
    let to = |piece: &Piece<'_>| match piece {
        Piece::Model(name) => Some(format!("crate::{}::models::{name}", api.module)),
        Piece::Runtime(_) | Piece::Text(_) => None,
    };
    linked(ty, &to)
}

/// A part of a type as it is written.
enum Piece<'a> {
    /// A type of the API.
    Model(&'a Ident),
    /// A type of the runtime.
    Runtime(&'static str),
    /// Anything else.
    Text(&'static str),
}

fn linked(ty: &Type, to: &dyn Fn(&Piece<'_>) -> Option<String>) -> String {
    let mut out = String::new();
    let mut code = String::new();
    pieces(ty, &mut |piece| {
        let name = match &piece {
            Piece::Model(name) => name.as_str(),
            Piece::Runtime(name) | Piece::Text(name) => name,
        };
        match to(&piece) {
            None => code.push_str(name),
            Some(to) => {
                end_code(&mut out, &mut code);
                out.push_str(&format!("[`{name}`]({to})"));
            }
        }
    });
    end_code(&mut out, &mut code);
    out
}

fn end_code(out: &mut String, code: &mut String) {
    if !code.is_empty() {
        out.push_str(&format!("`{code}`"));
        code.clear();
    }
}

/// Shows the parts of a type in their order.
fn pieces<'t>(ty: &'t Type, see: &mut dyn FnMut(Piece<'t>)) {
    let mut around = |before: &'static str, inner: &'t Type| {
        see(Piece::Text(before));
        pieces(inner, see);
        see(Piece::Text(">"));
    };
    match ty {
        Type::Named(name) => see(Piece::Model(name)),
        Type::List(inner) => around("Vec<", inner),
        Type::Map(inner) => around("BTreeMap<String, ", inner),
        Type::Optional(inner) => around("Option<", inner),
        Type::Boxed(inner) => around("Box<", inner),
        Type::Nullable(inner) => {
            see(Piece::Runtime("Nullable"));
            see(Piece::Text("<"));
            pieces(inner, see);
            see(Piece::Text(">"));
        }
        Type::Quoted(inner) => {
            see(Piece::Runtime("Quoted"));
            see(Piece::Text("<"));
            pieces(inner, see);
            see(Piece::Text(">"));
        }
        Type::Tuple(places) => tuple(places, see),
        Type::OpenTuple(places, rest) => {
            see(Piece::Runtime("Tuple"));
            see(Piece::Text("<"));
            tuple(places, see);
            see(Piece::Text(", "));
            pieces(rest, see);
            see(Piece::Text(">"));
        }
        plain => see(name(plain)),
    }
}

fn tuple<'t>(places: &'t [Type], see: &mut dyn FnMut(Piece<'t>)) {
    see(Piece::Text("("));
    for (index, place) in places.iter().enumerate() {
        if index > 0 {
            see(Piece::Text(", "));
        }
        pieces(place, see);
    }
    see(Piece::Text(if places.len() == 1 { ",)" } else { ")" }));
}

/// The name of a type that holds no other.
fn name(ty: &Type) -> Piece<'static> {
    match ty {
        Type::Unit => Piece::Text("()"),
        Type::Bool => Piece::Text("bool"),
        Type::I8 => Piece::Text("i8"),
        Type::I16 => Piece::Text("i16"),
        Type::I32 => Piece::Text("i32"),
        Type::I64 => Piece::Text("i64"),
        Type::U8 => Piece::Text("u8"),
        Type::U16 => Piece::Text("u16"),
        Type::U32 => Piece::Text("u32"),
        Type::U64 => Piece::Text("u64"),
        Type::F32 => Piece::Text("f32"),
        Type::F64 => Piece::Text("f64"),
        Type::String => Piece::Text("String"),
        Type::Decimal => Piece::Runtime("Decimal"),
        Type::Secret => Piece::Runtime("Secret"),
        Type::Base64 => Piece::Runtime("Base64"),
        Type::Bytes => Piece::Runtime("Bytes"),
        Type::Part => Piece::Runtime("Part"),
        Type::Multipart => Piece::Runtime("Multipart"),
        Type::Upload => Piece::Runtime("Upload"),
        Type::DateTime => Piece::Runtime("DateTime"),
        Type::Date => Piece::Runtime("Date"),
        Type::Uuid => Piece::Runtime("Uuid"),
        Type::Extra => Piece::Runtime("Extra"),
        _ => Piece::Runtime("Value"),
    }
}

/// The anchors of a page's headings, as GitHub makes them: in their order, each with its depth and its text.
pub(super) fn anchors(page: &str) -> Vec<(usize, &str, String)> {
    let mut slugs = Slugs::default();
    let mut fence: Option<&str> = None;
    let mut out = Vec::new();
    for line in page.lines() {
        let start = line.trim_start();
        let ticks = start.bytes().take_while(|byte| *byte == b'`').count();
        match fence {
            Some(open) => {
                if ticks >= open.len() && start.len() == ticks {
                    fence = None;
                }
                continue;
            }
            None if ticks >= 3 => {
                fence = Some(&start[..ticks]);
                continue;
            }
            None => {}
        }
        let depth = line.bytes().take_while(|byte| *byte == b'#').count();
        if let Some(text) = line.get(depth..).and_then(|rest| rest.strip_prefix(' '))
            && (1..=6).contains(&depth)
        {
            out.push((depth, text.trim(), slugs.claim(text)));
        }
    }
    out
}

/// The anchors of a page so far, and how often each was wanted.
#[derive(Default)]
struct Slugs(HashMap<String, usize>);

impl Slugs {
    /// The anchor of the next heading: its text in small letters, without signs and with hyphens for spaces, and a
    /// number where another has it.
    fn claim(&mut self, heading: &str) -> String {
        let wanted = slug(heading);
        let mut slug = wanted.clone();
        while self.0.contains_key(&slug) {
            let count = self.0.entry(wanted.clone()).or_default();
            *count += 1;
            slug = format!("{wanted}-{count}");
        }
        self.0.insert(slug.clone(), 0);
        slug
    }
}

/// What GitHub makes of a heading that no other heading of the page has.
pub(super) fn slug(heading: &str) -> String {
    let mut text = heading.trim().to_owned();
    // of links the text counts
    while let Some(start) = text.find("](") {
        let end = text[start..]
            .find(')')
            .map_or(text.len(), |end| start + end + 1);
        text.replace_range(start..end, "");
    }
    let kept = text.chars().filter_map(|c| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        c if c.is_alphanumeric() => Some(c),
        _ => None,
    });
    kept.flat_map(char::to_lowercase).collect()
}
