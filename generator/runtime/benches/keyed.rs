//! A read among a million tenants, and the memory that they take.
//!
//! `cargo bench -p specmint-runtime --features tokens --bench keyed`

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::RwLock;
use std::time::{Duration, Instant};

use criterion::Criterion;
use specmint_runtime::token::{
    AccessToken, Endpoint, Grant, Identity, Issued, KeyedTokens, Lifetime, Refusal, Tenant,
};
use specmint_runtime::transport::memory::Memory;
use specmint_runtime::{Body, BuildError, http};

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
        let text = std::str::from_utf8(response.body().as_bytes()).unwrap_or_default();
        let mut issued = Issued::new(text);
        issued.lifetime = Lifetime::In(Duration::from_secs(86_400));
        Ok(issued)
    }

    fn identify(&self, _: &mut Identity) {}
}

fn map(tenants: u64) -> KeyedTokens<u64> {
    let most = usize::try_from(tenants * 2).expect("it is a million or so");
    KeyedTokens::builder(|tenant: &u64| Ok(Tenant::new(Site(*tenant))))
        .max_entries(most)
        .idle(Duration::from_secs(86_400))
        .transport(Memory::new(|request| {
            Ok(http::Response::new(request.into_body()))
        }))
        .build()
        .expect("it has a transport")
}

/// The memory of this process that is in use, in bytes; 0 where nobody tells.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<usize>().ok());
    kibibytes.unwrap_or_default() * 1024
}

/// Another key each time, from all over the map.
struct Keys(u64, u64);

impl Keys {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % self.1
    }
}

fn main() {
    // With `--test` each benchmark runs once, to see that it does.
    let tenants = match std::env::args().any(|argument| argument == "--test") {
        true => 10_000,
        false => 1_000_000,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime can be made");
    let tokens = map(tenants);
    let (before, start) = (resident(), Instant::now());
    for tenant in 0..tenants {
        let token = runtime.block_on(tokens.token(&tenant));
        drop(token.expect("the transport answers"));
    }
    let (each, time) = ((resident() - before) / tokens.len(), start.elapsed());
    eprintln!("{tenants} tenants: {each} bytes each with tokens of {TOKEN}, filled in {time:.1?}");

    let mut criterion = Criterion::default().configure_from_args();
    let mut keys = Keys(1, tenants);
    criterion.bench_function("keyed: a token at rest among a million", |b| {
        b.iter(|| black_box(tokens.try_cached(&keys.next())));
    });
    criterion.bench_function("keyed: awaited, at rest among a million", |b| {
        b.iter(|| black_box(runtime.block_on(tokens.token(&keys.next()))));
    });
    criterion.bench_function("keyed: the same tenant again and again", |b| {
        b.iter(|| black_box(tokens.try_cached(&7)));
    });
    let source = tokens.source(&7).expect("it is there");
    criterion.bench_function("keyed: a tenant whose source is held", |b| {
        b.iter(|| black_box(source.try_cached()));
    });

    // What a map without bounds, expiry and packing costs.
    let plain: HashMap<u64, AccessToken> = (0..tenants)
        .filter_map(|tenant| Some((tenant, tokens.try_cached(&tenant)?)))
        .collect();
    let plain = RwLock::new(plain);
    criterion.bench_function("beside: one RwLock, a HashMap, a clone of the token", |b| {
        b.iter(|| {
            let plain = plain.read().expect("nobody panics with the lock");
            black_box(plain.get(&keys.next()).cloned())
        });
    });
    criterion.final_summary();
}
