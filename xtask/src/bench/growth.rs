//! How the cost of generating grows with the document: `cargo xtask bench growth`.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use crate::bench::program;
use crate::corpus::documents::{self, Document};
use crate::corpus::package;
use crate::measure::Limits;

/// Sizes that documents are looked for at, in bytes.
#[rustfmt::skip]
const SIZES: &[u64] = &[
    10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 20_000_000, 50_000_000,
];

/// How many documents are taken at each size: they differ in what they say with as many bytes.
const AT_EACH: usize = 3;

/// What is measured of each size.
#[derive(Default)]
struct Sum {
    documents: usize,
    bytes: u64,
    cpu_seconds: f64,
    peak_mb: f64,
    rust_bytes: u64,
}

/// Generates documents of the corpus from 10 kB to the largest, each in a process of its own, and prints
/// what they take for each megabyte of document and of Rust.
///
/// # Errors
/// The package cannot be fetched, the generator not built, or a document not be generated.
pub(crate) fn growth(limits: Limits) -> io::Result<()> {
    let documents = documents::find(&package::fetch()?)?;
    let specmint = program::own()?;
    let mut text = format!(
        "{:>8}{:>6}{:>11}{:>11}{:>10}{:>10}{:>11}{:>11}\n",
        "kB", "docs", "cpu s", "peak MB", "Rust MB", "s/MB", "s/MB Rust", "MB/MB"
    );
    for size in SIZES {
        let mut sum = Sum::default();
        for document in nearest(&documents, *size) {
            let run = program::generate(&specmint, &document.path, limits)?;
            sum.documents += 1;
            sum.bytes += document.bytes;
            sum.cpu_seconds += run.usage.cpu_seconds;
            sum.peak_mb = sum.peak_mb.max(run.usage.peak_mb);
            sum.rust_bytes += run.rust_bytes;
        }
        row(&mut text, &sum);
    }
    io::stdout().write_all(text.as_bytes())
}

/// The documents whose size is nearest to `size`, and at most a third away from it.
fn nearest(documents: &[Document], size: u64) -> Vec<&Document> {
    let mut near: Vec<&Document> = documents
        .iter()
        .filter(|document| document.bytes.abs_diff(size) * 3 <= size)
        .collect();
    near.sort_by_key(|document| document.bytes.abs_diff(size));
    near.truncate(AT_EACH);
    near
}

fn row(text: &mut String, sum: &Sum) {
    let count = sum.documents as f64;
    let (megabytes, rust) = (sum.bytes as f64 / 1e6, sum.rust_bytes as f64 / 1e6);
    writeln!(
        text,
        "{:>8.0}{:>6}{:>11.3}{:>11.1}{:>10.2}{:>10.3}{:>11.3}{:>11.1}",
        megabytes * 1e3 / count,
        sum.documents,
        sum.cpu_seconds / count,
        sum.peak_mb,
        rust / count,
        sum.cpu_seconds / megabytes,
        sum.cpu_seconds / rust,
        sum.peak_mb / (megabytes / count),
    )
    .expect("a string takes every text");
}
