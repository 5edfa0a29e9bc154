//! `specmint docs`.

use std::path::Path;

use crate::{site, write};

use super::{DONE, REFUSED, Streams};

/// Makes the site of the crate or the book in `folder`, and brings `out` up to date with it.
#[must_use]
pub fn docs(folder: &Path, out: &Path, streams: &mut Streams<'_>) -> u8 {
    streams.progress("making the pages");
    let kept = site::build(folder).and_then(|assets| write::keep(out, &assets));
    streams.progress("");
    match kept {
        Ok(kept) => {
            streams.say(&format!(
                "`{}`: {} written, {} unchanged, {} removed\n",
                out.display(),
                kept.written,
                kept.unchanged,
                kept.removed
            ));
            DONE
        }
        Err(err) => {
            streams.say(&format!("error: {err}\n"));
            REFUSED
        }
    }
}
