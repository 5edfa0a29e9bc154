//! What the fuzz targets have in common: the whole generator in memory.

pub mod tree;

use specmint::diag::Colors;
use specmint::load::Source;
use specmint::options::{Options, Runtime};
use specmint::spec::Spec;

/// A folder that is nowhere, so that no reference leads to a file.
const NOWHERE: &str = "/nonexistent/specmint/fuzz";

/// Generates from a document and prints what there is to say about it.
pub fn generate(document: &str, overlay: Option<&str>) {
    let mut spec = Spec::new(Source::new(format!("{NOWHERE}/api.yaml"), document));
    spec.overlay =
        overlay.map(|overlay| Source::new(format!("{NOWHERE}/api.overlay.yaml"), overlay));
    let runtime = Runtime::Version("0".to_owned());
    let options = Options::new("fuzzed", runtime, "cargo xtask fuzz");
    let output = specmint::generate(&[spec], &options).expect("one document, no templates");
    for report in &output.reports {
        let _ = report.diagnostics.print(Colors::Plain);
        let _ = report.diagnostics.reports();
    }
}
