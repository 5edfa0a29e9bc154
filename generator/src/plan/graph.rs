//! How the types of an API contain each other: what needs a box, what holds a secret, what is sent.

mod cycles;

use self::cycles::{cycles, walk};
use super::media;
use crate::diag::{Code, Diagnostics};
use crate::model::{Api, Field, Kind, Schema, Shape, StringFormat, Type, TypeId};

/// What follows from how types contain each other, by [`TypeId`].
#[derive(Debug)]
pub(super) struct Graph {
    /// The cycle that a type is on by direct containment, if it is on one.
    cycle: Vec<Option<usize>>,
    /// The cycle of required members alone that a type is on.
    endless: Vec<Option<usize>>,
    /// Aliases that lead to themselves.
    endless_alias: Vec<bool>,
    /// Types with a secret inside.
    secret: Vec<bool>,
    /// Types that requests hold, and those that nothing holds.
    sent: Vec<bool>,
    /// Types that responses hold, and those that nothing holds.
    received: Vec<bool>,
    /// Types that requests hold.
    requested: Vec<bool>,
    /// Types whose raw members are parts of `multipart` bodies.
    parted: Vec<bool>,
    /// Those of them that stand nowhere else.
    only_parted: Vec<bool>,
    /// How deep types stand inside each other.
    nesting: usize,
}

impl Graph {
    /// Looks at every type once, and reports those that could never have a value.
    pub(super) fn new(api: &Api, diags: &mut Diagnostics) -> Self {
        let mentions: Vec<Vec<usize>> = api.types.iter().map(mentioned).collect();
        let aliases = edges(api, |ty| {
            if is_alias(ty) {
                mentioned(ty)
            } else {
                Vec::new()
            }
        });
        let endless_alias: Vec<bool> = cycles(&aliases).iter().map(Option::is_some).collect();
        let (requested, answered) = ways(api);
        // what neither holds counts as both
        let (sent, received): (Vec<bool>, Vec<bool>) = requested
            .iter()
            .zip(&answered)
            .map(|(sent, received)| (*sent || !received, *received || !sent))
            .unzip();
        let parted = parted(api, &answered);
        let direct = Direct {
            api,
            endless: &endless_alias,
            ways: Ways(&sent, &received, &parted),
        };
        let held = |needed| {
            let of = |id| direct.of(TypeId(id), needed);
            cycles(&(0..api.types.len()).map(of).collect::<Vec<_>>())
        };
        let (cycle, endless) = (held(Needed::OrNot), held(Needed::Always));
        let graph = Self {
            secret: secrets(api, &mentions),
            sent,
            received,
            requested,
            only_parted: only(&parted, &elsewhere(api, &mentions)),
            parted,
            nesting: nesting(api, &mentions),
            cycle,
            endless,
            endless_alias,
        };
        graph.report(api, diags);
        graph
    }

    fn report(&self, api: &Api, diags: &mut Diagnostics) {
        for (index, ty) in api.types.iter().enumerate() {
            if self.endless_alias[index] {
                let message = "the schema is nothing but itself, and is read as any value";
                diags.report(Code::EndlessAlias, &ty.at, message);
            }
            if self.endless[index].is_some() {
                let message =
                    "the type requires itself without end; the members that lead back are optional";
                diags.report(Code::EndlessType, &ty.at, message);
            }
        }
    }

    /// At most how many types stand inside each other, those of the standard library among them.
    pub(super) fn nesting(&self) -> usize {
        self.nesting
    }

    /// Whether a value of `to` directly inside a value of `from` needs a box.
    pub(super) fn needs_box(&self, from: TypeId, to: TypeId) -> bool {
        self.cycle[from.0].is_some() && self.cycle[from.0] == self.cycle[to.0]
    }

    /// Whether a required member of `from` that holds `to` must be optional, or there is no end.
    pub(super) fn is_endless(&self, from: TypeId, to: TypeId) -> bool {
        self.endless[from.0].is_some() && self.endless[from.0] == self.endless[to.0]
    }

    /// Whether this alias leads to itself.
    pub(super) fn is_endless_alias(&self, id: TypeId) -> bool {
        self.endless_alias[id.0]
    }

    /// Whether there is a secret inside.
    pub(super) fn is_secret(&self, id: TypeId) -> bool {
        self.secret[id.0]
    }

    /// Whether a member can be relied on: what only servers or only callers give, the other side cannot be
    /// asked for. Raw bytes travel beside the members, as files.
    pub(super) fn demands(&self, owner: TypeId, field: &Field) -> bool {
        Ways(&self.sent, &self.received, &self.parted).demands(owner, field)
    }

    /// Whether the raw members of a type are parts of `multipart` bodies.
    pub(super) fn is_parted(&self, id: TypeId) -> bool {
        self.parted[id.0]
    }

    /// Whether a type is the whole of `multipart` bodies and stands nowhere else, so that a member of no type is a
    /// part: there it is any bytes (OpenAPI 3.1, Encoding Object, `contentType`).
    pub(super) fn is_only_parted(&self, id: TypeId) -> bool {
        self.only_parted[id.0]
    }

    /// Whether a request can hold a value of it.
    pub(super) fn is_requested(&self, id: TypeId) -> bool {
        self.requested[id.0]
    }

    /// Whether servers make values of it.
    pub(super) fn is_received(&self, id: TypeId) -> bool {
        self.received[id.0]
    }

    /// Whether callers make values of it.
    pub(super) fn is_sent(&self, id: TypeId) -> bool {
        self.sent[id.0]
    }
}

/// The types that a schema holds in place, through aliases and tuples. Lists and maps hold theirs elsewhere.
pub(super) fn held(api: &Api, schema: &Schema, needed: Needed) -> Vec<TypeId> {
    let mut out = Vec::new();
    let mut open = vec![schema];
    let mut steps = 0;
    while let Some(schema) = open.pop() {
        steps += 1;
        if steps > STEPS || (needed == Needed::Always && super::models::is_nullable(api, schema)) {
            continue;
        }
        match &schema.kind {
            Kind::Named(id) => match &api.types[id.0].shape {
                Shape::Alias(schema) => open.push(schema),
                _ => out.push(*id),
            },
            Kind::Tuple(places, _) => open.extend(places),
            _ => {}
        }
    }
    out
}

/// How far aliases and tuples are followed: those that lead to themselves have no end.
const STEPS: usize = 10_000;

/// Which of the types that a value holds are meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Needed {
    /// Those without which there is no value.
    Always,
    /// All.
    OrNot,
}

/// Which types requests hold, which responses, and which are made of parts.
#[derive(Clone, Copy)]
struct Ways<'a>(&'a [bool], &'a [bool], &'a [bool]);

impl Ways<'_> {
    fn demands(self, owner: TypeId, field: &Field) -> bool {
        let Ways(sent, received, parted) = self;
        let is_raw = field.schema.kind == Kind::String(StringFormat::Binary);
        let file = is_raw && !parted[owner.0];
        let unsent = field.read_only && sent[owner.0];
        let hidden = field.write_only && received[owner.0];
        field.required && !(file || unsent || hidden)
    }
}

struct Direct<'a> {
    api: &'a Api,
    endless: &'a [bool],
    ways: Ways<'a>,
}

impl Direct<'_> {
    /// The types that a value of type `id` holds in place.
    fn of(&self, id: TypeId, needed: Needed) -> Vec<usize> {
        let targets = |schema: &Schema| match schema.kind {
            Kind::Named(id) if self.endless[id.0] => Vec::new(),
            _ => held(self.api, schema, needed),
        };
        let index = |id: TypeId| id.0;
        match &self.api.types[id.0].shape {
            Shape::Record(record) => record
                .fields
                .iter()
                .filter(|field| needed == Needed::OrNot || self.ways.demands(id, field))
                .flat_map(|field| targets(&field.schema))
                .map(index)
                .collect(),
            Shape::Union(union) if needed == Needed::OrNot => union
                .variants
                .iter()
                .flat_map(|variant| targets(&variant.schema))
                .map(index)
                .collect(),
            Shape::Union(_) | Shape::Enum(_) | Shape::Alias(_) => Vec::new(),
        }
    }
}

fn is_alias(ty: &Type) -> bool {
    matches!(ty.shape, Shape::Alias(_))
}

fn edges(api: &Api, of: impl Fn(&Type) -> Vec<usize>) -> Vec<Vec<usize>> {
    api.types.iter().map(of).collect()
}

/// Every schema that a type holds, of the members that count.
fn schemas(ty: &Type, counts: fn(&Field) -> bool) -> Vec<&Schema> {
    match &ty.shape {
        Shape::Record(record) => {
            let rest = match &record.rest {
                crate::model::Rest::Typed(schema) => Some(&**schema),
                crate::model::Rest::Any | crate::model::Rest::Closed => None,
            };
            record
                .fields
                .iter()
                .filter(|field| counts(field))
                .map(|field| &field.schema)
                .chain(rest)
                .collect()
        }
        Shape::Union(union) => union
            .variants
            .iter()
            .map(|variant| &variant.schema)
            .collect(),
        Shape::Alias(schema) => vec![schema],
        Shape::Enum(_) => Vec::new(),
    }
}

/// The types that `ty` names, anywhere.
fn mentioned(ty: &Type) -> Vec<usize> {
    named_by(&schemas(ty, |_| true))
}

fn named_by(schemas: &[&Schema]) -> Vec<usize> {
    let mut out = Vec::new();
    for schema in schemas {
        visit(schema, &mut |kind, _| {
            if let Kind::Named(id) = kind {
                out.push(id.0);
            }
        });
    }
    out
}

fn nesting(api: &Api, mentions: &[Vec<usize>]) -> usize {
    // a struct, an `Option` and at least one `Box` or `Vec`, of which each is made of four
    let of = |ty| {
        let lists = schemas(ty, |_| true).into_iter().map(lists_in_lists);
        2 + 4 * lists.max().unwrap_or(0).max(1)
    };
    let weights: Vec<usize> = api.types.iter().map(of).collect();
    let ways = walk(mentions, &weights).weight;
    ways.into_iter().max().unwrap_or(0)
}

fn lists_in_lists(schema: &Schema) -> usize {
    let mut deepest = 0;
    visit(schema, &mut |_, depth| deepest = deepest.max(depth));
    deepest
}

/// Shows every kind inside a schema, itself first, with how many lists, maps and tuples it stands in.
fn visit<'a>(schema: &'a Schema, see: &mut impl FnMut(&'a Kind, usize)) {
    let mut open = vec![(schema, 0)];
    while let Some((schema, depth)) = open.pop() {
        see(&schema.kind, depth);
        match &schema.kind {
            Kind::List(inner) | Kind::Map(inner) => open.push((inner, depth + 1)),
            Kind::Tuple(places, rest) => {
                let inside = places.iter().chain(rest.as_deref());
                open.extend(inside.map(|inner| (inner, depth + 1)));
            }
            _ => {}
        }
    }
}

/// Types with a secret in themselves or in what they name.
fn secrets(api: &Api, mentions: &[Vec<usize>]) -> Vec<bool> {
    let own = |ty: &Type| {
        let mut found = false;
        for schema in schemas(ty, |_| true) {
            visit(schema, &mut |kind, _| {
                found |= *kind == Kind::String(StringFormat::Secret)
            });
        }
        found
    };
    let mut users = vec![Vec::new(); mentions.len()];
    for (user, used) in mentions.iter().enumerate() {
        for used in used {
            users[*used].push(user);
        }
    }
    let start = api
        .types
        .iter()
        .enumerate()
        .filter(|(_, ty)| own(ty))
        .map(|(index, _)| index);
    reach(start.collect(), &users)
}

/// Types that requests hold, and those that responses hold.
fn ways(api: &Api) -> (Vec<bool>, Vec<bool>) {
    let (mut requests, mut responses) = (Vec::new(), Vec::new());
    for operation in &api.operations {
        let body = operation.body.iter().flat_map(|body| &body.content);
        let bodies = body.filter_map(|media| media.schema.as_ref());
        for schema in bodies.chain(operation.params.iter().map(|param| &param.schema)) {
            names_in(schema, &mut requests);
        }
        for response in &operation.responses {
            let bodies = response
                .content
                .iter()
                .filter_map(|media| media.schema.as_ref());
            for schema in bodies.chain(response.headers.iter().map(|header| &header.schema)) {
                names_in(schema, &mut responses);
            }
        }
    }
    let along = |goes: fn(&Field) -> bool| edges(api, |ty| named_by(&schemas(ty, goes)));
    let requests = reach(requests, &along(|field| !field.read_only));
    let responses = reach(responses, &along(|field| !field.write_only));
    (requests, responses)
}

/// Types that are the whole of `multipart` bodies, and that no response holds: a raw member of theirs is a part.
fn parted(api: &Api, answered: &[bool]) -> Vec<bool> {
    let bodies = api.operations.iter().flat_map(|operation| &operation.body);
    let media = bodies.flat_map(|body| &body.content);
    let roots = media.filter(|media| media::is_multipart(&media.media_type));
    let mut open = Vec::new();
    for schema in roots.filter_map(|media| media.schema.as_ref()) {
        open.extend(named(schema));
    }
    let parted = reach(open, &edges(api, same));
    only(&parted, answered)
}

/// Types that stand in something else than the whole of `multipart` bodies: in another body, in a parameter, or in
/// a type that is a record.
fn elsewhere(api: &Api, mentions: &[Vec<usize>]) -> Vec<bool> {
    let mut open = Vec::new();
    for operation in &api.operations {
        let media = operation.body.iter().flat_map(|body| &body.content);
        let others = media.filter(|media| !media::is_multipart(&media.media_type));
        let others = others.filter_map(|media| media.schema.as_ref());
        for schema in others.chain(operation.params.iter().map(|param| &param.schema)) {
            names_in(schema, &mut open);
        }
    }
    for (ty, mentioned) in api.types.iter().zip(mentions) {
        if let Shape::Record(_) = ty.shape {
            open.extend(mentioned);
        }
    }
    reach(open, &edges(api, same))
}

/// The types that a value of a type is at once.
fn same(ty: &Type) -> Vec<usize> {
    match &ty.shape {
        Shape::Alias(schema) => named(schema).into_iter().collect(),
        Shape::Union(union) => {
            let variants = union.variants.iter();
            variants
                .filter_map(|variant| named(&variant.schema))
                .collect()
        }
        Shape::Record(_) | Shape::Enum(_) => Vec::new(),
    }
}

/// Those of `these` that are not among `those`.
fn only(these: &[bool], those: &[bool]) -> Vec<bool> {
    let pairs = these.iter().zip(those);
    pairs.map(|(this, that)| *this && !that).collect()
}

/// The type that a schema is.
fn named(schema: &Schema) -> Option<usize> {
    match schema.kind {
        Kind::Named(id) => Some(id.0),
        _ => None,
    }
}

fn names_in(schema: &Schema, out: &mut Vec<usize>) {
    visit(schema, &mut |kind, _| {
        if let Kind::Named(id) = kind {
            out.push(id.0);
        }
    });
}

/// What can be reached from `open` along `edges`.
fn reach(mut open: Vec<usize>, edges: &[Vec<usize>]) -> Vec<bool> {
    let mut seen = vec![false; edges.len()];
    while let Some(node) = open.pop() {
        if !std::mem::replace(&mut seen[node], true) {
            open.extend(&edges[node]);
        }
    }
    seen
}
