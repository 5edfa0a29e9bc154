//! What is left of secrets in memory once they are dropped. As far as this program's own buffers go: what HTTP and TLS
//! libraries keep is not ours to wipe.
#![cfg(all(feature = "jwt", target_os = "linux"))]

use std::fs::{File, read_to_string};
use std::io::{Read as _, Seek as _, SeekFrom};

use specmint_runtime::Secret;
use specmint_runtime::token::oauth::{ClientAuth, OAuthEndpoint, OAuthGrant, TokenUrl};
use specmint_runtime::token::{Endpoint, Grant};

/// The secret, disguised: the text itself must stand nowhere but where it is a secret.
const DISGUISED: [u8; 24] = [
    15, 36, 98, 63, 48, 61, 48, 35, 62, 47, 97, 49, 60, 36, 59, 59, 52, 42, 99, 34, 41, 46, 53, 100,
];
const DISGUISE: u8 = 0x55;

fn secret() -> Secret {
    let mut text = String::with_capacity(DISGUISED.len());
    text.extend(DISGUISED.iter().map(|byte| char::from(byte ^ DISGUISE)));
    Secret::from(text)
}

/// How often the secret stands in memory that this process can write.
fn occurrences() -> usize {
    let maps = read_to_string("/proc/self/maps").unwrap();
    let mut memory = File::open("/proc/self/mem").unwrap();
    let mut found = 0;
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let (from, to) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let [from, to] = [from, to].map(|text| u64::from_str_radix(text, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        if memory.seek(SeekFrom::Start(from)).is_err() || memory.read_exact(&mut bytes).is_err() {
            continue;
        }
        // Disguised at once, so that the copy is not found in its turn.
        for byte in &mut bytes {
            *byte ^= DISGUISE;
        }
        found += bytes
            .windows(DISGUISED.len())
            .filter(|at| *at == DISGUISED)
            .count();
        bytes.fill(0);
    }
    // The constant itself may stand there as it is disguised, which is no match of the text.
    found
}

#[test]
fn s07_no_buffer_of_ours_keeps_a_secret_that_was_dropped() {
    let kept = secret();
    assert!(occurrences() > 0, "a secret in use is found");
    drop(kept);
    assert_eq!(occurrences(), 0, "`Secret`");
    let url = || TokenUrl::new("https://a.example/token").unwrap();
    let grants: [fn() -> OAuthGrant; 2] = [OAuthGrant::client_credentials, || {
        OAuthGrant::danger_password("u", secret())
    }];
    for grant in grants {
        let auth = ClientAuth::post("i", secret());
        let endpoint = OAuthEndpoint::builder(url(), auth, grant())
            .build()
            .unwrap();
        let first = endpoint.request(Grant::Initial).unwrap();
        let later = endpoint.request(Grant::Refresh(&secret())).unwrap();
        assert!(occurrences() > 0);
        drop((first, later, endpoint));
        assert_eq!(occurrences(), 0, "an endpoint and its requests");
    }
}
