//! Which places of the document take which values: noted while schemas are read, if somebody asks.

use super::facts::Part;
use super::schema::{Usage, bare};
use crate::model::{Holder, Place, Schema};
use crate::pointer::Pointer;

/// The places seen so far; `None` if nobody asks for them.
#[derive(Debug, Default)]
pub(super) struct Places(Option<Vec<Place>>);

impl Places {
    /// Notes places from here on.
    pub(super) fn asked() -> Self {
        Self(Some(Vec::new()))
    }

    /// Notes what the schema takes that `parts` describe together: the last of them is the place.
    pub(super) fn schema(&mut self, parts: &[Part<'_>], usage: &Usage) {
        self.typed(parts, &usage.schema);
    }

    /// The same for a schema whose use says more than it does.
    pub(super) fn typed(&mut self, parts: &[Part<'_>], schema: &Schema) {
        if let (Some(places), Some(last)) = (&mut self.0, parts.last()) {
            places.push(Place {
                at: last.at.clone(),
                holder: Holder::Schema,
                schemas: parts.iter().map(|part| part.at.clone()).collect(),
                schema: plain(schema),
            });
        }
    }

    /// Notes what a parameter, a header or a media type takes, which has its schema at `described`.
    pub(super) fn holder(
        &mut self,
        at: &Pointer,
        described: Pointer,
        schema: &Schema,
        holder: impl FnOnce() -> Holder,
    ) {
        if let Some(places) = &mut self.0 {
            places.push(Place {
                at: at.clone(),
                holder: holder(),
                schemas: vec![described],
                schema: plain(schema),
            });
        }
    }

    /// What was noted.
    pub(super) fn into_list(self) -> Vec<Place> {
        self.0.unwrap_or_default()
    }
}

fn plain(schema: &Schema) -> Schema {
    Schema {
        nullable: schema.nullable,
        ..bare(schema.kind.clone())
    }
}
