//! Decoding and encoding beside derived serde, in one run: `cargo bench -p specmint-runtime --bench models`.
//!
//! Every row reads and writes the same text with both, turn by turn, and shows the median of the
//! ratios: below 1 the models of this crate are faster. What both write is compared first. The last columns are
//! allocations: those of this crate over those of derived serde.
#![allow(clippy::print_stdout, reason = "the figures are what it is for")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;
use specmint_runtime as runtime;
use specmint_runtime::json::{Slot, from_slice, to_vec};

mod derived;
mod lean;

/// How often each side runs; the median leaves out what else the machine does.
const TURNS: usize = 21;

fn main() {
    println!(
        "{:<34}{:>9}{:>10}{:>10}{:>10}{:>10}{:>10}",
        "ratio to derived serde", "MB", "decode", "encode", "MB/s", "decode", "encode"
    );
    let people = list(20_000, person);
    row::<Vec<derived::Person>, Vec<lean::Person>>("objects of 12, declared order", &people);
    let shuffled = list(20_000, shuffled_person);
    row::<Vec<derived::Person>, Vec<lean::Person>>("objects of 12, another order", &shuffled);
    row::<Vec<derived::Wide>, Vec<lean::Wide>>("objects of 80, declared order", &list(2_000, wide));
    row::<Vec<derived::Wide>, Vec<lean::Wide>>(
        "objects of 80, reverse order",
        &list(2_000, reversed_wide),
    );
    row::<Vec<derived::Event>, Vec<lean::Event>>("tagged unions", &list(20_000, event));
    row::<Vec<derived::Loose>, Vec<lean::Loose>>("unions without tag", &list(20_000, loose));
    row::<Vec<derived::Open>, Vec<lean::Open>>("undeclared members, kept", &list(10_000, open));
    row::<Vec<derived::Token>, Vec<lean::Token>>(
        "token responses, both wiped",
        &list(20_000, token),
    );
    row::<Vec<f64>, Vec<f64>>("numbers", &list(200_000, |i| format!("{}.{}", i % 1000, i)));
    row::<Vec<String>, Vec<String>>(
        "strings with escapes",
        &list(50_000, |i| format!(r#""line {i}\nand \"quoted\" \u00e9""#)),
    );
}

/// Prints one row, unless the command names others. `L` and `D` must write the same text.
fn row<D: DeserializeOwned + Serialize, L: Slot>(what: &str, text: &str) {
    let mut wanted = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with('-'))
        .peekable();
    if wanted.peek().is_some() && !wanted.any(|part| what.contains(&part)) {
        return;
    }
    let text = text.as_bytes();
    let derived: D = serde_json::from_slice(text).expect("derived serde reads the sample");
    let lean: L = from_slice(text).expect("a slot reads the sample");
    let written = serde_json::to_vec(&derived).expect("derived serde writes the sample");
    assert!(written == to_vec(&lean), "{what}: both write the same");
    let (decode, time) = ratio(
        || drop(black_box(from_slice::<L>(black_box(text)))),
        || drop(black_box(serde_json::from_slice::<D>(black_box(text)))),
    );
    let (encode, _) = ratio(
        || drop(black_box(to_vec(black_box(&lean)))),
        || drop(black_box(serde_json::to_vec(black_box(&derived)))),
    );
    let megabytes = text.len() as f64 / 1e6;
    let speed = megabytes / time.as_secs_f64();
    let allocated = |ours: &dyn Fn(), theirs: &dyn Fn()| {
        let count = |work: &dyn Fn()| allocation_counter::measure(work).count_total as f64;
        count(ours) / count(theirs)
    };
    let read = allocated(&|| drop(black_box(from_slice::<L>(text))), &|| {
        drop(black_box(serde_json::from_slice::<D>(text)))
    });
    let wrote = allocated(&|| drop(black_box(to_vec(&lean))), &|| {
        drop(black_box(serde_json::to_vec(&derived)))
    });
    println!(
        "{what:<34}{megabytes:>9.1}{decode:>10.2}{encode:>10.2}{speed:>10.0}{read:>10.2}{wrote:>10.2}"
    );
}

/// Returns the median ratio of the times of two pieces of work, and the median time of the first.
fn ratio(first: impl Fn(), second: impl Fn()) -> (f64, Duration) {
    let mut turns: Vec<(f64, Duration)> = (0..TURNS)
        .map(|_| {
            let (one, other) = (time(&first), time(&second));
            (one.as_secs_f64() / other.as_secs_f64(), one)
        })
        .collect();
    turns.sort_by(|a, b| a.0.total_cmp(&b.0));
    turns[TURNS / 2]
}

fn time(work: impl Fn()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn list(len: usize, element: impl Fn(usize) -> String) -> String {
    let elements: Vec<String> = (0..len).map(element).collect();
    format!("[{}]", elements.join(","))
}

fn person(i: usize) -> String {
    format!(
        r#"{{"id":{i},"login":"person-{i}","display_name":"The person {i}","admin":false,"created_at":"2024-05-17T08:00:00Z","labels":["a","bb","ccc"],"score":{i}.5,"email":"p{i}@example.com","followers":{},"url":"https://example.com/people/{i}","active":true,"manager":{{"id":1,"login":"boss"}}}}"#,
        i * 7
    )
}

fn shuffled_person(i: usize) -> String {
    format!(
        r#"{{"url":"https://example.com/people/{i}","active":true,"score":{i}.5,"created_at":"2024-05-17T08:00:00Z","login":"person-{i}","labels":["a","bb","ccc"],"followers":{},"email":"p{i}@example.com","id":{i},"manager":{{"login":"boss","id":1}},"admin":false,"display_name":"The person {i}"}}"#,
        i * 7
    )
}

fn wide(i: usize) -> String {
    let members: Vec<String> = (0..80)
        .map(|m| format!(r#""member_{m}":{}"#, i + m))
        .collect();
    format!("{{{}}}", members.join(","))
}

fn reversed_wide(i: usize) -> String {
    let members: Vec<String> = (0..80)
        .rev()
        .map(|m| format!(r#""member_{m}":{}"#, i + m))
        .collect();
    format!("{{{}}}", members.join(","))
}

fn event(i: usize) -> String {
    match i % 3 {
        0 => format!(r#"{{"kind":"push","branch":"main","commits":{i}}}"#),
        1 => format!(
            r#"{{"kind":"comment","author":"someone","text":"I think that {i} is enough"}}"#
        ),
        _ => format!(r#"{{"kind":"star","count":{i}}}"#),
    }
}

fn loose(i: usize) -> String {
    match i % 3 {
        0 => format!("{i}"),
        1 => format!(r#""text {i}""#),
        _ => format!(r#"{{"id":{i},"login":"person-{i}"}}"#),
    }
}

fn open(i: usize) -> String {
    format!(r#"{{"id":{i},"a":"text","b":[1,2,3],"c":{{"deep":true}},"d":null}}"#)
}

fn token(i: usize) -> String {
    format!(
        r#"{{"access_token":"eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.{i}","token_type":"Bearer","expires_in":3600,"scope":"read write"}}"#
    )
}
