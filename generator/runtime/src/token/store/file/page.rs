//! How a place of a store is written in a file: a first line with a digest of the rest, and JSON.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::super::Sealed;
use super::super::slot::{Kept, Open, Slot};

const TITLE: &str = "token 1 ";

/// Moments and times in milliseconds.
#[derive(Serialize, Deserialize)]
struct Page {
    fence: u64,
    version: u64,
    doubt: Option<u64>,
    failures: u32,
    rest: u64,
    open: Option<(String, u64, u64)>,
    kept: Option<(String, u64, u64)>,
    until: u64,
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

pub(super) fn write(slot: &Slot) -> Vec<u8> {
    let page = Page {
        fence: slot.fence,
        version: slot.version,
        doubt: slot.doubt.map(millis),
        failures: slot.failures,
        rest: millis(slot.rest),
        open: slot
            .open
            .as_ref()
            .map(|open| (open.owner.clone(), millis(open.given), millis(open.until))),
        kept: slot.kept.as_ref().map(|kept| {
            let value = STANDARD.encode(kept.value.as_bytes());
            (value, millis(kept.since), millis(kept.until))
        }),
        until: millis(slot.until),
    };
    let json = serde_json::to_string(&page).expect("texts and numbers can be written as JSON");
    format!("{TITLE}{}\n{json}", digest(&json)).into_bytes()
}

/// What [`write()`] wrote. Anything else is a place of which nothing is known, but that something may have been spent.
pub(super) fn read(bytes: &[u8]) -> Slot {
    try_read(bytes).unwrap_or_else(|| Slot {
        doubt: Some(Duration::ZERO),
        until: Duration::MAX,
        ..Slot::default()
    })
}

fn try_read(bytes: &[u8]) -> Option<Slot> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (title, json) = text.split_once('\n')?;
    if title.strip_prefix(TITLE)? != digest(json) {
        return None;
    }
    let page: Page = serde_json::from_str(json).ok()?;
    let time = Duration::from_millis;
    let kept = match page.kept {
        Some((value, since, until)) => Some(Kept {
            value: Sealed::new(STANDARD.decode(value).ok()?),
            since: time(since),
            until: time(until),
        }),
        None => None,
    };
    Some(Slot {
        fence: page.fence,
        version: page.version,
        doubt: page.doubt.map(time),
        failures: page.failures,
        rest: time(page.rest),
        open: page.open.map(|(owner, given, until)| Open {
            owner,
            given: time(given),
            until: time(until),
        }),
        kept,
        until: time(page.until),
    })
}

fn digest(text: &str) -> String {
    let bytes = Sha256::digest(text);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
