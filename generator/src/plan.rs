//! Decides everything that is Rust: names, modules, types, presence, boxes, derives, method shapes.
//!
//! In: [`crate::model`]. Out: [`Api`], the plan as data. `render` decides nothing after it.

mod context;
mod docs;
mod example;
mod fakes;
mod features;
mod graph;
mod guide;
mod kept;
mod media;
mod models;
mod names;
mod oauth;
mod operations;
mod pages;
mod pagination;
mod patterns;
mod places;
mod responses;
mod rules;
mod schemes;
mod servers;
mod tokens;
mod tree;
mod values;
mod webhooks;
mod words;
mod xml;

pub(crate) use docs::{code as doc_code, is_unseen, short as short_value};
pub use kept::{OPERATION_CASES, SCHEME_CASES, TAG_CASES, TYPE_CASES};
pub(crate) use names::is_keyword;
pub use names::{Case, Ident, Rank, Scope, Wish, are_names};
pub use places::{Place, places};
pub(crate) use rules::said as said_limits;
pub use tokens::{token_kind, token_rows};
pub use tree::*;

use crate::diag::{Code, Diagnostics};
use crate::lock::Names;
use crate::model;
use crate::options::Options;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Names of modules that a crate of clients has already, or that each API has inside of its own, and of features that
/// switch on other things.
const MODULES_TAKEN: &[&str] = &[
    "runtime",
    "models",
    "oauth",
    "operations",
    "pages",
    "servers",
    "default",
    "full",
    "reqwest",
    "serde",
    "blocking",
    "validate",
    "tokens",
    "tracing",
    "gzip",
    "tower",
    "charset",
    "redis",
    "jwt",
    "xml",
    "mock",
    "std",
    "core",
    "alloc",
    "proc_macro",
    "test",
];

/// Plans one API as module `module`, made from the file that `@generated` lines name `spec`.
///
/// What cannot be called is left out and reported; everything else is in the plan.
#[must_use]
pub fn plan(
    api: &model::Api,
    module: &str,
    spec: &str,
    options: &Options,
    diags: &mut Diagnostics,
) -> Api {
    let module = module_name(module);
    let graph = graph::Graph::new(api, diags);
    let mut ledger = kept::Ledger::new(&options.lock, module.plain(), api, diags.origins());
    let krate = options.name.replace('-', "_");
    let mut cx = context::Context::new(api, graph, krate, &mut ledger);
    let mut planned: Vec<Model> = (0..api.types.len())
        .into_par_iter()
        .map(|id| models::plan_model(&cx, model::TypeId(id)))
        .collect();
    let (choices, of_operations) = servers::plan(api, diags);
    cx.server_choices = of_operations;
    let types = planned.iter().map(|model| model.name.clone()).collect();
    let mut rules = rules::Rules::new(&cx, diags);
    for model in &mut planned {
        model.rules = rules.of_type(&model.name);
    }
    cx.models = planned
        .into_iter()
        .map(|model| (model.name.clone(), model))
        .collect();
    let schemes = schemes::plan_schemes(&api.schemes, &mut ledger);
    let names = operations::names(&api.operations, &mut ledger);
    let parameters = operations::parameters(&api.operations, &names, &schemes, &mut ledger);
    let named = api.operations.par_iter().zip(&names).zip(parameters);
    let planned: Vec<_> = named
        .map(|((op, names), parameters)| {
            operations::plan_operation(&cx, &module, &schemes, op, names, parameters)
        })
        .collect();
    let planned = api.operations.iter().zip(planned);
    let planned = planned.filter_map(|(op, planned)| {
        let report = |why| rules.diags.report(Code::OperationLeftOut, &op.at, why);
        let mut planned = planned.map_err(report).ok()?;
        planned.rules = rules.of_call(&cx, op, &planned);
        rules.diags.readings_mut().generated.insert(op.at.clone());
        Some((planned, op.tags.clone()))
    });
    let (mut operations, tags): (Vec<_>, Vec<_>) = planned.unzip();
    let shown = operations
        .iter_mut()
        .find(|op| example::is_sendable(op, &schemes));
    if let Some(shown) = shown {
        let mut named = api.operations.iter().zip(&names);
        if let Some((op, _)) = named.find(|(_, names)| names.ty == shown.name) {
            shown.fake.example = example::fake_lines(&cx, &module, op, shown, &schemes);
        }
    }
    let needs = xml::needs(&operations);
    for (name, table) in xml::tables(&cx, &operations) {
        if let Some(model) = cx.models.get_mut(&name) {
            model.xml = Some(table);
        }
    }
    let mut pages = pages::model_docs(&cx, &module, &operations);
    for (name, model) in &mut cx.models {
        model.page = pages.remove(name).unwrap_or_default();
    }
    let groups = pages::groups(api, &tags, &mut ledger);
    let about = about(api);
    let oauth = oauth::plan(api, &module, &cx.krate, &schemes, &mut ledger);
    let authorization = pages::authorization(&pages::Parts {
        cx: &cx,
        module: &module,
        schemes: &schemes,
        oauth: &oauth,
        operations: &operations,
        groups: &groups,
    });
    let mut planned = Api {
        spec: spec.to_owned(),
        title: title(api, &module),
        docs: docs::join(vec![docs::markdown(&api.title), about.clone()]),
        index: pages::index(&cx, about, &choices),
        models_docs: webhooks::lines(&cx),
        oauth,
        authorization,
        choices,
        servers: api.servers.iter().map(servers::server).collect(),
        base_uris: pages::base_uris(&api.servers),
        carrier: carrier(api, &schemes),
        schemes,
        operations,
        groups,
        models: std::mem::take(&mut cx.models)
            .into_values()
            .collect::<Vec<_>>(),
        guide: Guide::default(),
        types,
        nesting: cx.graph.nesting(),
        frame: module.plain().to_owned(),
        features: features::one(&module, needs),
        module,
        names: Names::default(),
    };
    features::split(&mut planned, &tags, options.tag_features, &mut ledger);
    planned.names = ledger.into_names();
    tokens::link(api, &names, &mut planned.operations);
    planned.guide = guide::guide(&planned);
    planned
}

/// The module of an API that wants to be called `wish`.
pub(crate) fn module_name(wish: &str) -> Ident {
    Scope::reserving(MODULES_TAKEN).claim_or(wish, &format!("{wish} api"), Case::Module)
}

/// The scheme that tokens are sent with, where that is no bearer scheme.
fn carrier(api: &model::Api, schemes: &[Scheme]) -> Option<Ident> {
    let mut tokens = api.operations.iter().filter_map(|op| op.token.as_ref());
    let carrier = tokens.find_map(|token| token.profile.carrier.as_ref())?;
    let scheme = schemes
        .iter()
        .find(|scheme| scheme.wire_name == carrier.scheme)?;
    Some(scheme.constant.clone())
}

fn title(api: &model::Api, module: &Ident) -> String {
    let title = docs::one_line(&api.title);
    if title.is_empty() {
        module.plain().to_owned()
    } else {
        title
    }
}

/// The version of the API, and what the document says of it.
fn about(api: &model::Api) -> Vec<String> {
    let version = (!api.version.is_empty())
        .then(|| vec![format!("Version {} of the API.", docs::code(&api.version))]);
    let prose = api
        .description
        .as_deref()
        .map(docs::markdown)
        .unwrap_or_default();
    docs::join(vec![version.unwrap_or_default(), prose])
}

/// Plans by the name of the type: the order in which files and index lines stand.
type ModelsByName = BTreeMap<Ident, Model>;

#[cfg(test)]
#[path = "plan/plan_tests.rs"]
mod tests;
