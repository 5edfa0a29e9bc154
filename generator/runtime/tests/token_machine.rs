//! The machine behind token sources under every order of a few events.
#![cfg(feature = "tokens")]

pub mod machine_world;
pub mod tokens;

use std::collections::HashSet;

use machine_world::{CALLERS, EVENTS, World};
use specmint_runtime::token::machine::Repeats;

/// How many events in a row are tried. Three callers, a flight that lands, time, and a second flight need seven.
const DEPTH: usize = 7;

/// Walks through all orders of the events, and checks that it saw what it is meant to see.
fn enumerate(repeats: Repeats) {
    let mut seen = HashSet::new();
    let (mut flights, mut waiting) = (0, 0);
    let mut edge = vec![(World::new(repeats), Vec::new())];
    for _ in 0..DEPTH {
        let mut next = Vec::new();
        for (world, path) in edge {
            for event in EVENTS {
                let mut world = world.clone();
                let step = || world.step(*event).then_some(world);
                match std::panic::catch_unwind(std::panic::AssertUnwindSafe(step)) {
                    Ok(Some(world)) if seen.insert(world.fingerprint()) => {
                        flights = flights.max(world.flights);
                        waiting = waiting.max(world.waiting);
                        let mut path = path.clone();
                        path.push(*event);
                        next.push((world, path));
                    }
                    Ok(_) => {}
                    Err(_) => panic!("{event:?} after {path:?}"),
                }
            }
        }
        edge = next;
    }
    assert!(
        flights >= 2 && waiting == CALLERS && seen.len() > 10_000,
        "it saw too little"
    );
}

#[test]
fn every_order_of_events_keeps_the_rules_when_the_grant_repeats() {
    enumerate(Repeats::Yes);
}

#[test]
fn every_order_of_events_keeps_the_rules_when_the_grant_is_good_once() {
    enumerate(Repeats::No);
}
