//! Which Rust type stands for which place of the document.

use super::context::Context;
use super::kept::Ledger;
use super::tree::Type;
use super::{graph, media};
use crate::diag::Diagnostics;
use crate::lock::Lock;
use crate::model::{self, Api, Holder};
use crate::pointer::Pointer;
use std::collections::BTreeMap;

/// A place of the document, and the type of the values there.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Where it stands: a schema, a parameter, a header or a media type.
    pub at: Pointer,
    /// What stands there.
    pub holder: Holder,
    /// The schemas that describe it, all of which hold.
    pub schemas: Vec<Pointer>,
    /// The type of a value that is there: `Option` where it may be null.
    pub ty: Type,
}

/// The type of each place, in the order of the document's pointers. Media types whose content does not
/// become a value of a type (XML, files) are not among them.
#[must_use]
pub fn places(api: &Api, places: Vec<model::Place>, diags: &mut Diagnostics) -> Vec<Place> {
    let graph = graph::Graph::new(api, diags);
    let nothing = Lock::default();
    let mut ledger = Ledger::new(&nothing, "", api, diags.origins());
    let cx = Context::new(api, graph, String::new(), &mut ledger);
    let typed = places.into_iter().filter_map(|place| {
        if let Holder::Media(media_type) = &place.holder
            && !media::is_value(media_type, &place.schema)
        {
            return None;
        }
        let typed = Place {
            ty: cx.value(&place.schema),
            at: place.at,
            holder: place.holder,
            schemas: place.schemas,
        };
        // what is said about a place last, with its use in mind, counts
        Some(((typed.at.clone(), typed.schemas.len()), typed))
    });
    typed.collect::<BTreeMap<_, _>>().into_values().collect()
}
