//! A document in JSON, changed as a tree more often than as bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|document: &str| specmint_fuzz::generate(document, None));

libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, longest: usize, seed: u32| {
    specmint_fuzz::tree::mutate(data, size, longest, seed)
        .unwrap_or_else(|| libfuzzer_sys::fuzzer_mutate(data, size, longest))
});
