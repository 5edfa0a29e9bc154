//! What was found, for people.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use super::Row;
use super::generate::Generated;

/// How much of a line of trouble is shown, in characters; all of it is in the JSON.
const WIDEST: usize = 200;

/// How many rows are shown if nothing was compiled: those of the largest documents.
const LARGEST: usize = 20;

/// Prints a row for each document of the sample and each that is in trouble, and sums.
///
/// # Errors
/// It cannot be printed.
pub(super) fn print(rows: &[Row]) -> io::Result<()> {
    if io::IsTerminal::is_terminal(&io::stderr()) {
        eprintln!();
    }
    let mut shown: Vec<&Row> = rows
        .iter()
        .filter(|row| row.compiled.is_some() || row.trouble().is_some())
        .collect();
    if rows.iter().all(|row| row.compiled.is_none()) {
        let mut large: Vec<&Row> = rows.iter().filter(|row| row.trouble().is_none()).collect();
        large.sort_by_key(|row| std::cmp::Reverse(row.bytes));
        shown.extend(large.into_iter().take(LARGEST));
    }
    shown.sort_by_key(|row| std::cmp::Reverse(row.bytes));
    let mut text = HEAD.to_owned();
    for row in shown {
        text.push_str(&line(row));
    }
    text.push('\n');
    text.push_str(&sums(rows));
    io::stdout().write_all(text.as_bytes())
}

const HEAD: &str = "      kB  opera-   left  sche-  types  diagno-    gen.   gen.  compiled  comp.   comp.\n          \
                    tions    out    mas            stics       s     MB                 s      MB  document\n";

fn line(row: &Row) -> String {
    let none = Generated::default();
    let generated = row.generated.as_ref().unwrap_or(&none);
    let diagnostics: usize = generated.diagnostics.values().sum();
    let mut text = format!(
        "{:>8}{:>8}{:>7}{:>7}{:>7}{:>9}{:>8.2}{:>7.0}",
        row.bytes / 1000,
        generated.operations,
        left_out(generated),
        generated.schemas,
        generated.models,
        diagnostics,
        row.usage.cpu_seconds,
        row.usage.peak_mb,
    );
    let (how, seconds, peak) = match &row.compiled {
        None if row.is_refused() => ("refused".to_owned(), String::new(), String::new()),
        None if row.generated.is_none() => ("FAILED".to_owned(), String::new(), String::new()),
        None => (String::new(), String::new(), String::new()),
        Some(compiled) => {
            let usage = compiled.usage.clone().unwrap_or_default();
            let how = match (compiled.clean, compiled.problems) {
                (true, _) => "clean".to_owned(),
                (false, 0) => "FAILED".to_owned(),
                (false, problems) => format!("FAILED {problems}"),
            };
            let seconds = format!("{:.1}", usage.seconds);
            (how, seconds, format!("{:.0}", usage.peak_mb))
        }
    };
    write!(text, "  {how:<10}{seconds:>6}{peak:>8}  {}", row.name)
        .expect("a string takes every text");
    if let Some(trouble) = row.trouble() {
        for line in trouble.trim_end().lines() {
            let line: String = line.chars().take(WIDEST).collect();
            write!(text, "\n          | {line}").expect("a string takes every text");
        }
    }
    text.push('\n');
    text
}

fn left_out(generated: &Generated) -> usize {
    generated.operations.saturating_sub(generated.generated)
}

fn sums(rows: &[Row]) -> String {
    let generated: Vec<&Generated> = rows
        .iter()
        .filter_map(|row| row.generated.as_ref())
        .collect();
    let made = rows.iter().filter(|row| row.is_made()).count();
    let refused = rows.iter().filter(|row| row.is_refused()).count();
    let operations: usize = generated.iter().map(|one| one.operations).sum();
    let left_out: usize = generated.iter().map(|one| left_out(one)).sum();
    let seconds: f64 = rows.iter().map(|row| row.usage.cpu_seconds).sum();
    let peak = rows.iter().map(|row| row.usage.peak_mb).fold(0.0, f64::max);
    let mut text = format!(
        "{made} of {} documents generated, {refused} refused, {} failed\n\
         {operations} operations, {left_out} of them left out\n\
         {seconds:.1} s of processor time, at most {peak:.0} MB for one document\n",
        rows.len(),
        rows.len() - generated.len(),
    );
    let compiled: Vec<_> = rows
        .iter()
        .filter_map(|row| row.compiled.as_ref())
        .collect();
    if !compiled.is_empty() {
        let clean = compiled.iter().filter(|one| one.clean).count();
        let seconds = compiled.iter().filter_map(|one| one.usage.as_ref());
        let seconds: f64 = seconds.map(|usage| usage.seconds).sum();
        writeln!(
            text,
            "{clean} of {} compile without a warning, in {seconds:.0} s",
            compiled.len()
        )
        .expect("a string takes every text");
    }
    text
}
