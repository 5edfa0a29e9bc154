//! The stages in order.

use std::collections::BTreeMap;
use std::fmt;

use rayon::iter::{IntoParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};

use crate::calls::Calls;
use crate::census::Census;
use crate::deep;
use crate::diag::{Code, Diagnostics, Severity};
use crate::file::File;
use crate::load::{self, LoadOptions};
use crate::lock::{self, Lock};
use crate::options::{Options, Runtime};
use crate::review::{self, Review};
use crate::samples::Samples;
use crate::spec::Spec;
use crate::{lower, plan, render};

/// What was generated, and what there is to say about it.
#[derive(Debug, Default)]
pub struct Output {
    /// The files of the crate, sorted by path.
    pub files: Vec<File>,
    /// What was found in each document, in the order of the documents.
    pub reports: Vec<Report>,
}

/// What was found in one document.
#[derive(Debug)]
pub struct Report {
    /// The document, as the caller named it.
    pub path: String,
    /// Its problems, and the way to their lines.
    pub diagnostics: Diagnostics,
    /// What became of everything in it; `None` if it cannot be read.
    pub census: Option<Census>,
    /// The operations that hand out tokens.
    pub tokens: Vec<TokenOperation>,
    /// Whether there is a module for it. Without one, `files` are not the whole crate.
    pub made: bool,
}

impl Report {
    /// The codes of what was left out or came out as less than the document says, each once, sorted by name.
    #[must_use]
    pub fn losses(&self) -> Vec<Code> {
        let list = self.diagnostics.list().iter();
        let lost = list
            .map(|diagnostic| diagnostic.code)
            .filter(|code| code.severity() <= Severity::Downgrade);
        let lost: BTreeMap<&str, Code> = lost.map(|code| (code.as_str(), code)).collect();
        lost.into_values().collect()
    }
}

/// Why nothing could be generated, for a reason that is in no document.
#[derive(Debug)]
pub enum Refusal {
    /// Two documents want to be the same module.
    SameModule {
        /// The module.
        module: String,
        /// The documents, as the caller named them.
        paths: [String; 2],
    },
    /// A page could not be made: a template of the caller's is wrong.
    Page(render::Error),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameModule { module, paths } => {
                let [first, second] = paths;
                write!(
                    f,
                    "`{first}` and `{second}` would both be the module `{module}`; rename one of the files"
                )
            }
            Self::Page(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Refusal {}

/// Makes a crate with a module for each document.
///
/// Problems of a document are in its [`Report`]; a document of which nothing can be read has no module.
/// The order of `specs` shows in the reports alone.
///
/// # Errors
/// A [`Refusal`] for mistakes that are in no document.
pub fn generate(specs: &[Spec], options: &Options) -> Result<Output, Refusal> {
    deep::run(|| stages(specs, options))
}

fn stages(specs: &[Spec], options: &Options) -> Result<Output, Refusal> {
    let (plans, read): (Vec<_>, Vec<_>) = specs.par_iter().map(|spec| read(spec, options)).unzip();
    check_modules(specs, &plans)?;
    let made = plans
        .iter()
        .flatten()
        .zip(read.iter().filter_map(|read| read.made.as_ref()));
    let made = made.map(|(plan, made)| (plan.module.plain().to_owned(), made.clone()));
    let made: BTreeMap<String, lock::Api> = made.collect();
    let mut plans: Vec<plan::Api> = plans.into_iter().flatten().collect();
    plans.sort_by(|a, b| a.module.cmp(&b.module));
    let (files, reports) = rayon::join(
        || render_all(&plans, made, options).map_err(Refusal::Page),
        || read.into_iter().map(Read::report).collect(),
    );
    Ok(Output {
        files: files?,
        reports,
    })
}

/// What the templates of pages are filled with when a crate is made of these documents: what a template of one's own can
/// show.
///
/// # Errors
/// As those of [`generate`](fn@generate).
pub fn shown(specs: &[Spec], options: &Options) -> Result<Vec<render::Shown>, Refusal> {
    deep::run(|| {
        let plans = specs.iter().filter_map(|spec| read(spec, options).0);
        let mut plans: Vec<plan::Api> = plans.collect();
        plans.sort_by(|a, b| a.module.cmp(&b.module));
        render::shown(&plans, options).map_err(Refusal::Page)
    })
}

/// The files of all APIs, and the lock beside them.
fn render_all(
    plans: &[plan::Api],
    mut made: BTreeMap<String, lock::Api>,
    options: &Options,
) -> Result<Vec<File>, render::Error> {
    let mut files = render::render(plans, options)?;
    for plan in plans {
        if let Some(made) = made.get_mut(plan.module.plain()) {
            made.names = plan.names.clone();
        }
    }
    let mut lock = Lock::new(options, &render::own_templates(options)?, made);
    lock.seal(&files);
    let lock = lock.file(&render::crate_mark(options));
    let place = files.partition_point(|file| file.path < lock.path);
    files.insert(place, lock);
    Ok(files)
}

/// The values that a document shows, each with the Rust type that [`generate`](fn@generate) makes for its
/// place. `None` if nothing can be read of the document.
///
/// ```
/// use specmint::{load::Source, spec::Spec};
///
/// let document = "
/// openapi: 3.0.3
/// info: { title: Pets, version: '1' }
/// paths: {}
/// components:
///   schemas:
///     Pets: { type: array, items: { $ref: '#/components/schemas/Pet' }, example: [{ name: Rex }] }
///     Pet: { type: object, properties: { name: { type: string } } }
/// ";
/// let samples = specmint::samples(&Spec::new(Source::new("pets.yaml", document))).unwrap();
/// assert_eq!(samples.list[0].at.as_str(), "/components/schemas/Pets/example");
/// assert_eq!(samples.list[0].rust_type, "models::Pets");
/// ```
#[must_use]
pub fn samples(spec: &Spec) -> Option<Samples> {
    deep::run(|| read_samples(spec))
}

fn read_samples(spec: &Spec) -> Option<Samples> {
    let mut diagnostics = Diagnostics::default();
    let document = load(spec, &mut diagnostics)?;
    let (api, places) = lower::lower_with_places(&document, &mut diagnostics);
    let places = plan::places(&api, places, &mut diagnostics);
    let module = plan::module_name(&spec.name);
    Some(Samples::new(module.plain(), document.tree, &places))
}

/// The calls of the client that [`generate`](fn@generate) makes of a document, for programs that are to make them.
/// `None` if nothing can be read of the document.
///
/// ```
/// use specmint::{load::Source, spec::Spec};
///
/// let document = "
/// openapi: 3.0.3
/// info: { title: Pets, version: '1' }
/// paths:
///   /pets/{id}:
///     get:
///       operationId: getPet
///       parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
///       responses: { '204': { description: There } }
/// ";
/// let calls = specmint::calls(&Spec::new(Source::new("pets.yaml", document))).unwrap();
/// assert_eq!(calls.list[0].method, "get_pet");
/// assert_eq!(calls.list[0].arguments[0].rust_type, "i64");
/// ```
#[must_use]
pub fn calls(spec: &Spec) -> Option<Calls> {
    deep::run(|| read_calls(spec))
}

fn read_calls(spec: &Spec) -> Option<Calls> {
    let mut diagnostics = Diagnostics::default();
    let document = load(spec, &mut diagnostics)?;
    let api = lower::lower(&document, &mut diagnostics);
    let options = Options::new("client", Runtime::Embedded, "");
    let planned = plan::plan(&api, &spec.name, "", &options, &mut diagnostics);
    Some(Calls::new(document.tree, &api, &planned))
}

/// An operation that hands out tokens.
#[derive(Clone, Debug)]
pub struct TokenOperation {
    /// What the document calls it, or its method and path.
    pub name: String,
    /// Its method.
    pub method: String,
    /// Its path, without a fragment.
    pub path: String,
    /// Where it stands.
    pub at: crate::pointer::Pointer,
    /// What is known about it.
    pub token: crate::model::TokenCall,
}

/// The operations of a document that hand out tokens, in its order, and what there is to say about the document.
/// `None` if nothing can be read of it.
///
/// ```
/// use specmint::{load::Source, model::TokenKind, spec::Spec};
///
/// let document = "
/// openapi: 3.0.3
/// info: { title: Pets, version: '1' }
/// paths:
///   /login:
///     post:
///       requestBody:
///         content:
///           application/json:
///             schema: { type: object, properties: { user: { type: string }, password: { type: string } } }
///       responses:
///         '200':
///           description: Logged in
///           content:
///             application/json: { schema: { type: object, properties: { token: { type: string } } } }
/// ";
/// let (tokens, _) = specmint::tokens(&Spec::new(Source::new("pets.yaml", document)));
/// assert_eq!(tokens.unwrap()[0].token.kind, TokenKind::Issue);
/// ```
#[must_use]
pub fn tokens(spec: &Spec) -> (Option<Vec<TokenOperation>>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let document = load(spec, &mut diagnostics);
    let tokens = document.map(|document| {
        let api = lower::lower(&document, &mut diagnostics);
        token_operations(&api)
    });
    (tokens, diagnostics)
}

/// What became of a crate: see [`review`](fn@review).
#[derive(Debug)]
pub struct Reviewed {
    /// What changed; `None` if one of the documents cannot be read.
    pub review: Option<Review>,
    /// What was found in each document that cannot be read.
    pub refused: Vec<Diagnostics>,
}

/// The documents of a crate at some time.
#[derive(Clone, Copy, Debug)]
pub struct Revision<'a> {
    /// The documents.
    pub specs: &'a [Spec],
    /// The lock of the crate that is made of them. Without it, names are given anew in what is old, and what is new goes on
    /// from there.
    pub lock: Option<&'a Lock>,
}

/// Compares two revisions of the documents of a crate. Documents of one module are two states of one API. The lock that
/// `options` have is not looked at, since each revision has its own.
///
/// ```
/// use specmint::Revision;
/// use specmint::review::Step;
/// use specmint::{load::Source, options::{Options, Runtime}, spec::Spec};
///
/// let state = |responses: &str| {
///     let text = format!("
/// openapi: 3.0.3
/// info: {{ title: Pets, version: '1' }}
/// paths:
///   /pets: {{ delete: {{ operationId: removePets, responses: {{ {responses} }} }} }}
/// ");
///     [Spec::new(Source::new("pets.yaml", text))]
/// };
/// let options = Options::new("pets-client", Runtime::Embedded, "specmint generate");
/// let (old, new) = (state("'204': { description: Gone }"), state("'202': { description: Going }"));
/// let [old, new] = [&old, &new].map(|specs| Revision { specs, lock: None });
/// let review = specmint::review(&old, &new, &options).review.unwrap();
/// assert_eq!(review.step(), Step::Patch);
/// assert!(specmint::review::markdown(&review).contains("Old clients before a new server break."));
/// ```
#[must_use]
pub fn review(old: &Revision<'_>, new: &Revision<'_>, options: &Options) -> Reviewed {
    deep::run(|| {
        let (before, after) = rayon::join(|| understood(old.specs), || understood(new.specs));
        let (before, after) = match (before, after) {
            (Ok(before), Ok(after)) => (before, after),
            (before, after) => {
                let refused = [before.err(), after.err()].into_iter().flatten().flatten();
                return Reviewed {
                    review: None,
                    refused: refused.collect(),
                };
            }
        };
        let before = states(before, old.lock.unwrap_or(&Lock::default()), options);
        let after = match new.lock {
            Some(lock) => states(after, lock, options),
            None => states(after, &left_by(&before), options),
        };
        Reviewed {
            review: Some(compared(&before, &after)),
            refused: Vec::new(),
        }
    })
}

/// APIs, each with the name of its document.
type Understood = Vec<(String, crate::model::Api)>;

fn understood(specs: &[Spec]) -> Result<Understood, Vec<Diagnostics>> {
    let read = specs.par_iter().map(|spec| {
        let mut diagnostics = Diagnostics::default();
        let Some(document) = load(spec, &mut diagnostics) else {
            return Err(Box::new(diagnostics));
        };
        Ok((spec.name.clone(), lower::lower(&document, &mut diagnostics)))
    });
    let read: Vec<_> = read.collect();
    let (read, refused): (Vec<_>, Vec<_>) = read.into_iter().partition(Result::is_ok);
    if refused.is_empty() {
        return Ok(read.into_iter().filter_map(Result::ok).collect());
    }
    let refused = refused.into_iter().filter_map(Result::err);
    Err(refused.map(|refused| *refused).collect())
}

/// The API and its plan, by module.
type States = BTreeMap<String, (crate::model::Api, plan::Api)>;

/// Plans APIs, with the names that a lock has.
fn states(apis: Understood, lock: &Lock, options: &Options) -> States {
    let options = Options {
        lock: lock.clone(),
        ..options.clone()
    };
    let states = apis.into_par_iter().map(|(name, api)| {
        let planned = plan::plan(&api, &name, "", &options, &mut Diagnostics::default());
        (planned.module.plain().to_owned(), (api, planned))
    });
    states.collect()
}

/// The lock that a crate of these states has, as far as it is about names.
fn left_by(states: &States) -> Lock {
    let apis = states.iter().map(|(module, (_, plan))| {
        let api = lock::Api {
            names: plan.names.clone(),
            ..lock::Api::default()
        };
        (module.clone(), api)
    });
    Lock {
        apis: apis.collect(),
        ..Lock::default()
    }
}

fn compared(old: &States, new: &States) -> Review {
    let modules: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let apis = modules.into_iter().filter_map(|module| {
        let state = |(model, plan)| review::State { model, plan };
        let before = old.get(module).map(|(model, plan)| state((model, plan)));
        let after = new.get(module).map(|(model, plan)| state((model, plan)));
        match (before, after) {
            (Some(before), Some(after)) => Some(review::review(before, after)),
            (None, Some(after)) => Some(review::whole(after, review::Kind::ApiAdded)),
            (Some(before), None) => Some(review::whole(before, review::Kind::ApiRemoved)),
            (None, None) => None,
        }
    });
    let changed = |api: &review::ApiReview| !api.findings.is_empty();
    Review {
        apis: apis.filter(changed).collect(),
    }
}

fn token_operations(api: &crate::model::Api) -> Vec<TokenOperation> {
    let tokens = api.operations.iter().filter_map(|operation| {
        Some(TokenOperation {
            name: operation.called.0.join(" "),
            method: operation.method.clone(),
            path: operation.path.clone(),
            at: operation.at.clone(),
            token: operation.token.clone()?,
        })
    });
    tokens.collect()
}

fn load(spec: &Spec, diagnostics: &mut Diagnostics) -> Option<load::Document> {
    let reading = LoadOptions {
        root: spec.root.clone(),
        hosts: spec.hosts.clone(),
        selection: spec.selection.clone(),
    };
    load::load(&spec.source, spec.overlay.as_ref(), &reading, diagnostics)
}

/// A document that went through all stages but the last.
struct Read {
    path: String,
    diagnostics: Diagnostics,
    document: Option<load::Document>,
    tokens: Vec<TokenOperation>,
    /// What its module is made from, if there is one.
    made: Option<lock::Api>,
}

impl Read {
    /// What was found in it.
    fn report(self) -> Report {
        let census = self.document.as_ref();
        let census = census.map(|document| document.census(&self.diagnostics));
        Report {
            path: self.path,
            diagnostics: self.diagnostics,
            made: census.is_some(),
            census,
            tokens: self.tokens,
        }
    }
}

/// The stages from the text of one document to its plan.
fn read(spec: &Spec, options: &Options) -> (Option<plan::Api>, Read) {
    let mut diagnostics = Diagnostics::default();
    let document = load(spec, &mut diagnostics);
    let mut tokens = Vec::new();
    let plan = document.as_ref().map(|document| {
        let api = lower::lower(document, &mut diagnostics);
        tokens = token_operations(&api);
        plan::plan(&api, &spec.name, &spec.label(), options, &mut diagnostics)
    });
    let made = document.as_ref().map(|document| {
        let others = diagnostics.origins().others();
        lock::Api::new(spec, document.dialect.clone(), others)
    });
    let read = Read {
        made,
        path: spec.source.path.clone(),
        diagnostics,
        document,
        tokens,
    };
    (plan, read)
}

/// Refuses documents whose modules have one name.
fn check_modules(specs: &[Spec], plans: &[Option<plan::Api>]) -> Result<(), Refusal> {
    let mut taken = BTreeMap::new();
    for (spec, plan) in specs.iter().zip(plans) {
        let Some(plan) = plan else { continue };
        let path = spec.source.path.clone();
        if let Some(first) = taken.insert(&plan.module, path.clone()) {
            return Err(Refusal::SameModule {
                module: plan.module.plain().to_owned(),
                paths: [first, path],
            });
        }
    }
    Ok(())
}
