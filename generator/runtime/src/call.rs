//! Calls: one request in the making.
//!
//! Values are encoded when they are given, into buffers that are wiped when dropped. What cannot be encoded
//! is kept and comes out of [`Call::request`], so that setters need no `Result`.

mod body;
mod send;

use std::time::Duration;

use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use zeroize::Zeroizing;

use super::Body;
use super::body::ContentType;
use super::client::{Core, put_header};
use super::error::{BuildError, BuildErrorKind};
use super::form::Encoding;
use super::json::{Slot, to_request};
use super::node::Node;
use super::operation::OperationSpec;
use super::param::{Explode, Param, Place, Style, encode, expand};
use super::part::Part;
use super::request::assemble;
use super::retry::RetryPolicy;
#[cfg(feature = "validate")]
use super::rules::{CallRules, Input, Violations, Walk};
use super::security::{Credential, Keyring, Scheme};
use super::server::BaseUrl;

pub(super) use body::Payload;

/// One call of an operation: its parameters, its body and its options.
pub struct Call(pub(super) Box<Parts>);

#[cfg(feature = "tokens")]
pub(super) use send::Reading;

/// Encoded values by parameter name.
pub(super) type Encoded = Vec<(&'static str, Zeroizing<String>)>;

pub(super) struct Parts {
    pub(super) core: Core,
    pub(super) spec: &'static OperationSpec,
    pub(super) path: Encoded,
    pub(super) query: Encoded,
    pub(super) cookies: Encoded,
    /// Pairs for the query that the description does not know.
    pub(super) extra_query: Vec<Zeroizing<String>>,
    pub(super) headers: HeaderMap,
    pub(super) body: Payload,
    /// How the body stands in XML, if it may.
    #[cfg(feature = "xml")]
    pub(super) xml: Option<super::xml::Root>,
    /// The parts that are marked in a body of JSON.
    pub(super) marked: Vec<Part>,
    /// Parts beside the body, by name.
    pub(super) beside: Vec<(String, Part)>,
    pub(super) encodings: &'static [Encoding],
    pub(super) content_type: Option<ContentType>,
    pub(super) base: Option<BaseUrl>,
    /// One of the operation's own servers.
    pub(super) server: Option<String>,
    /// The URL of a page that another linked to, in place of the operation's own.
    pub(super) page: Option<http::Uri>,
    pub(super) credentials: Keyring,
    pub(super) fault: Option<BuildError>,
    /// The parameters that were given, as JSON.
    #[cfg(feature = "validate")]
    given: Vec<(Input, Zeroizing<Vec<u8>>)>,
    pub(super) timeout: Option<Duration>,
    pub(super) retries: Option<RetryPolicy>,
    /// How often it was sent.
    #[cfg(feature = "tracing")]
    pub(super) sent: std::sync::atomic::AtomicU32,
}

impl Call {
    /// Begins a call of an operation.
    pub fn new(client: &Core, spec: &'static OperationSpec) -> Self {
        Self(Box::new(Parts {
            core: client.clone(),
            spec,
            path: Vec::new(),
            query: Vec::new(),
            cookies: Vec::new(),
            extra_query: Vec::new(),
            headers: HeaderMap::new(),
            body: Payload::None,
            #[cfg(feature = "xml")]
            xml: None,
            marked: Vec::new(),
            beside: Vec::new(),
            encodings: &[],
            content_type: None,
            base: None,
            server: None,
            page: None,
            credentials: Keyring::default(),
            fault: None,
            #[cfg(feature = "validate")]
            given: Vec::new(),
            timeout: None,
            retries: None,
            #[cfg(feature = "tracing")]
            sent: Default::default(),
        }))
    }

    /// Fills `{name}` in the path.
    pub fn path(&mut self, name: &'static str, style: Style, explode: Explode, value: &dyn Slot) {
        self.fill(Place::Path, name, style, explode, value);
    }

    /// Like [`path`](Self::path), with reserved characters as they are (`allowReserved`), slashes among them;
    /// `?` and `#`, which would end the path, are encoded.
    pub fn path_reserved(
        &mut self,
        name: &'static str,
        style: Style,
        explode: Explode,
        value: &dyn Slot,
    ) {
        self.fill(Place::PathReserved, name, style, explode, value);
    }

    fn fill(
        &mut self,
        place: Place,
        name: &'static str,
        style: Style,
        explode: Explode,
        value: &dyn Slot,
    ) {
        let param = Param {
            name,
            place,
            style,
            explode,
        };
        match self.expand(param, value) {
            Some(text) => put(&mut self.0.path, name, text),
            None => self.fail(
                BuildErrorKind::Parameter,
                format!("the path parameter `{name}` has no value"),
            ),
        }
    }

    /// Adds a query parameter, in place of any other with its name; nothing for an absent value.
    pub fn query(&mut self, name: &'static str, style: Style, explode: Explode, value: &dyn Slot) {
        let param = Param {
            name,
            place: Place::Query,
            style,
            explode,
        };
        if let Some(text) = self.expand(param, value) {
            put(&mut self.0.query, name, text);
        }
    }

    /// Like [`query`](Self::query), with reserved characters as they are (`allowReserved`).
    pub fn query_reserved(
        &mut self,
        name: &'static str,
        style: Style,
        explode: Explode,
        value: &dyn Slot,
    ) {
        let param = Param {
            name,
            place: Place::QueryReserved,
            style,
            explode,
        };
        if let Some(text) = self.expand(param, value) {
            put(&mut self.0.query, name, text);
        }
    }

    /// Adds a query parameter without a value (`allowEmptyValue`), in place of any other with its name.
    pub fn query_empty(&mut self, name: &'static str) {
        self.query(name, Style::Form, Explode::No, &String::new());
    }

    /// Adds a header parameter in style `simple` or `Json`; nothing for an absent value.
    pub fn header_param(
        &mut self,
        name: &'static str,
        style: Style,
        explode: Explode,
        value: &dyn Slot,
    ) {
        let param = Param {
            name,
            place: Place::Header,
            style,
            explode,
        };
        if let Some(text) = self.expand(param, value) {
            self.header(name, &text);
        }
    }

    /// Adds a cookie, in place of any other with its name; nothing for an absent value.
    pub fn cookie(&mut self, name: &'static str, style: Style, explode: Explode, value: &dyn Slot) {
        let place = match style {
            Style::Cookie => Place::CookieAsIs,
            _ => Place::Cookie,
        };
        let param = Param {
            name,
            place,
            style,
            explode,
        };
        let Some(text) = self.expand(param, value) else {
            return;
        };
        if place == Place::CookieAsIs && text.contains(';') {
            let message = format!("the cookie `{name}` cannot hold a semicolon");
            return self.fail(BuildErrorKind::Parameter, message);
        }
        put(&mut self.0.cookies, name, text);
    }

    /// Gives this call alone a credential.
    pub fn credential(&mut self, scheme: &'static Scheme, credential: Credential) {
        self.0.credentials.put(scheme, credential);
    }

    /// Gives up on the call after this time.
    pub fn timeout(&mut self, timeout: Duration) {
        self.0.timeout = Some(timeout);
    }

    /// Sends the call again where the policy says so, whatever the client's says.
    pub fn retries(&mut self, policy: RetryPolicy) {
        self.0.retries = Some(policy);
    }

    /// Adds a pair to the query, behind all others. One name may be added several times.
    pub fn extra_query(&mut self, name: &str, value: &str) {
        self.0.extra_query.push(query_pair(name, value));
    }

    /// Sets a header, in place of any other with its name.
    pub fn header(&mut self, name: &str, value: &str) {
        if name.eq_ignore_ascii_case(CONTENT_TYPE.as_str()) {
            return self.content_type(ContentType::new(value.to_owned()));
        }
        if let Err(error) = put_header(&mut self.0.headers, name, value) {
            self.0.fault.get_or_insert(error);
        }
    }

    /// Asks for a media type.
    pub fn accept(&mut self, media_type: &str) {
        self.set_plain(ACCEPT, media_type);
    }

    /// Asks for a media type unless another was asked for.
    pub(super) fn prefer(&mut self, media_type: &str) {
        if !self.0.headers.contains_key(ACCEPT) {
            self.accept(media_type);
        }
    }

    /// Sends the body as this media type.
    pub fn content_type(&mut self, content_type: ContentType) {
        self.0.content_type = Some(content_type);
    }

    /// Sends the call to another base URL.
    pub fn base_url(&mut self, url: &str) {
        match BaseUrl::parse(url) {
            Ok(base) => self.0.base = Some(base),
            Err(error) => {
                self.0.fault.get_or_insert(error);
            }
        }
    }

    /// Chooses one of the operation's own servers, by its URL.
    pub fn server(&mut self, url: String) {
        self.0.server = Some(url);
    }

    /// The request as it would be sent.
    ///
    /// # Errors
    /// It cannot be made; the text says what to do. One whose body is sent piece by piece cannot be shown.
    pub fn request(&self) -> Result<http::Request<Body>, BuildError> {
        let unseen = || {
            BuildError::new(
                BuildErrorKind::Upload,
                "the body of this call is sent piece by piece, so there is no whole request to show",
            )
        };
        if !self.0.is_repeatable() {
            return Err(unseen());
        }
        #[cfg(feature = "tokens")]
        let token = super::token::attach::at_hand(&self.0);
        #[cfg(not(feature = "tokens"))]
        let token = None;
        let (head, upload) = assemble(&self.0, token.as_ref())?.into_parts();
        let body = upload.into_whole().map_err(|_| unseen())?;
        Ok(http::Request::from_parts(head, body))
    }

    /// Looks whether the body and the parameters keep to their rules.
    ///
    /// # Errors
    /// Everything in them that does not.
    #[cfg(feature = "validate")]
    pub fn validate(&self, rules: CallRules) -> Result<(), Violations> {
        let mut walk = Walk::default();
        for (input, rules) in rules {
            let json = match input {
                Input::Body => self.body_as_json(),
                Input::BodyAs(media_type) => {
                    let chosen = self.0.content_type.as_ref().map(ContentType::as_str);
                    self.body_as_json().filter(|_| chosen == Some(media_type))
                }
                _ => {
                    let given = self.0.given.iter().find(|(known, _)| known == input);
                    given.map(|(_, json)| json.clone())
                }
            };
            if let Some(json) = json {
                walk.json(&root(*input), &json, rules);
            }
        }
        walk.finish()
    }

    /// A call of another operation, or of this one, that goes where this one goes and is secured alike.
    pub(super) fn again(&self, spec: &'static OperationSpec) -> Self {
        let mut call = Self::new(&self.0.core, spec);
        call.0.base.clone_from(&self.0.base);
        call.0.server.clone_from(&self.0.server);
        call.0.credentials.clone_from(&self.0.credentials);
        call.0.timeout = self.0.timeout;
        call.0.retries.clone_from(&self.0.retries);
        call
    }

    /// Takes over all that was given to another call of the same operation.
    pub(super) fn copy_input(&mut self, other: &Self) {
        let (own, other) = (&mut self.0, &other.0);
        own.path.clone_from(&other.path);
        own.query.clone_from(&other.query);
        own.cookies.clone_from(&other.cookies);
        own.extra_query.clone_from(&other.extra_query);
        own.headers.clone_from(&other.headers);
        own.body.clone_from(&other.body);
        #[cfg(feature = "xml")]
        own.xml.clone_from(&other.xml);
        own.marked.clone_from(&other.marked);
        own.beside.clone_from(&other.beside);
        own.encodings = other.encodings;
        own.content_type.clone_from(&other.content_type);
        own.fault.clone_from(&other.fault);
        own.page.clone_from(&other.page);
    }

    /// Adds a text to the query, in place of any other with its name.
    pub(super) fn query_text(&mut self, name: &'static str, text: &str) {
        put(&mut self.0.query, name, query_pair(name, text));
    }

    fn expand(&mut self, param: Param<'static>, value: &dyn Slot) -> Option<Zeroizing<String>> {
        if value.is_absent() {
            return None;
        }
        let json = to_request(value);
        #[cfg(feature = "validate")]
        self.keep(param, &json);
        let Some(node) = Node::parse(&json) else {
            self.fail(
                BuildErrorKind::Parameter,
                format!("the parameter `{}` cannot be written", param.name),
            );
            return None;
        };
        expand(param, &node)
    }

    /// Keeps a parameter as JSON, in place of any other with its name.
    #[cfg(feature = "validate")]
    fn keep(&mut self, param: Param<'static>, json: &[u8]) {
        let name = param.name;
        let input = match param.place {
            Place::Path | Place::PathReserved => Input::Path(name),
            Place::Query | Place::QueryReserved => Input::Query(name),
            Place::Header => Input::Header(name),
            Place::Cookie | Place::CookieAsIs => Input::Cookie(name),
            Place::FormBody | Place::FormBodyReserved | Place::Parts => return,
        };
        self.0.given.retain(|(known, _)| *known != input);
        self.0.given.push((input, Zeroizing::new(json.to_vec())));
    }

    fn set_plain(&mut self, name: HeaderName, value: &str) {
        match HeaderValue::from_str(value) {
            Ok(value) => {
                self.0.headers.insert(name, value);
            }
            Err(_) => self.fail(
                BuildErrorKind::Header,
                format!("`{name}` has characters that cannot be sent"),
            ),
        }
    }

    fn fail(&mut self, kind: BuildErrorKind, message: String) {
        self.0
            .fault
            .get_or_insert_with(|| BuildError::new(kind, message));
    }
}

/// What paths of values in it begin with.
#[cfg(feature = "validate")]
fn root(input: Input) -> String {
    match input {
        Input::Body | Input::BodyAs(_) => "$".to_owned(),
        Input::Path(name) => format!("path.{name}"),
        Input::Query(name) => format!("query.{name}"),
        Input::Header(name) => format!("header.{name}"),
        Input::Cookie(name) => format!("cookie.{name}"),
    }
}

/// `name=value`, encoded.
pub(super) fn query_pair(name: &str, value: &str) -> Zeroizing<String> {
    let mut pair = Zeroizing::new(String::with_capacity(name.len() + value.len() + 1));
    encode(Place::Query, name, &mut pair);
    pair.push('=');
    encode(Place::Query, value, &mut pair);
    pair
}

fn put(encoded: &mut Encoded, name: &'static str, text: Zeroizing<String>) {
    encoded.retain(|(kept, _)| *kept != name);
    encoded.push((name, text));
}
