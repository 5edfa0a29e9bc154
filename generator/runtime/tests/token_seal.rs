//! Sealing: what lies in a store opens in its place, with its key, unchanged, and nowhere else.

use specmint_runtime::token::store::Sealed;
use specmint_runtime::token::{
    Identity, KeyRing, PlaintextSealer, SealError, Sealer, SealingKey, StoreKey, StoreKeys,
};

const SECRET: &[u8] = b"sentinel-refresh-token";

fn key(client: &str) -> StoreKey {
    let mut identity = Identity::default();
    identity.part("client", client);
    StoreKeys::new([7; 32]).key(identity)
}

fn ring() -> KeyRing {
    KeyRing::sealing(SealingKey::new(1, [1; 32]))
}

fn opened(sealer: &dyn Sealer, key: &StoreKey, sealed: &Sealed) -> Result<Vec<u8>, SealError> {
    sealer.open(key, sealed).map(|plain| plain.to_vec())
}

#[test]
fn s45_what_was_sealed_opens_in_its_place() {
    let sealed = ring().seal(&key("a"), SECRET).unwrap();
    assert_eq!(opened(&ring(), &key("a"), &sealed).unwrap(), SECRET);
}

#[test]
fn s45_a_sealed_value_shows_nothing_of_what_is_inside() {
    let one = ring().seal(&key("a"), SECRET).unwrap();
    let two = ring().seal(&key("a"), SECRET).unwrap();
    let holds = |sealed: &Sealed| sealed.as_bytes().windows(8).any(|w| w == &SECRET[..8]);
    assert!(!holds(&one) && !holds(&two));
    assert_ne!(one, two, "the same nonce twice");
    assert!(format!("{one:?}{:?}", ring()).find("sentinel").is_none());
}

#[test]
fn s45_a_value_that_was_moved_to_another_key_does_not_open() {
    for sealer in [&ring() as &dyn Sealer, &PlaintextSealer] {
        let sealed = sealer.seal(&key("a"), SECRET).unwrap();
        assert_eq!(
            opened(sealer, &key("b"), &sealed),
            Err(SealError::NotAuthentic)
        );
    }
}

#[test]
fn s45_a_value_that_was_changed_or_cut_does_not_open() {
    let sealed = ring().seal(&key("a"), SECRET).unwrap();
    let whole = sealed.as_bytes();
    for at in 0..whole.len() {
        let cut = Sealed::new(&whole[..at]);
        assert!(opened(&ring(), &key("a"), &cut).is_err(), "cut at {at}");
        let mut changed = whole.to_vec();
        changed[at] ^= 1;
        let changed = Sealed::new(changed);
        assert!(opened(&ring(), &key("a"), &changed).is_err(), "byte {at}");
    }
}

#[test]
fn s45_keys_change_without_losing_what_was_sealed() {
    let (old, new) = (SealingKey::new(1, [1; 32]), SealingKey::new(2, [2; 32]));
    let before = KeyRing::sealing(old.clone());
    let between = KeyRing::sealing(new.clone()).also_opening(old);
    let after = KeyRing::sealing(new);
    let sealed = before.seal(&key("a"), SECRET).unwrap();
    assert_eq!(opened(&between, &key("a"), &sealed).unwrap(), SECRET);
    let sealed_anew = between.seal(&key("a"), SECRET).unwrap();
    assert_eq!(opened(&after, &key("a"), &sealed_anew).unwrap(), SECRET);
    assert_eq!(
        opened(&after, &key("a"), &sealed),
        Err(SealError::UnknownKey)
    );
}

#[test]
fn s45_a_key_with_the_same_number_is_not_the_same_key() {
    let sealed = ring().seal(&key("a"), SECRET).unwrap();
    let other = KeyRing::sealing(SealingKey::new(1, [9; 32]));
    assert_eq!(
        opened(&other, &key("a"), &sealed),
        Err(SealError::NotAuthentic)
    );
}

#[test]
fn s45_plain_values_are_for_the_plain_sealer_alone() {
    let plain = PlaintextSealer.seal(&key("a"), SECRET).unwrap();
    assert_eq!(opened(&PlaintextSealer, &key("a"), &plain).unwrap(), SECRET);
    assert!(opened(&ring(), &key("a"), &plain).is_err());
    let sealed = ring().seal(&key("a"), SECRET).unwrap();
    assert!(opened(&PlaintextSealer, &key("a"), &sealed).is_err());
}

#[test]
fn s45_store_keys_depend_on_the_secret_and_show_no_name() {
    let identity = || {
        let mut identity = Identity::default();
        identity.part("client", "sentinel-client");
        identity
    };
    let one = StoreKeys::new([1; 32]).key(identity());
    let two = StoreKeys::new([2; 32]).key(identity());
    assert_ne!(one, two);
    assert_ne!(one.as_bytes(), &identity().digest());
    assert!(!format!("{one} {one:?}").contains("sentinel"));
    assert_eq!(one.to_string().len(), 64);
}
