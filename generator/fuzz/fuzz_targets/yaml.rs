//! The bytes of a document.
#![no_main]

libfuzzer_sys::fuzz_target!(|document: &str| specmint_fuzz::generate(document, None));
