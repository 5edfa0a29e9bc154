//! The public items of operations.

use super::super::{OperationPart, Place};
use super::{Builder, part};
use crate::model;
use crate::plan::{
    Body, BodyContent, BodyPresence, Failure, FakeKind, Files, Ident, Location, Operation, Output,
    Param, Payload, Scheme, SchemeKind, StatusVariant, Streaming, Type,
};

/// What an operation is called in the new state.
struct Names {
    display: String,
    method: String,
    name: String,
}

impl Names {
    /// A type whose name begins with that of the call.
    fn derived(&self, op: &Operation, name: &Ident) -> String {
        match name.plain().strip_prefix(op.name.plain()) {
            Some(tail) => format!("operations::{}{tail}", self.name),
            None => format!("operations::{name}"),
        }
    }
}

impl Builder<'_> {
    pub(super) fn calls(&mut self) {
        let api = self.api;
        for op in &api.operations {
            self.operation(op);
        }
    }

    fn operation(&mut self, op: &Operation) {
        let names = match self.renames.operations.get(&op.at) {
            Some(new) => Names {
                display: new.display.clone(),
                method: new.method.clone(),
                name: new.name.clone(),
            },
            None => Names {
                display: format!("{} {}", op.verb, op.path),
                method: op.method.as_str().to_owned(),
                name: op.name.plain().to_owned(),
            },
        };
        let place = part(&names.display, OperationPart::Whole);
        let root = format!("Client::{}", names.method);
        let call = format!("operations::{}", names.name);
        let mut args: Vec<(Place, String)> = Vec::new();
        for param in &op.args {
            args.push((of_param(&names, param), self.argument(&param.ty)));
        }
        let body_place = part(&names.display, OperationPart::Body);
        if let Some(body) = &op.body
            && body.presence == BodyPresence::Required
        {
            args.push((body_place.clone(), self.body(op, &names, body)));
        }
        let tail = format!(" -> {call}");
        self.function(root.clone(), place.clone(), args, &tail, None);
        self.gate(&root, &op.gate);
        self.setters(op, &names, &call, &root);
        self.results(op, &names, &call, &root);
        self.ways(op, &names, &call, &root);
        self.fake(op, &names, &call, &root);
    }

    fn setters(&mut self, op: &Operation, names: &Names, call: &str, root: &str) {
        for param in &op.setters {
            let place = of_param(names, param);
            let args = vec![(place.clone(), self.argument(&param.ty))];
            self.function(
                format!("{call}::{}", param.name),
                place,
                args,
                "",
                Some(root),
            );
        }
        for param in op.args.iter().chain(&op.setters) {
            if let Some((name, _)) = &param.empty {
                let place = of_param(names, param);
                self.function(format!("{call}::{name}"), place, Vec::new(), "", Some(root));
            }
        }
        let place = part(&names.display, OperationPart::Body);
        if let Some(body) = &op.body {
            if body.presence == BodyPresence::Optional {
                let args = vec![(place.clone(), self.body(op, names, body))];
                let path = format!("{call}::{}", body.name);
                self.function(path, place.clone(), args, "", Some(root));
            }
            if let Some(name) = &body.without {
                let path = format!("{call}::{name}");
                self.function(path, place.clone(), Vec::new(), "", Some(root));
            }
            if body.files == Files::Taken {
                let args = vec![(place.clone(), "&str, impl Into<Part>".to_owned())];
                self.function(format!("{call}::part"), place.clone(), args, "", Some(root));
            }
            if let BodyContent::Choice(name, variants) = &body.content {
                let base = names.derived(op, name);
                let line = format!("enum {base}");
                self.item(base.clone(), place.clone(), line, Some(root));
                for variant in variants {
                    let path = format!("{base}::{}", variant.name);
                    let line = format!("{path}({})", self.given(&variant.payload, Type::String));
                    self.item(path, place.clone(), line, Some(&base));
                }
                let is_repeatable =
                    |payload: &Payload| !matches!(payload, Payload::Bytes | Payload::Lines(_));
                if variants.iter().all(|one| is_repeatable(&one.payload)) {
                    let path = format!("impl Clone for {base}");
                    self.item(path.clone(), place, path, Some(&base));
                }
            }
        }
        if let Some(server) = &op.server {
            let place = part(&names.display, OperationPart::Servers);
            let args = vec![(place.clone(), format!("impl Into<servers::{}>", server.ty))];
            self.function(
                format!("{call}::{}", server.name),
                place,
                args,
                "",
                Some(root),
            );
        }
        let schemes: Vec<&Scheme> = op
            .credentials
            .iter()
            .filter_map(|one| self.api.schemes.get(*one))
            .collect();
        for scheme in schemes {
            let place = part(&names.display, OperationPart::Security);
            let of = Place::Scheme(scheme.wire_name.clone());
            let args = vec![(of, credentials(&scheme.kind).to_owned())];
            self.function(
                format!("{call}::{}", scheme.setter),
                place,
                args,
                "",
                Some(root),
            );
        }
    }

    /// What a body is given as.
    fn body(&self, op: &Operation, names: &Names, body: &Body) -> String {
        match &body.content {
            BodyContent::Choice(name, _) => names.derived(op, name),
            BodyContent::One(Payload::Lines(ty)) => format!("impl Into<Sequence<{}>>", self.ty(ty)),
            BodyContent::One(Payload::Bytes) => self.argument(&Type::Upload),
            BodyContent::One(payload) => self.argument(&payload.ty(Type::Secret)),
        }
    }

    fn given(&self, payload: &Payload, text: Type) -> String {
        match payload {
            Payload::Bytes => self.ty(&Type::Upload),
            Payload::Lines(ty) => format!("Sequence<{}>", self.ty(ty)),
            payload => self.ty(&payload.ty(text)),
        }
    }

    fn results(&mut self, op: &Operation, names: &Names, call: &str, root: &str) {
        let place = part(&names.display, OperationPart::Output);
        let output = match &op.output {
            Output::Plain(payload) => self.ty(&payload.ty(Type::String)),
            Output::Enum(name, variants) => {
                let name = names.derived(op, name);
                self.statuses(&name, place.clone(), names, variants, root);
                name
            }
        };
        let path = format!("<{call} as Operation>::Output");
        let line = format!("{path} = {output}");
        self.item(path, place, line, Some(root));
        let place = part(&names.display, OperationPart::Failure);
        let failure = match &op.failure {
            Failure::Undeclared => "()".to_owned(),
            Failure::Shared(payload, _) => {
                format!("Option<{}>", self.ty(&payload.ty(Type::String)))
            }
            Failure::Enum(name, variants) => {
                let name = names.derived(op, name);
                self.statuses(&name, place.clone(), names, variants, root);
                name
            }
        };
        let path = format!("<{call} as Operation>::Failure");
        let line = format!("{path} = {failure}");
        self.item(path, place, line, Some(root));
        if let Some(headers) = &op.headers {
            let base = names.derived(op, &headers.name);
            let place = part(&names.display, OperationPart::Whole);
            let line = format!("struct {base}");
            self.item(base.clone(), place, line, Some(root));
            for field in &headers.fields {
                let name = field.wire_name.to_ascii_lowercase();
                let place = part(&names.display, OperationPart::Header(name));
                let path = format!("{base}.{}", field.name);
                let line = format!("{path}: Option<{}>", self.ty(&field.ty));
                self.item(path, place, line, Some(&base));
            }
        }
    }

    fn statuses(
        &mut self,
        name: &str,
        place: Place,
        names: &Names,
        variants: &[StatusVariant],
        root: &str,
    ) {
        self.item(name.to_owned(), place, format!("enum {name}"), Some(root));
        for variant in variants {
            let status = match variant.status {
                crate::plan::Status::Code(code) => code.to_string(),
                crate::plan::Status::Range(hundred) => format!("{hundred}XX"),
                crate::plan::Status::Default => "default".to_owned(),
            };
            let place = part(&names.display, OperationPart::Response(status));
            let path = format!("{name}::{}", variant.name);
            let line = match &variant.payload {
                Payload::Empty => path.clone(),
                payload => format!("{path}({})", self.ty(&payload.ty(Type::String))),
            };
            self.item(path, place, line, Some(name));
        }
    }

    /// Pages, streams and tokens.
    fn ways(&mut self, op: &Operation, names: &Names, call: &str, root: &str) {
        let place = part(&names.display, OperationPart::Output);
        for stream in &op.streams {
            let (name, of) = match stream {
                Streaming::Download => ("download", String::new()),
                Streaming::Events(_, ty) => ("events", self.ty(ty)),
                Streaming::Records(_, ty) => ("records", self.ty(ty)),
            };
            let path = format!("{call}::{name}");
            let line = format!("{path}() of {of}");
            self.item(path, place.clone(), line, Some(root));
        }
        let place = part(&names.display, OperationPart::Pages);
        if let Some(pages) = &op.pages {
            let path = format!("{call}::pages");
            self.item(path.clone(), place.clone(), path, Some(root));
            if let Some(item) = &pages.item {
                let path = format!("{call}::items");
                let line = format!("{path}() of {}", self.ty(item));
                self.item(path, place, line, Some(root));
            }
        }
        if op.token.is_some() {
            let place = part(&names.display, OperationPart::Token);
            for name in ["token_profile", "token_source"] {
                let path = format!("{call}::{name}");
                self.item(path.clone(), place.clone(), path, Some(root));
            }
        }
    }

    fn fake(&mut self, op: &Operation, names: &Names, call: &str, root: &str) {
        let place = part(&names.display, OperationPart::Body);
        let path = format!("<{call} as mock::FakeOperation>::Body");
        let line = format!("{path} = {}", self.faked(&op.fake.body.kind));
        self.item(path, place, line, Some(root));
        for reply in &op.fake.replies {
            let first = reply.declared.first().map_or(200, |((first, _), _)| *first);
            let place = match (200..300).contains(&first) {
                true => part(&names.display, OperationPart::Output),
                false => part(&names.display, OperationPart::Failure),
            };
            let path = format!("impl mock::Replies<{call}> for {}", self.faked(&reply.kind));
            self.item(path.clone(), place, path, Some(root));
        }
    }

    fn faked(&self, kind: &FakeKind) -> String {
        match kind {
            FakeKind::Nothing => "()".to_owned(),
            FakeKind::Slot(ty) => self.ty(ty),
            FakeKind::Text => "String".to_owned(),
            FakeKind::Bytes => "Bytes".to_owned(),
        }
    }
}

fn of_param(names: &Names, param: &Param) -> Place {
    let location = match param.location {
        Location::Path => model::Location::Path,
        Location::Query => model::Location::Query,
        Location::Header => model::Location::Header,
        Location::Cookie => model::Location::Cookie,
    };
    part(
        &names.display,
        OperationPart::Parameter(location, param.wire_name.clone()),
    )
}

/// What the setter of a scheme takes.
pub(super) fn credentials(kind: &SchemeKind) -> &'static str {
    match kind {
        SchemeKind::Basic => "impl Into<String>, impl Into<Secret>",
        SchemeKind::MutualTls => "",
        SchemeKind::ApiKey(..) | SchemeKind::Http(_) | SchemeKind::Bearer => "impl Into<Secret>",
    }
}
