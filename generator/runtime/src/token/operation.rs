//! Token operations of generated clients as endpoints: the call that was set up, and the profile of its answers.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use zeroize::Zeroizing;

use super::super::call::{Call, Payload};
use super::super::client::Core;
use super::super::json::{edit, write_text};
use super::super::transport::{BlockingTransport, Limits, Pending, Transport};
use super::super::{Body, BuildError, BuildErrorKind, Secret, TransportError};
use super::profile::{Input, RefreshBy};
use super::{Endpoint, Grant, Identity, Issued, Refusal, SourceBuilder, TokenProfile, TokenSource};

/// A token operation with all that it is called with, as an [`Endpoint`].
///
/// The first token is asked for by the call as it was set up; others by the way of refreshing that the profile has.
/// Once a refresh token came, the members that it stands for, such as a password, are forgotten.
pub struct OperationEndpoint {
    call: Mutex<Call>,
    profile: &'static TokenProfile,
    identity: Identity,
    scopes: Vec<String>,
    /// What is sent only once was sent, or was forgotten.
    spent: AtomicBool,
    forgets: bool,
    once: bool,
}

impl OperationEndpoint {
    /// An endpoint of a call and the profile of its operation.
    #[must_use]
    pub fn new(call: Call, profile: &'static TokenProfile) -> Self {
        let has = |path: &&'static [&'static str]| has(&call, path);
        let drop = profile.refresh.map_or(&[][..], |refresh| refresh.drop);
        let forgets = drop.iter().any(has);
        let once = profile.once.iter().any(has);
        let identity = identity(&call);
        let scopes = scopes(&call);
        Self {
            call: Mutex::new(call),
            profile,
            identity,
            scopes,
            spent: AtomicBool::new(false),
            forgets,
            once,
        }
    }

    /// Begins a source of tokens that are sent for through the client that the call was made with.
    #[must_use]
    pub fn source(self) -> SourceBuilder {
        let (core, limits) = {
            let call = self.lock();
            (call.0.core.clone(), call.limits())
        };
        let shared = &core.0;
        let (asynchronous, blocking) = (
            shared.transport.is_some(),
            shared.blocking_transport.is_some(),
        );
        let mut builder = TokenSource::builder(self).limits(limits);
        if asynchronous {
            builder = builder.transport(Through(core.clone()));
        }
        if blocking {
            builder = builder.blocking_transport(Through(core));
        }
        builder
    }

    fn lock(&self) -> MutexGuard<'_, Call> {
        // Nothing in here can panic half way.
        self.call.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The call that trades a refresh token for a new token.
    fn refresh(&self, by: &RefreshBy, token: &Secret) -> Call {
        let first = self.lock();
        let mut call = match by.operation {
            None => {
                let mut call = first.again(first.0.spec);
                call.copy_input(&first);
                for path in by.drop {
                    edit_body(&mut call, path, None);
                }
                call
            }
            Some(operation) => {
                let mut call = first.again(operation);
                for path in by.keep {
                    if let Payload::Json(json) = &first.0.body
                        && let Some(value) = edit::get(json, path)
                    {
                        edit_body(&mut call, path, Some(&value));
                    }
                }
                call
            }
        };
        drop(first);
        for (input, value) in by.set {
            put(&mut call, *input, value);
        }
        put(&mut call, by.token, token.expose());
        call
    }
}

impl Endpoint for OperationEndpoint {
    fn request(&self, grant: Grant<'_>) -> Result<http::Request<Body>, BuildError> {
        match (grant, &self.profile.refresh) {
            (Grant::Initial, _) if self.spent.load(Ordering::Acquire) => Err(BuildError::new(
                BuildErrorKind::MissingCredentials,
                "what the first token was asked for with was good for once, or was forgotten for the sake of the \
                 refresh token: set up a new source",
            )),
            (Grant::Initial, _) => self.lock().request(),
            (Grant::Refresh(token), Some(by)) => self.refresh(by, token).request(),
            (Grant::Refresh(_), None) => Err(BuildError::new(
                BuildErrorKind::Parameter,
                "the operation has no way to use a refresh token",
            )),
        }
    }

    fn read(&self, grant: Grant<'_>, response: &http::Response<Body>) -> Result<Issued, Refusal> {
        let mut outcome = self.profile.read(response);
        if self.profile.refresh.is_none()
            && let Ok(issued) = &mut outcome
        {
            // Nothing could be done with it, and the first grant is to be asked for again.
            issued.refresh_token = None;
        }
        let is_final = match &outcome {
            Ok(_) => true,
            Err(refusal) => !refusal.kind.is_transient(),
        };
        if matches!(grant, Grant::Initial) && is_final && self.once {
            self.spent.store(true, Ordering::Release);
        }
        outcome
    }

    fn repeats(&self) -> bool {
        !self.once && !self.spent.load(Ordering::Acquire)
    }

    fn forget(&self) {
        if !self.forgets {
            return;
        }
        self.spent.store(true, Ordering::Release);
        let mut call = self.lock();
        let drop = self.profile.refresh.map_or(&[][..], |refresh| refresh.drop);
        for path in drop {
            edit_body(&mut call, path, None);
        }
    }

    fn scopes(&self) -> &[String] {
        &self.scopes
    }

    fn identify(&self, identity: &mut Identity) {
        identity.part("operation", self.identity.clone().digest());
    }
}

impl fmt::Debug for OperationEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OperationEndpoint")
            .field("operation", &self.lock().0.spec.id)
            .finish_non_exhaustive()
    }
}

/// Whether a call's body has a member.
fn has(call: &Call, path: &[&str]) -> bool {
    match &call.0.body {
        Payload::Json(json) => edit::get(json, path).is_some(),
        _ => false,
    }
}

/// The scopes that a call asks for, in its body or its query.
fn scopes(call: &Call) -> Vec<String> {
    let text = match &call.0.body {
        Payload::Json(json) => edit::get(json, &["scope"]),
        _ => None,
    };
    let text = text.and_then(|json| super::read::Value::whole(&json)?.text());
    let text = text.as_ref().map_or("", |text| text.as_str());
    text.split(' ')
        .filter(|scope| !scope.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Sets a text of a call.
fn put(call: &mut Call, input: Input, text: &str) {
    match input {
        Input::InBody(path) => {
            let mut json = Zeroizing::new(Vec::with_capacity(text.len() + 2));
            write_text(text, &mut json);
            edit_body(call, path, Some(&json));
        }
        Input::InQuery(name) => call.query_text(name, text),
        Input::InHeader(name) => call.header(name, text),
    }
}

/// Sets or takes away a member of a call's body.
fn edit_body(call: &mut Call, path: &[&str], value: Option<&[u8]>) {
    let old: &[u8] = match &call.0.body {
        Payload::Json(json) => json,
        Payload::None => b"{}",
        Payload::Text(_) | Payload::Bytes(_) | Payload::Upload(_) | Payload::Lines(_) => return,
    };
    if value.is_none() && edit::get(old, path).is_none() {
        return;
    }
    if let Some(new) = edit::set(old, path, value) {
        call.0.body = Payload::Json(Bytes::from_owner(new));
    }
}

/// All that the tokens of a call depend on.
fn identity(call: &Call) -> Identity {
    let mut identity = Identity::default();
    let parts = &call.0;
    identity.part("operation", parts.spec.id);
    identity.part("method", parts.spec.method);
    match call.request() {
        Ok(request) => {
            identity.part("url", request.uri().to_string());
            for (name, value) in request.headers() {
                // The boundary of a multipart body is another each time.
                if name != http::header::CONTENT_TYPE {
                    identity.part("header", name.as_str());
                    identity.part("value", value.as_bytes());
                }
            }
        }
        Err(_) => identity.part("path", parts.spec.path),
    }
    match &parts.body {
        Payload::None => {}
        Payload::Json(body) | Payload::Text(body) | Payload::Bytes(body) => {
            identity.part("body", body)
        }
        // No token endpoint takes one.
        Payload::Upload(_) | Payload::Lines(_) => {}
    }
    for part in &parts.marked {
        identity.part("marked", part.whole().unwrap_or_default());
    }
    for (name, part) in &parts.beside {
        identity.part("part", name);
        identity.part("content", part.whole().unwrap_or_default());
    }
    identity
}

/// The transports of a client.
struct Through(Core);

impl Transport for Through {
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Pending<'_> {
        match &self.0.0.transport {
            Some(transport) => transport.send(request, limits),
            None => Box::pin(std::future::ready(Err(missing()))),
        }
    }
}

impl BlockingTransport for Through {
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> Result<http::Response<Body>, TransportError> {
        match &self.0.0.blocking_transport {
            Some(transport) => transport.send(request, limits),
            None => Err(missing()),
        }
    }
}

fn missing() -> TransportError {
    use super::super::{Delivery, TransportErrorKind};
    TransportError::new(TransportErrorKind::Other, Delivery::NotSent)
}
