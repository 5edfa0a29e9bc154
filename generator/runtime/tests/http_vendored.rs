//! The sample over a copy of the runtime inside its crate, under the strictest lints.
#![deny(warnings)]

#[path = "../src/lib.rs"]
#[allow(dead_code, unreachable_pub, unused_imports)]
pub mod runtime;

#[path = "sample/akeneo/mod.rs"]
pub mod akeneo;
#[path = "sample/benchling/mod.rs"]
pub mod benchling;

#[test]
fn calls_are_made_through_a_copied_runtime() {
    let transport =
        runtime::transport::memory::Memory::new(|_| Ok(runtime::http::Response::default()));
    let builder = benchling::Client::builder()
        .origin("https://tenant.example.com")
        .unwrap();
    let client = builder
        .transport(transport)
        .o_auth("token")
        .build()
        .unwrap();
    let request = client.archive_entry("1").request().unwrap();
    assert_eq!(
        request.uri(),
        "https://tenant.example.com/api/v2/entries/1:archive"
    );
}
