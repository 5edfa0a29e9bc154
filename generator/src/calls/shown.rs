//! The calls of a client as a page: what a reviewer wants to see change, and nothing else.

use std::fmt;

use super::{Answer, Body, Call, Calls, Content};
use crate::plan::BodyPresence;

/// A paragraph for each call: its method with what it must be given, its request, a line for each setter, the ways to
/// authenticate, and what comes back.
impl fmt::Display for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, call) in self.list.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            call.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arguments = self.arguments.iter();
        let mut arguments: Vec<String> = arguments
            .map(|input| format!("{}: {}", input.name, input.rust_type))
            .collect();
        let optional = |body: &&Body| body.presence == BodyPresence::Optional;
        let body = self.body.as_ref();
        arguments.extend(body.filter(|body| !optional(body)).map(kinds));
        writeln!(f, "{}({})", self.method, arguments.join(", "))?;
        writeln!(f, "    {} {}", self.verb, self.path)?;
        for input in &self.setters {
            writeln!(f, "    .{}({})", input.name, input.rust_type)?;
        }
        if let Some(body) = body.filter(optional) {
            writeln!(f, "    .{}({})", body.name, kinds(body))?;
        }
        for alternative in &self.security {
            let schemes = alternative.iter().map(|index| &self.credentials[*index]);
            let schemes: Vec<&str> = schemes.map(|scheme| scheme.wire_name.as_str()).collect();
            match schemes.as_slice() {
                [] => writeln!(f, "    by nothing")?,
                all => writeln!(f, "    by {}", all.join(" and "))?,
            }
        }
        show_answer(f, "gives", &self.output)?;
        show_answer(f, "fails with", &self.failure)?;
        if self.paged {
            writeln!(f, "    in pages")?;
        }
        Ok(())
    }
}

fn show_answer(f: &mut fmt::Formatter<'_>, verb: &str, answer: &Answer) -> fmt::Result {
    match answer {
        Answer::Plain(content) => writeln!(f, "    {verb} {}", shown(content)),
        Answer::Variants(name, variants) => {
            writeln!(f, "    {verb} {name}")?;
            for (variant, content) in variants {
                writeln!(f, "        {variant}: {}", shown(content))?;
            }
            Ok(())
        }
    }
}

/// What a body may be.
fn kinds(body: &Body) -> String {
    let kinds = body.kinds.iter().map(|kind| shown(&kind.content));
    kinds.collect::<Vec<_>>().join(" or ")
}

fn shown(content: &Content) -> String {
    match content {
        Content::Nothing => "nothing".to_owned(),
        Content::Value(ty) => ty.clone(),
        Content::Lines(ty) => format!("many {ty}"),
        Content::Text => "text".to_owned(),
        Content::Bytes => "bytes".to_owned(),
        Content::Special => "something else".to_owned(),
    }
}
