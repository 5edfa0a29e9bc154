//! Sources of several processes that share a token through a store, in every order of their steps that matters.

pub mod fleets;
pub mod tokens;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use fleets::{Mood, Site, World, asking, end, token_of};
use specmint_runtime::token::store::Versioned;
use specmint_runtime::token::{
    Fleet, Identity, InDoubt, KeyRing, Reject, SealingKey, StoreKeys, TokenErrorKind, TokenSource,
    TokenStore,
};
use tokens::{Nowhere, poll_once, secs};

#[test]
fn s31_the_others_get_what_one_was_issued() {
    let world = World::repeating();
    let tokens: Vec<_> = (0..20).map(|_| token_of(&world.member())).collect();
    assert_eq!(tokens, vec![Ok("a1".to_owned()); 20]);
    assert_eq!(world.server.presented(), ["initial"]);
}

#[test]
fn s31_each_refresh_token_is_presented_once_when_processes_renew_in_turn() {
    let world = World::seeded();
    let sources: Vec<_> = (0..5).map(|_| world.member()).collect();
    for hour in 1..=20 {
        for source in &sources {
            assert_eq!(token_of(source), Ok(format!("a{hour}")));
        }
        world.clock.pass(secs(3600));
    }
    world.server.saw_each_refresh_token_once();
    assert_eq!(world.server.presented().len(), 20);
}

/// Runs two processes; at the given numbers of polls the other one goes on, and after the last they take turns.
fn run_alternating(world: &World, switches: &[usize]) -> [Result<String, TokenErrorKind>; 2] {
    let mut asking = [(); 2].map(|()| Some(asking(&world.member())));
    let mut results = [None, None];
    let mut turn = 0;
    for polls in 0.. {
        assert!(polls < 4_000, "it never ends");
        let last = switches.iter().all(|switch| *switch < polls);
        if last || switches.contains(&polls) {
            turn = 1 - turn;
        }
        let Some(future) = &mut asking[turn] else {
            continue;
        };
        if let Poll::Ready(result) = poll_once(future.as_mut()) {
            let text = result.map(|token| token.expose().to_owned());
            results[turn] = Some(text.map_err(|error| error.kind()));
            asking[turn] = None;
            if asking[1 - turn].is_none() {
                break;
            }
        }
    }
    results.map(|result| result.expect("both have ended"))
}

/// All orders of two processes with three switches before they take turns.
#[test]
fn s31_no_order_of_steps_presents_a_refresh_token_twice() {
    let longest = 26;
    let mut orders = 0;
    for first in 0..longest {
        for second in first + 1..longest {
            for third in second + 1..longest {
                let world = World::seeded();
                let results = run_alternating(&world, &[first, second, third]);
                assert_eq!(results, [Ok("a1".into()), Ok("a1".into())]);
                assert_eq!(world.server.presented(), ["r0"]);
                orders += 1;
            }
        }
    }
    assert_eq!(orders, 2_600);
}

/// How many polls a process takes from asking to its token.
fn polls_alone(world: &World) -> usize {
    let mut asking = asking(&world.member());
    (1..)
        .find(|_| poll_once(asking.as_mut()).is_ready())
        .unwrap()
}

#[test]
fn s31_a_process_killed_at_any_point_never_makes_another_present_the_same_refresh_token() {
    for killed_at in 0..polls_alone(&World::seeded()) {
        let world = World::seeded();
        let mut dying = asking(&world.member());
        for _ in 0..killed_at {
            assert!(poll_once(dying.as_mut()).is_pending());
        }
        std::mem::forget(dying);
        let next = token_of(&world.member());
        world.server.saw_each_refresh_token_once();
        let presented = world.server.presented();
        assert!(presented.len() <= 1, "{killed_at}: {presented:?}");
        match next {
            Ok(token) => assert_eq!(token, "a1"),
            Err(kind) => assert_eq!(kind, TokenErrorKind::InDoubt, "{killed_at}"),
        }
    }
}

#[test]
fn s31_a_process_killed_at_any_point_is_survived_where_the_grant_repeats() {
    let mut world = World::repeating();
    token_of(&world.member()).unwrap();
    world.clock.pass(secs(3600));
    let polls = polls_alone(&world);
    for killed_at in 0..polls {
        world = World::repeating();
        token_of(&world.member()).unwrap();
        world.clock.pass(secs(3600));
        let mut dying = asking(&world.member());
        for _ in 0..killed_at {
            assert!(poll_once(dying.as_mut()).is_pending());
        }
        std::mem::forget(dying);
        assert!(token_of(&world.member()).is_ok(), "{killed_at}");
        world.server.saw_each_refresh_token_once();
    }
}

#[test]
fn s47_a_process_that_slept_at_any_point_does_not_undo_what_others_did() {
    for asleep_at in 0..polls_alone(&World::repeating()) {
        let world = World::repeating();
        let sleeper = world.member();
        let mut sleeping = asking(&sleeper);
        for _ in 0..asleep_at {
            assert!(poll_once(sleeping.as_mut()).is_pending());
        }
        world.clock.pass(secs(100));
        let other = token_of(&world.member()).unwrap();
        let slept = end(&mut sleeping).unwrap().expose().to_owned();
        let third = token_of(&world.member()).unwrap();
        assert_eq!(third, other, "asleep at {asleep_at}");
        // What the sleeper hands out is what all have, or what it was issued before it fell asleep.
        assert!(slept == other || asleep_at > 0, "asleep at {asleep_at}");
        world.server.saw_each_refresh_token_once();
    }
}

#[test]
fn s47_a_process_that_slept_before_it_asked_does_not_ask_when_its_lease_is_over() {
    for asleep_at in 0.. {
        let mut world = World::seeded();
        world.in_doubt = InDoubt::AssumeGrace(secs(600));
        let mut sleeping = asking(&world.member());
        for _ in 0..asleep_at {
            assert!(poll_once(sleeping.as_mut()).is_pending());
        }
        if world.server.0.lock().unwrap().begun > 0 {
            assert!(asleep_at > 2, "it slept at no point that matters");
            break;
        }
        world.clock.pass(secs(100));
        // The other presents it, for the server is said to forgive that.
        assert_eq!(token_of(&world.member()), Ok("a1".to_owned()));
        assert_eq!(end(&mut sleeping).unwrap().expose(), "a1");
        assert_eq!(world.server.presented(), ["r0"]);
    }
}

#[test]
fn s32_a_token_is_in_the_store_before_anybody_is_handed_it() {
    let world = World::repeating();
    let mut first = asking(&world.member());
    loop {
        let before = finish_load(&world).version;
        if let Poll::Ready(token) = poll_once(first.as_mut()) {
            assert_eq!(token.unwrap().expose(), "a1");
            assert_ne!(before, 0, "it was handed out before it was committed");
            break;
        }
    }
}

fn finish_load(world: &World) -> Versioned {
    let key = StoreKeys::new([1; 32]).key(Identity::default());
    tokens::finish(world.store.store.load(&key)).unwrap()
}

#[test]
fn s32_an_answer_without_a_refresh_token_leaves_the_old_one() {
    let world = World::repeating();
    world.server.mood(Mood::Lasting);
    for _ in 0..3 {
        token_of(&world.member()).unwrap();
        world.clock.pass(secs(3600));
    }
    assert_eq!(world.server.presented(), ["initial", "r1", "r1"]);
}

#[test]
fn s34_a_refresh_token_that_is_no_longer_good_is_presented_by_one_process_alone() {
    let world = World::seeded();
    world.server.0.lock().unwrap().live.clear();
    for _ in 0..5 {
        let kind = token_of(&world.member()).unwrap_err();
        assert_eq!(kind, TokenErrorKind::ReauthRequired);
        world.clock.pass(secs(600));
    }
    assert_eq!(world.server.presented(), ["r0"]);
}

#[test]
fn s34_after_a_refusal_one_begins_anew_for_all_where_the_grant_repeats() {
    let world = World::repeating();
    token_of(&world.member()).unwrap();
    world.server.0.lock().unwrap().live.clear();
    world.clock.pass(secs(3600));
    for _ in 0..3 {
        assert_eq!(token_of(&world.member()), Ok("a2".to_owned()));
    }
    assert_eq!(world.server.presented(), ["initial", "r1", "initial"]);
}

#[test]
fn s35_a_refresh_token_without_an_answer_is_not_presented_again_by_anybody() {
    let world = World::seeded();
    world.server.mood(Mood::Swallows);
    let source = world.member();
    let kind = token_of(&source).unwrap_err();
    assert_eq!(kind, TokenErrorKind::InDoubt);
    world.server.mood(Mood::Fine);
    for member in [source, world.member(), world.member()] {
        world.clock.pass(secs(120));
        let kind = token_of(&member).unwrap_err();
        assert_eq!(kind, TokenErrorKind::InDoubt);
    }
    assert_eq!(world.server.presented(), ["r0"]);
}

#[test]
fn s35_within_the_grace_of_the_server_another_presents_it_again() {
    let mut world = World::seeded();
    world.in_doubt = InDoubt::AssumeGrace(secs(60));
    world.server.mood(Mood::Swallows);
    token_of(&world.member()).unwrap_err();
    world.server.mood(Mood::Fine);
    // The server forgives.
    world.server.0.lock().unwrap().live.push("r0".to_owned());
    world.clock.pass(secs(10));
    assert_eq!(token_of(&world.member()), Ok("a2".to_owned()));
    assert_eq!(world.server.presented(), ["r0", "r0"]);
}

#[test]
fn s35_after_the_grace_of_the_server_nobody_presents_it_again() {
    let mut world = World::seeded();
    world.in_doubt = InDoubt::AssumeGrace(secs(60));
    world.server.mood(Mood::Swallows);
    token_of(&world.member()).unwrap_err();
    world.server.mood(Mood::Fine);
    world.clock.pass(secs(61));
    assert_eq!(token_of(&world.member()), Err(TokenErrorKind::InDoubt));
    assert_eq!(world.server.presented(), ["r0"]);
}

#[test]
fn s38_a_failure_is_a_failure_for_all_until_the_rest_is_over() {
    let world = World::repeating();
    world.server.mood(Mood::Busy);
    for _ in 0..50 {
        let kind = token_of(&world.member()).unwrap_err();
        assert_eq!(kind, TokenErrorKind::Unavailable);
    }
    assert_eq!(world.server.presented().len(), 1);
    world.server.mood(Mood::Fine);
    world.clock.pass(secs(60));
    assert_eq!(token_of(&world.member()), Ok("a1".to_owned()));
}

#[test]
fn s41_a_rejected_token_is_not_taken_from_the_store_again() {
    let world = World::repeating();
    let source = world.member();
    let token = end(&mut asking(&source)).unwrap();
    world.clock.pass(secs(60));
    source.reject(&token, Reject::Unauthorized);
    assert_eq!(token_of(&source), Ok("a2".to_owned()));
    assert_eq!(token_of(&world.member()), Ok("a2".to_owned()));
}

#[test]
fn s46_without_a_store_each_process_asks_for_itself_what_spends_nothing() {
    let world = World::repeating();
    world.server.mood(Mood::Plain);
    world.store.down.store(true, Ordering::Relaxed);
    assert_eq!(token_of(&world.member()), Ok("a1".to_owned()));
    assert_eq!(token_of(&world.member()), Ok("a2".to_owned()));
    world.store.down.store(false, Ordering::Relaxed);
    assert_eq!(token_of(&world.member()), Ok("a3".to_owned()));
    assert_eq!(token_of(&world.member()), Ok("a3".to_owned()));
}

#[test]
fn s46_without_a_store_no_refresh_token_is_presented() {
    let world = World::seeded();
    world.store.down.store(true, Ordering::Relaxed);
    let source = world.member();
    assert_eq!(token_of(&source), Err(TokenErrorKind::Store));
    assert_eq!(world.server.presented(), [""; 0]);
    world.store.down.store(false, Ordering::Relaxed);
    world.clock.pass(secs(120));
    assert_eq!(token_of(&source), Ok("a1".to_owned()));
}

#[test]
fn s46_a_refresh_token_that_nobody_else_has_is_presented_without_a_store() {
    let world = World::repeating();
    world.store.down.store(true, Ordering::Relaxed);
    let source = world.member();
    assert_eq!(token_of(&source), Ok("a1".to_owned()));
    world.clock.pass(secs(3600));
    assert_eq!(token_of(&source), Ok("a2".to_owned()));
    assert_eq!(world.server.presented(), ["initial", "r1"]);
}

#[test]
fn s46_what_could_not_be_committed_is_not_handed_out_and_not_lost() {
    let world = World::seeded();
    let source = world.member();
    world.store.commits_fail.store(true, Ordering::Relaxed);
    assert_eq!(token_of(&source), Err(TokenErrorKind::Store));
    world.store.commits_fail.store(false, Ordering::Relaxed);
    world.clock.pass(secs(120));
    assert_eq!(token_of(&source), Ok("a1".to_owned()));
    assert_eq!(token_of(&world.member()), Ok("a1".to_owned()));
    assert_eq!(world.server.presented(), ["r0"]);
}

#[test]
fn s46_what_is_wrong_with_the_store_is_told() {
    let world = World::repeating();
    world.store.down.store(true, Ordering::Relaxed);
    let told = Arc::new(AtomicUsize::new(0));
    let count = told.clone();
    let sealer = KeyRing::sealing(SealingKey::new(1, [2; 32]));
    let key = StoreKeys::new([1; 32]).key(Identity::default());
    let fleet =
        Fleet::with_shared(world.store.clone(), Arc::new(sealer), key).on_trouble(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
        });
    let source = TokenSource::builder(Site {
        repeats: true,
        begins: true,
    })
    .transport(world.server.clone())
    .executor(Nowhere)
    .custody(fleet)
    .build()
    .unwrap();
    token_of(&source).unwrap();
    assert_eq!(told.load(Ordering::Relaxed), 1);
}

#[test]
fn s45_the_store_holds_no_token_in_clear() {
    let world = World::repeating();
    token_of(&world.member()).unwrap();
    let sealed = finish_load(&world).value.unwrap();
    let text = String::from_utf8_lossy(sealed.as_bytes());
    assert!(!text.contains("a1") && !text.contains("access"), "{text}");
}

#[test]
fn s45_a_token_that_another_key_sealed_is_not_believed_and_not_overwritten() {
    let world = World::seeded();
    token_of(&world.member()).unwrap();
    let before = finish_load(&world);
    let strange = KeyRing::sealing(SealingKey::new(9, [9; 32]));
    let key = StoreKeys::new([1; 32]).key(Identity::default());
    let fleet = Fleet::with_shared(world.store.clone(), Arc::new(strange), key);
    let source = TokenSource::builder(Site {
        repeats: false,
        begins: false,
    })
    .transport(world.server.clone())
    .refresh_token("r0")
    .executor(Nowhere)
    .custody(fleet)
    .build()
    .unwrap();
    assert_eq!(token_of(&source), Err(TokenErrorKind::Store));
    let after = finish_load(&world);
    assert_eq!((after.version, after.value), (before.version, before.value));
    assert_eq!(world.server.presented(), ["r0"]);
}

#[test]
fn s37_what_is_revoked_leaves_the_store() {
    let world = World::repeating();
    let source = world.member();
    token_of(&source).unwrap();
    let mut revoking: Pin<Box<dyn Future<Output = _>>> =
        Box::pin(async move { source.revoke().await });
    end(&mut revoking).unwrap();
    assert_eq!(finish_load(&world).value, None);
}
