//! A document and its overlay, with a zero byte between them.
#![no_main]

libfuzzer_sys::fuzz_target!(|both: &str| {
    let (document, overlay) = both.split_once('\0').unwrap_or((both, ""));
    specmint_fuzz::generate(document, Some(overlay));
});
