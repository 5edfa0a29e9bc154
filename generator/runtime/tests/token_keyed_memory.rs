//! What a tenant at rest takes of memory. Alone in its process, which is what is measured.
#![cfg(target_os = "linux")]

use specmint_runtime::token::{
    Endpoint, Grant, Identity, Issued, KeyedTokens, Lifetime, Refusal, Tenant,
};
use specmint_runtime::transport::memory::Memory;
use specmint_runtime::{Body, BuildError, http};

const TENANTS: u64 = 200_000;
/// As long as the tokens of many servers are: 32 random bytes in base64.
const TOKEN: usize = 43;

struct Site(u64);

impl Endpoint for Site {
    fn request(&self, _: Grant<'_>) -> Result<http::Request<Body>, BuildError> {
        Ok(http::Request::new(Body::from(format!(
            "{:0TOKEN$}",
            self.0
        ))))
    }

    fn read(&self, _: Grant<'_>, response: &http::Response<Body>) -> Result<Issued, Refusal> {
        let text = std::str::from_utf8(response.body().as_bytes()).unwrap();
        let mut issued = Issued::new(text);
        issued.lifetime = Lifetime::In(std::time::Duration::from_secs(3600));
        Ok(issued)
    }

    fn identify(&self, _: &mut Identity) {}
}

/// The memory of this process that is in use, in bytes.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kibibytes = line.unwrap().split_whitespace().nth(1).unwrap();
    kibibytes.parse::<usize>().unwrap() * 1024
}

#[test]
fn s44_a_tenant_at_rest_takes_two_hundred_bytes_beside_its_token() {
    let tokens = KeyedTokens::builder(|tenant: &u64| Ok(Tenant::new(Site(*tenant))))
        .max_entries(2 * usize::try_from(TENANTS).unwrap())
        .transport(Memory::new(|request| {
            Ok(http::Response::new(request.into_body()))
        }))
        .build()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let before = resident();
    for tenant in 0..TENANTS {
        runtime.block_on(tokens.token(&tenant)).unwrap();
    }
    let each = (resident() - before) / tokens.len();
    assert_eq!(tokens.len() as u64, TENANTS);
    assert!(each <= 200 + TOKEN, "{each} bytes");
}
