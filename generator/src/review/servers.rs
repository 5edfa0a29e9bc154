//! What became of servers: where requests and their credentials go.

use super::pairs::{Pairs, place};
use super::{Effect, Finding, Kind, OperationPart, Place, Turn};
use crate::model::{Api, Server};
use crate::plan::doc_code;

/// Compares the servers that hold for the whole API.
pub(super) fn compare(old: &Api, new: &Api, found: &mut Vec<Finding>) {
    let (before, after) = (&old.servers, &new.servers);
    if let (Some(first), Some(now)) = (before.first(), after.first())
        && !origin(&first.url).eq_ignore_ascii_case(origin(&now.url))
        && now.url != first.url
    {
        found.push(moved(Place::Server(now.url.clone()), first, now));
    }
    lists(
        before,
        after,
        |server| Place::Server(server.url.clone()),
        found,
    );
}

/// Compares the servers that operations have of their own.
pub(super) fn of_operations(pairs: &Pairs<'_>, found: &mut Vec<Finding>) {
    for (old, new) in &pairs.operations {
        let (Some(old), Some(new)) = (old, new) else {
            continue;
        };
        if old.servers.is_empty() && new.servers.is_empty() {
            continue;
        }
        let own = |servers: &'_ [Server], all: &'_ [Server]| -> Vec<Server> {
            let list = if servers.is_empty() { all } else { servers };
            list.to_vec()
        };
        let before = own(&old.servers, &pairs.old.model.servers);
        let after = own(&new.servers, &pairs.new.model.servers);
        let place = place(new).part(OperationPart::Servers);
        if let (Some(first), Some(now)) = (before.first(), after.first())
            && !origin(&first.url).eq_ignore_ascii_case(origin(&now.url))
        {
            found.push(moved(place.clone(), first, now));
        }
        lists(&before, &after, |_| place.clone(), found);
    }
}

/// Scheme, host and port of a URL; empty for a relative one.
fn origin(url: &str) -> &str {
    let Some((_, rest)) = url.split_once("://") else {
        return "";
    };
    let start = url.len() - rest.len();
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    &url[..start + end]
}

fn moved(place: Place, old: &Server, new: &Server) -> Finding {
    let message = format!(
        "is the first server instead of {}: requests and their credentials go there",
        doc_code(&old.url)
    );
    let is_plain = |url: &str| url.to_ascii_lowercase().starts_with("http://");
    let message = match is_plain(&new.url) && !is_plain(&old.url) {
        true => format!("{message}, and nothing encrypts them"),
        false => message,
    };
    let message = match place {
        Place::Server(_) => message,
        _ => format!("{} {message}", doc_code(&new.url)),
    };
    Finding::new(Kind::ServerMoved, place, message)
        .at(&new.at)
        .wire(Effect::Breaking)
        .security(Turn::Weaker)
}

fn lists(
    old: &[Server],
    new: &[Server],
    place: impl Fn(&Server) -> Place,
    found: &mut Vec<Finding>,
) {
    let is_moved = |server: &Server| {
        let first = old.first().zip(new.first());
        first.is_some_and(|(before, after)| {
            (std::ptr::eq(server, before) || std::ptr::eq(server, after)) && before.url != after.url
        })
    };
    let path_alone = |before: &Server, after: &Server| {
        !origin(&before.url).is_empty() && origin(&before.url) == origin(&after.url)
    };
    for before in old {
        match new.iter().find(|after| after.url == before.url) {
            Some(after) => variables(before, after, place(after), found),
            None => gone(before, old, new, is_moved(before), &place, found),
        }
    }
    for after in new {
        let known = old
            .iter()
            .any(|before| before.url == after.url || path_alone(before, after));
        if !known && !is_moved(after) {
            let finding = Finding::new(Kind::ServerAdded, place(after), "is new");
            let is_known_host = old.iter().any(|one| origin(&one.url) == origin(&after.url));
            let finding = finding.at(&after.at).wire(Effect::Compatible);
            found.push(match is_known_host {
                true => finding,
                false => finding.security(Turn::Changed),
            });
        }
    }
}

fn gone(
    before: &Server,
    old: &[Server],
    new: &[Server],
    is_moved: bool,
    place: &impl Fn(&Server) -> Place,
    found: &mut Vec<Finding>,
) {
    let same_host = |after: &&Server| {
        !origin(&before.url).is_empty()
            && origin(&before.url) == origin(&after.url)
            && !old.iter().any(|one| one.url == after.url)
    };
    if let Some(after) = new.iter().find(same_host) {
        let message = format!("was {}", doc_code(&before.url));
        found.push(
            Finding::new(Kind::ServerChanged, place(after), message)
                .at(&after.at)
                .wire(Effect::Breaking),
        );
    } else if !is_moved || origin(&before.url).is_empty() {
        found.push(
            Finding::new(Kind::ServerRemoved, place(before), "is gone")
                .at(&before.at)
                .wire(Effect::Breaking),
        );
    }
}

fn variables(old: &Server, new: &Server, place: Place, found: &mut Vec<Finding>) {
    for after in &new.variables {
        let mut olds = old.variables.iter();
        let Some(before) = olds.find(|one| one.wire_name == after.wire_name) else {
            continue;
        };
        let name = doc_code(&after.wire_name);
        if before.default != after.default {
            let text =
                |value: &Option<String>| value.as_deref().map_or("none".to_owned(), doc_code);
            let message = format!(
                "the variable {name} is {} instead of {} unless it is set",
                text(&after.default),
                text(&before.default)
            );
            // what stands before the path decides where credentials go
            let is_host = origin(&new.url).contains(&format!("{{{}}}", after.wire_name));
            let finding = Finding::new(Kind::ServerChanged, place.clone(), message);
            let finding = finding.at(&new.at).wire(Effect::Breaking);
            found.push(match is_host {
                true => finding.security(Turn::Weaker),
                false => finding,
            });
        }
        let gone = before
            .allowed
            .iter()
            .filter(|one| !after.allowed.contains(one));
        let gone: Vec<String> = gone.map(|value| doc_code(value)).collect();
        if !gone.is_empty() && !after.allowed.is_empty() {
            let message = format!("the variable {name} can no longer be {}", gone.join(", "));
            let finding = Finding::new(Kind::ServerChanged, place.clone(), message);
            found.push(finding.at(&new.at).wire(Effect::Breaking));
        }
        let came = after
            .allowed
            .iter()
            .filter(|one| !before.allowed.contains(one));
        let came: Vec<String> = came.map(|value| doc_code(value)).collect();
        if !came.is_empty() && !before.allowed.is_empty() {
            let message = format!("the variable {name} may be {}", came.join(", "));
            let finding = Finding::new(Kind::ServerChanged, place.clone(), message);
            found.push(finding.at(&new.at).wire(Effect::Compatible));
        }
    }
}
