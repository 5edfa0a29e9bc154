//! Which calls are tried, and with which values.
//!
//! In: a document and the calls of its client. Out: trials whose values are valid for the document, as the judge has
//! it, and the reasons why parts of a call, or all of it, are not tried.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use specmint::calls::{BodyKind, Call, Content, Input};
use specmint::plan::{BodyPresence, Location, SchemeKind};
use specmint::pointer::Pointer;

use super::values::{Extent, Maker, Words};
use crate::driver::{Subject, Trial};
use crate::round_trip::judge::{Judge, Verdict};

/// What a trial is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Aim {
    /// Everything that can be given, with the values that the document shows.
    Shown,
    /// Everything that can be given, with values that are made up.
    Made,
    /// As little as must be given.
    Least,
    /// Another media type of the body, by its number.
    Media(usize),
    /// Another declared status.
    Status(u16),
}

/// A trial and what it is for.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub(super) aim: Aim,
    pub(super) trial: Trial,
}

/// The trials of one document.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) trials: Vec<Planned>,
    /// Calls that are not tried at all, and why.
    pub(super) untried: Vec<(usize, String)>,
    /// Parts of calls that are not tried, and why.
    pub(super) left_out: Vec<(usize, String)>,
}

/// Plans the trials of a document whose mock is at `url`.
pub(super) fn plan(subject: &Subject, url: &str) -> Plan {
    let document = &subject.calls.document;
    let mut planner = Planner {
        document,
        maker: Maker::new(document),
        judge: Judge::new(document),
        url,
        plan: Plan::default(),
    };
    for (index, call) in subject.calls.list.iter().enumerate() {
        if let Err(reason) = planner.call(index, call) {
            planner.plan.untried.push((index, reason));
        }
    }
    planner.plan
}

struct Planner<'d> {
    document: &'d Value,
    maker: Maker<'d>,
    judge: Judge<'d>,
    url: &'d str,
    plan: Plan,
}

impl Planner<'_> {
    /// Plans the trials of a call.
    ///
    /// # Errors
    /// Why there are none.
    fn call(&mut self, index: usize, call: &Call) -> Result<(), String> {
        if let Some(reason) = unroutable(&call.path) {
            return Err(reason.to_owned());
        }
        let statuses = self.statuses(index, call)?;
        let mut trials: Vec<Planned> = Vec::new();
        for aim in [Aim::Shown, Aim::Made, Aim::Least] {
            let trial = self.trial(index, call, aim, 0)?;
            let is_new = trials.iter().all(|known| known.trial != trial);
            if is_new {
                trials.push(Planned { aim, trial });
            }
        }
        let kinds = call.body.as_ref().map_or(0, |body| {
            body.kinds.iter().map(|kind| kind.media.len()).sum()
        });
        for media in 1..kinds {
            match self.trial(index, call, Aim::Shown, media) {
                Ok(trial) => trials.push(Planned {
                    aim: Aim::Media(media),
                    trial,
                }),
                Err(reason) => self.plan.left_out.push((index, reason)),
            }
        }
        for status in statuses {
            let trial = trials[0]
                .trial
                .clone()
                .header("prefer", &format!("code={status}"));
            trials.push(Planned {
                aim: Aim::Status(status),
                trial,
            });
        }
        self.plan.trials.extend(trials);
        Ok(())
    }

    fn trial(
        &mut self,
        index: usize,
        call: &Call,
        aim: Aim,
        media: usize,
    ) -> Result<Trial, String> {
        let mut trial = Trial::new(index, self.url);
        for input in &call.arguments {
            let value = self.param(input, aim)?;
            trial = trial.param(input.location, &input.wire_name, value);
        }
        for input in &call.setters {
            if aim == Aim::Least && !self.is_phantom(input) {
                continue;
            }
            match self.param(input, aim) {
                Ok(value) => trial = trial.param(input.location, &input.wire_name, value),
                Err(reason) if aim == Aim::Shown && media == 0 => {
                    self.plan.left_out.push((index, reason))
                }
                Err(_) => {}
            }
        }
        if let Some(body) = &call.body {
            let media: Vec<(&BodyKind, &(String, Pointer))> = body
                .kinds
                .iter()
                .flat_map(|kind| kind.media.iter().map(move |media| (kind, media)))
                .skip(media)
                .take(1)
                .collect();
            let is_required = body.presence == BodyPresence::Required;
            if let [(kind, (media_type, at))] = media.as_slice()
                && (is_required || aim != Aim::Least)
            {
                match self.body(kind, media_type, at, aim) {
                    Ok(value) => trial = trial.body(media_type, value),
                    Err(reason) if is_required => return Err(reason),
                    Err(reason) => self.plan.left_out.push((index, reason)),
                }
            }
        }
        if trial.body.is_none() && self.demands_content_type(call) {
            // OpenAPI 3.0.3, Parameter Object: such a parameter is ignored.
            return Err(
                "header parameter: Prism demands `Content-Type` where there is no body".to_owned(),
            );
        }
        for credential in call.security.first().into_iter().flatten() {
            let credential = &call.credentials[*credential];
            let texts: &[&str] = match &credential.kind {
                SchemeKind::Basic => &["user", "pass word"],
                SchemeKind::MutualTls => &[],
                SchemeKind::Http(name) if name.eq_ignore_ascii_case("digest") => &[DIGEST],
                _ => &["secret"],
            };
            trial = trial.credential(&credential.wire_name, texts);
        }
        Ok(trial)
    }

    /// Whether a parameter is an object of which Prism sees an empty list for each that is not there.
    fn is_phantom(&self, input: &Input) -> bool {
        let node = self
            .document
            .pointer(input.at.as_str())
            .unwrap_or(&Value::Null);
        let schema = self.resolved(&node["schema"]);
        let mut members = schema["properties"]
            .as_object()
            .into_iter()
            .flat_map(Map::values);
        let has_least = |member: &Value| self.resolved(member)["minItems"].as_u64() > Some(0);
        node["style"] == "deepObject" && members.any(has_least)
    }

    /// Whether a parameter that OpenAPI ignores says that there must be a `Content-Type`.
    fn demands_content_type(&self, call: &Call) -> bool {
        let item = call.at.parent().unwrap_or_default();
        let lists = [call.at.push("parameters"), item.push("parameters")];
        let lists = lists
            .iter()
            .filter_map(|at| self.document.pointer(at.as_str())?.as_array());
        let mut params = lists.flatten().map(|param| self.resolved(param));
        params.any(|param| {
            let name = param["name"].as_str().unwrap_or_default();
            param["in"] == "header"
                && param["required"] == true
                && name.eq_ignore_ascii_case("content-type")
        })
    }

    /// A value for a parameter.
    fn param(&mut self, input: &Input, aim: Aim) -> Result<Value, String> {
        let node = self
            .document
            .pointer(input.at.as_str())
            .unwrap_or(&Value::Null);
        let at = described(node, &input.at);
        let mut values = Vec::new();
        // Prism sees all lists of the object, whether they are there or not.
        let aim = if self.is_phantom(input) {
            Aim::Made
        } else {
            aim
        };
        let letters = matches!(node["schema"]["type"].as_str(), Some("array" | "object"));
        // What is not encoded must need no encoding.
        let kept = ["allowReserved", "x-ms-skip-url-encoding"];
        let kept = kept.iter().any(|key| node[*key] == Value::Bool(true));
        let words = if letters || kept || input.location == Location::Cookie {
            Words::Letters
        } else {
            Words::Any
        };
        let made = self.maker.values(&at, extent(aim), words);
        match aim {
            Aim::Made => values.extend(made.into_iter().chain(self.shown(node))),
            _ => values.extend(self.shown(node).into_iter().chain(made)),
        }
        let place = format!("{:?}", input.location).to_lowercase();
        values.retain(|value| fits(input.location, value));
        if kept && input.location == Location::Path {
            // Prism takes what is not encoded for the path's own.
            values.retain(|value| {
                !value
                    .as_str()
                    .is_some_and(|text| text.contains(['/', '?', '#']))
            });
        }
        if input.location == Location::Path {
            // Prism falls silent over several items.
            values
                .iter_mut()
                .filter_map(Value::as_array_mut)
                .for_each(|items| items.truncate(1));
        }
        let schemas = [at.clone()];
        values.retain(|value| {
            !value.is_number() || {
                // A number that is a text as well is read as both.
                let text = value.to_string().into();
                self.judge.verdict(&schemas, &text) != Verdict::Valid
            }
        });
        self.valid(&at, values)
            .map_err(|why| format!("{place} parameter: {why}"))
    }

    /// A value for a body.
    fn body(
        &mut self,
        kind: &BodyKind,
        media_type: &str,
        at: &Pointer,
        aim: Aim,
    ) -> Result<Value, String> {
        let node = self.document.pointer(at.as_str()).unwrap_or(&Value::Null);
        let at = at.push("schema");
        let form = is_form(media_type);
        let described = self.document.pointer(at.as_str()).is_some();
        if described && !form && !is_json(media_type) {
            // Prism compares what it does not read with the schema all the same.
            let schemas = [at.clone()];
            if self.judge.verdict(&schemas, &"content".into()) != Verdict::Valid {
                return Err("body: Prism reads no other values than JSON and forms".to_owned());
            }
        }
        match kind.content {
            Content::Nothing => return Ok(Value::Null),
            Content::Lines(_) | Content::Special => {
                return Err(format!("body: `{media_type}` is not said in JSON"));
            }
            Content::Bytes => return Ok("Y29udGVudA==".into()),
            Content::Text | Content::Value(_) => {}
        }
        if !described {
            let shown = self.shown(node).into_iter().next();
            return Ok(shown.unwrap_or_else(|| "text".into()));
        }
        let made = self.maker.values(&at, extent(aim), Words::Any);
        let mut values: Vec<Value> = match aim {
            Aim::Made => made.into_iter().chain(self.shown(node)).collect(),
            _ => self.shown(node).into_iter().chain(made).collect(),
        };
        if form {
            let members = self.maker.members(&at);
            values
                .iter_mut()
                .for_each(|form| keep_readable(form, &members));
            // What is no object is no form, and one without members is no body.
            values.retain(|form| form.as_object().is_some_and(|form| !form.is_empty()));
        }
        self.valid(&at, values).map_err(|why| match form {
            true => format!("body: {why}, without lists, objects and undeclared members, which Prism does not read in forms"),
            false => format!("body: {why}"),
        })
    }

    /// The values that a parameter or a media type shows.
    fn shown(&self, node: &Value) -> Vec<Value> {
        let mut values: Vec<Value> = node.get("example").cloned().into_iter().collect();
        for example in node["examples"]
            .as_object()
            .into_iter()
            .flat_map(|examples| examples.values())
        {
            values.extend(self.resolved(example).get("value").cloned());
        }
        values
    }

    /// The first value that is valid.
    fn valid(&mut self, at: &Pointer, values: Vec<Value>) -> Result<Value, String> {
        let schemas = [at.clone()];
        let mut reason = "no value was found".to_owned();
        for value in values {
            match self.judge.verdict(&schemas, &value) {
                Verdict::Valid => return Ok(value),
                Verdict::Invalid(class) => reason = format!("no value found is valid ({class})"),
                Verdict::Unjudged(_) => {
                    return Err("its schema is none that a validator takes".to_owned());
                }
            }
        }
        Err(reason)
    }

    /// The declared statuses beside the one that a mock answers with by itself, which is the least success.
    ///
    /// # Errors
    /// Why Prism falls silent over that one.
    fn statuses(&mut self, index: usize, call: &Call) -> Result<BTreeSet<u16>, String> {
        let responses = self.document.pointer(call.at.push("responses").as_str());
        let responses = responses.and_then(Value::as_object).into_iter().flatten();
        let declared = responses.filter_map(|(code, response)| {
            let code = code
                .parse::<u16>()
                .ok()
                .filter(|code| (200..600).contains(code))?;
            Some((code, self.silencer(response)))
        });
        let mut declared: BTreeMap<u16, Option<&str>> = declared.collect();
        let own = declared
            .keys()
            .copied()
            .find(|code| (200..300).contains(code));
        if let Some(reason) = own.and_then(|own| declared.remove(&own)).flatten() {
            return Err(reason.to_owned());
        }
        let mut codes = BTreeSet::new();
        for (code, silencer) in declared {
            match silencer {
                Some(reason) => self.plan.left_out.push((index, reason.to_owned())),
                None => drop(codes.insert(code)),
            }
        }
        Ok(codes)
    }

    /// Why Prism falls silent over a response, if so.
    fn silencer(&self, response: &Value) -> Option<&'static str> {
        let response = self.resolved(response);
        let mut media_types = response["content"]
            .as_object()
            .into_iter()
            .flat_map(Map::keys);
        // RFC 9110, section 8.3.1.
        media_types
            .any(|name| name.contains(','))
            .then_some("answer: Prism falls silent over a media type that is none")
    }

    /// A node, or what it refers to.
    fn resolved<'a>(&'a self, node: &'a Value) -> &'a Value {
        let reference = node["$ref"].as_str();
        let target =
            reference.and_then(|text| self.document.pointer(Pointer::parse(text).as_str()));
        target.unwrap_or(node)
    }
}

/// Why Prism does not find the way to an operation, if so.
fn unroutable(path: &str) -> Option<&'static str> {
    if path.starts_with("//") {
        return Some("path: Prism takes what follows two slashes for a host");
    }
    let names = path.split('{').skip(1);
    let mut names = names.filter_map(|rest| rest.split('}').next());
    let is_expression = |name: &str| name.contains([':', '*', ',', '+', '#', '/', ';', '?', '&']);
    // RFC 6570, sections 2.3 and 2.4.
    names
        .any(is_expression)
        .then_some("path: Prism takes the name of a parameter for an expression of RFC 6570")
}

/// What answers a digest challenge (RFC 7616, section 3.9.1), as far as its form goes.
const DIGEST: &str = "username=\"u\", realm=\"r\", nonce=\"n\", uri=\"/\", response=\"00\"";

fn extent(aim: Aim) -> Extent {
    match aim {
        Aim::Least => Extent::Least,
        _ => Extent::Whole,
    }
}

/// Where the schema of a parameter stands.
fn described(node: &Value, at: &Pointer) -> Pointer {
    let content = node["content"]
        .as_object()
        .and_then(|content| content.keys().next());
    match content {
        Some(media_type) => at.push("content").push(media_type).push("schema"),
        None => at.push("schema"),
    }
}

fn is_form(media_type: &str) -> bool {
    media_type.contains("x-www-form-urlencoded") || media_type.starts_with("multipart/")
}

/// Whether Prism reads it as JSON: `text/json` is text to it.
fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence == "application/json" || essence.ends_with("+json") || essence.ends_with("/*")
}

/// Takes the members out of a form that Prism does not read: lists, objects, and those that are not declared.
fn keep_readable(form: &mut Value, declared: &[String]) {
    if let Value::Object(members) = form {
        members.retain(|name, value| {
            let is_declared = declared.is_empty() || declared.contains(name);
            is_declared && !matches!(value, Value::Array(_) | Value::Object(_) | Value::Null)
        });
    }
}

/// Whether a value can go where the parameter goes: a path has no empty segment, and a header no control characters.
fn fits(location: Location, value: &Value) -> bool {
    let text = match value {
        Value::String(text) => text.as_str(),
        Value::Array(items) => return location != Location::Path || !items.is_empty(),
        Value::Object(members) => return location != Location::Path || !members.is_empty(),
        Value::Null => return false,
        _ => return true,
    };
    match location {
        Location::Path => !matches!(text, "" | "." | ".."),
        Location::Header | Location::Cookie => {
            text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
                && text.trim() == text
                && !text.is_empty()
        }
        Location::Query => true,
    }
}
