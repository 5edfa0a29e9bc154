//! The public items of servers, schemes and OAuth 2.

use super::super::Place;
use super::Builder;
use super::calls::credentials;
use crate::plan::{ServerChoice, ServerPlace, ServerTemplate, VariableContent};

impl Builder<'_> {
    pub(super) fn servers(&mut self) {
        let api = self.api;
        for scheme in &api.schemes {
            let place = Place::Scheme(scheme.wire_name.clone());
            let args = vec![(place.clone(), credentials(&scheme.kind).to_owned())];
            let path = format!("ClientBuilder::{}", scheme.setter);
            self.function(path, place, args, "", None);
        }
        if let Some(choice) = &api.choices.own {
            let args = vec![(Place::Api, format!("impl Into<servers::{}>", choice.name))];
            self.function(
                "ClientBuilder::server".to_owned(),
                Place::Api,
                args,
                "",
                None,
            );
        }
        for choice in api.choices.own.iter().chain(&api.choices.of_operations) {
            self.choice(choice);
        }
        for template in &api.choices.templates {
            self.template(template);
        }
        for values in &api.choices.values {
            let base = format!("servers::{}", values.name);
            let line = format!("enum {base}");
            self.item(base.clone(), Place::Api, line, None);
            for value in &values.values {
                let path = format!("{base}::{}", value.name);
                self.item(path.clone(), Place::Api, path, Some(&base));
            }
        }
        for scheme in &api.oauth.schemes {
            let place = Place::Scheme(scheme.wire_name.clone());
            let base = format!("oauth::{}", scheme.constant);
            let line = format!("static {base}");
            self.item(base, place.clone(), line, None);
            for scope in &scheme.scopes {
                let path = format!("oauth::{}::{}", scheme.module, scope.name);
                let line = format!("const {path}");
                self.item(path, place.clone(), line, None);
            }
        }
    }

    fn choice(&mut self, choice: &ServerChoice) {
        let base = format!("servers::{}", choice.name);
        let line = format!("enum {base}");
        self.item(base.clone(), Place::Api, line, None);
        for variant in &choice.variants {
            let path = format!("{base}::{}", variant.name);
            let (place, line) = match &variant.place {
                ServerPlace::Fixed(url) => (Place::Server(url.clone()), path.clone()),
                ServerPlace::Template(template) => {
                    let templates = &self.api.choices.templates;
                    let known = templates.iter().find(|one| one.name == *template);
                    let place = known.map_or(Place::Api, |one| Place::Server(one.url.clone()));
                    (place, format!("{path}(servers::{template})"))
                }
            };
            self.item(path, place, line, Some(&base));
        }
    }

    fn template(&mut self, template: &ServerTemplate) {
        let base = format!("servers::{}", template.name);
        let place = Place::Server(template.url.clone());
        let line = format!("struct {base}");
        self.item(base.clone(), place.clone(), line, None);
        let mut needed = Vec::new();
        for variable in &template.variables {
            let ty = match &variable.content {
                VariableContent::Needed | VariableContent::Text(_) => "String".to_owned(),
                VariableContent::Listed(ty, _) => format!("servers::{ty}"),
            };
            let path = format!("{base}.{}", variable.name);
            let line = format!("{path}: {ty}");
            self.item(path, place.clone(), line, Some(&base));
            if variable.content == VariableContent::Needed {
                needed.push((place.clone(), "impl Into<String>".to_owned()));
            } else {
                let path = format!("{base}::{}", variable.name);
                let args = vec![(place.clone(), format!("impl Into<{ty}>"))];
                self.function(path, place.clone(), args, "", Some(&base));
            }
        }
        self.function(format!("{base}::new"), place, needed, "", Some(&base));
    }
}
