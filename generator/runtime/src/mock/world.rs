//! What a fake knows: its operations, what it was told, and what was asked.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http::header::{ACCEPT, ALLOW, WWW_AUTHENTICATE};
use http::{Request, StatusCode};

use super::super::operation::ApiSpec;
use super::super::security::SchemeKind;
use super::super::{Body, DecodeError};
use super::answer::{Answer, put};
use super::check::{Refusal, RefusalKind, check, covers};
use super::path::{Distance, Held, Template};
use super::received::Received;
use super::spec::{FakeAnswer, FakeSpec};

/// Whether a fake looks at requests before it answers them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strictness {
    /// It refuses what breaks the description: credentials, media types, required parts, types, limits.
    #[default]
    Checked,
    /// It takes everything that names an operation.
    Unchecked,
}

/// Makes an answer of a request.
type Made = dyn Fn(&Arc<Received>) -> Answer + Send + Sync;

/// One step of what a fake was told.
#[derive(Clone)]
pub(super) enum Step {
    /// The answer that the description shows.
    Shown,
    Answer(Answer),
    By(Arc<Made>),
}

/// The operations of a fake, and what happened to them.
pub(super) struct World {
    pub(super) operations: Vec<Served>,
    state: Mutex<State>,
    came: Condvar,
}

/// An operation, and where it is.
pub(super) struct Served {
    pub(super) fake: &'static FakeSpec,
    templates: Vec<Template>,
}

#[derive(Default)]
pub(super) struct State {
    /// What was told for each operation. Each step but the last is taken once.
    pub(super) steps: Vec<VecDeque<Step>>,
    /// What came, each with the operation that it was for.
    pub(super) log: Vec<(Option<usize>, Arc<Received>)>,
    pub(super) strictness: Strictness,
}

/// An operation that a request may be for.
struct Candidate {
    index: usize,
    distance: Distance,
    held: Held,
}

impl World {
    pub(super) fn new(api: &ApiSpec, fakes: &[&'static FakeSpec]) -> Self {
        let served = |fake: &&'static FakeSpec| Served {
            fake,
            templates: Template::all(api, fake),
        };
        let state = State {
            steps: vec![VecDeque::new(); fakes.len()],
            ..State::default()
        };
        Self {
            operations: fakes.iter().map(served).collect(),
            state: Mutex::new(state),
            came: Condvar::new(),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The place of an operation in the list.
    pub(super) fn index(&self, fake: &'static FakeSpec) -> Option<usize> {
        let is_it = |served: &Served| std::ptr::eq(served.fake, fake);
        self.operations.iter().position(is_it)
    }

    /// Waits until what came is enough, or this time is over; says whether it is enough.
    pub(super) fn wait(&self, patience: Duration, is_enough: impl Fn(&State) -> bool) -> bool {
        let until = Instant::now() + patience;
        let mut state = self.state();
        while !is_enough(&state) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let waited = self.came.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// Answers a request, and keeps it.
    pub(super) fn answer(&self, request: Request<Body>) -> Answer {
        let mut received = Received::new(request);
        let mut found = self.find(&received);
        if found.is_empty() {
            return self.lost(received);
        }
        let strictness = self.state().strictness;
        let mut refusal = None;
        let mut chosen = 0;
        if strictness == Strictness::Checked {
            // several operations may have one path, told apart by what they take
            for (place, candidate) in found.iter().enumerate() {
                received.hold(candidate.held.clone());
                match check(self.operations[candidate.index].fake, &received) {
                    Ok(()) => {
                        (chosen, refusal) = (place, None);
                        break;
                    }
                    Err(why) => {
                        refusal.get_or_insert(why);
                    }
                }
            }
        }
        let candidate = found.swap_remove(chosen);
        received.hold(candidate.held);
        self.answer_for(candidate.index, received, refusal)
    }

    /// The operations that a request may be for, all as close as each other.
    fn find(&self, received: &Received) -> Vec<Candidate> {
        let method = received.raw().method().as_str();
        let mut found = self.on_path(received);
        found.retain(|one| self.operations[one.index].fake.spec.method == method);
        found.sort_by(|a, b| a.distance.cmp(&b.distance));
        if let Some(closest) = found
            .iter()
            .position(|one| one.distance != found[0].distance)
        {
            found.truncate(closest);
        }
        found
    }

    fn on_path(&self, received: &Received) -> Vec<Candidate> {
        let path = received.raw().uri().path();
        let mut found = Vec::new();
        for (index, served) in self.operations.iter().enumerate() {
            let matches = served.templates.iter();
            let matches = matches.filter_map(|template| template.read(path, received.pairs()));
            found.extend(matches.map(|(distance, held)| Candidate {
                index,
                distance,
                held,
            }));
        }
        found
    }

    /// Answers what is for no operation: 405 where another method would do, else 404.
    fn lost(&self, mut received: Received) -> Answer {
        let on_path = self.on_path(&received).into_iter();
        let mut methods: Vec<&str> = on_path
            .map(|one| self.operations[one.index].fake.spec.method)
            .collect();
        methods.sort_unstable();
        methods.dedup();
        let (code, why) = match methods.is_empty() {
            true => (StatusCode::NOT_FOUND, "no operation has this path"),
            false => (
                StatusCode::METHOD_NOT_ALLOWED,
                "no operation of this path has this method",
            ),
        };
        let mut answer = Answer::text(code, why);
        if !methods.is_empty() {
            put(
                answer.response.headers_mut(),
                ALLOW.as_str(),
                &methods.join(", "),
            );
        }
        received.refuse(why.to_owned());
        self.keep(None, Arc::new(received));
        answer
    }

    fn answer_for(&self, index: usize, mut received: Received, refusal: Option<Refusal>) -> Answer {
        let fake = self.operations[index].fake;
        if let Some(refusal) = refusal {
            let answer = refused(fake, &refusal, &received);
            received.refuse(refusal.why);
            self.keep(Some(index), Arc::new(received));
            return answer;
        }
        let received = Arc::new(received);
        let step = self.next_step(index);
        self.keep(Some(index), received.clone());
        match step {
            Step::Shown => success(fake, &received),
            Step::Answer(answer) => answer,
            Step::By(answer) => answer(&received),
        }
    }

    fn next_step(&self, index: usize) -> Step {
        let mut state = self.state();
        let steps = &mut state.steps[index];
        let next = match steps.len() {
            0 | 1 => steps.front().cloned(),
            _ => steps.pop_front(),
        };
        next.unwrap_or(Step::Shown)
    }

    fn keep(&self, index: Option<usize>, received: Arc<Received>) {
        self.state().log.push((index, received));
        self.came.notify_all();
    }

    /// The answers that documents show and clients cannot read.
    pub(super) fn mismatches(&self) -> Vec<Mismatch> {
        let mut found = Vec::new();
        for served in &self.operations {
            for answer in served.fake.answers {
                let response = Answer::shown(answer).response;
                if let Err(error) = (served.fake.check)(response) {
                    found.push(Mismatch {
                        operation: served.fake.spec.id,
                        status: answer.status,
                        error,
                    });
                }
            }
        }
        found
    }
}

/// The success that the description shows: in the media type that the request asks for, if there is one.
pub(super) fn success(fake: &FakeSpec, received: &Received) -> Answer {
    let answers = fake.answers;
    let is_final = |one: &&FakeAnswer| one.status >= 200;
    let among =
        |statuses: std::ops::Range<u16>| answers.iter().find(|one| statuses.contains(&one.status));
    let first = among(200..300)
        .or_else(|| among(300..400))
        .or_else(|| answers.iter().find(is_final));
    match first {
        Some(first) => Answer::shown(wanted(answers, first, received)),
        None => Answer::from(http::Response::new(Body::empty())),
    }
}

/// The answer of the same status that a request accepts, or else this one.
fn wanted(
    answers: &'static [FakeAnswer],
    first: &'static FakeAnswer,
    received: &Received,
) -> &'static FakeAnswer {
    let accepted = received.header(ACCEPT.as_str()).unwrap_or("*/*");
    let is_accepted = |one: &&FakeAnswer| {
        let ranges = accepted.split(',');
        one.media_type.is_empty()
            || ranges
                .into_iter()
                .any(|range| covers(range, one.media_type))
    };
    let same = answers.iter().filter(|one| one.statuses == first.statuses);
    same.into_iter().find(is_accepted).unwrap_or(first)
}

/// The refusal that the description declares: by its status, by a range, or as the default.
fn refused(fake: &'static FakeSpec, refusal: &Refusal, received: &Received) -> Answer {
    let statuses = refusal.kind.statuses();
    let exact = |status: &u16| {
        let mut answers = fake.answers.iter();
        answers.find(|one| one.statuses == (*status, *status))
    };
    let spread = || {
        let mut answers = fake.answers.iter();
        answers.find(|one| one.statuses.0 != one.statuses.1 && one.is_for(statuses[0]))
    };
    let declared = statuses.iter().find_map(exact).or_else(spread);
    let mut answer = match declared {
        Some(declared) => Answer::shown(wanted(fake.answers, declared, received)),
        None => Answer::text(StatusCode::BAD_REQUEST, &refusal.why),
    };
    let is_exact = declared.is_some_and(|one| one.statuses.0 == one.statuses.1);
    if let (false, Ok(code)) = (is_exact, StatusCode::from_u16(statuses[0])) {
        *answer.response.status_mut() = code;
    }
    let is_unknown = answer.response.status() == StatusCode::UNAUTHORIZED;
    if refusal.kind == RefusalKind::Credentials && is_unknown {
        let schemes = fake.spec.security.iter().flat_map(|all| all.iter());
        let mut names = schemes.filter_map(|scheme| match scheme.kind {
            SchemeKind::Basic => Some("Basic"),
            SchemeKind::Bearer => Some("Bearer"),
            SchemeKind::Http(name) => Some(name),
            _ => None,
        });
        let name = names.next().unwrap_or("Bearer");
        let realm = format!("{name} realm=\"fake\"");
        put(
            answer.response.headers_mut(),
            WWW_AUTHENTICATE.as_str(),
            &realm,
        );
    }
    answer
}

/// An answer of a fake that the client cannot read.
#[derive(Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The operation.
    pub operation: &'static str,
    /// The status of the answer.
    pub status: u16,
    /// Why it cannot be read.
    pub error: DecodeError,
}

impl fmt::Debug for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operation,
            status,
            error,
        } = self;
        write!(f, "`{operation}` with {status}: {error}")
    }
}
