//! Fifty processes that share one rotating refresh token through Redis, with and without deaths among them.
//!
//! The token server is a strict one: a refresh token is good once, and one that comes again revokes its family (RFC
//! 9700, section 4.14.2).

mod bank;

use std::collections::BTreeMap;
use std::io::Read as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use super::redis::Redis;
use bank::{Bank, Fate};

const PROCESSES: usize = 50;

/// The processes of a fleet, by their id.
#[derive(Clone, Default)]
struct Processes(Arc<Mutex<BTreeMap<u32, Child>>>);

/// Who tells that processes have ended, and hears of it.
struct Ends(Sender<u32>, Receiver<u32>);

impl Ends {
    fn new() -> Self {
        let (tell, hear) = channel();
        Self(tell, hear)
    }
}

impl Processes {
    fn all(&self) -> MutexGuard<'_, BTreeMap<u32, Child>> {
        self.0.lock().expect("nobody panics with the lock")
    }

    fn start(&self, arguments: &[&str], ends: &Ends) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_fleet-worker"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the worker was built");
        let (id, tell) = (child.id(), ends.0.clone());
        let mut output = child.stdout.take().expect("the output is piped");
        // It says nothing, and its output ends when it does, however it does.
        std::thread::spawn(move || {
            let _ = output.read_to_end(&mut Vec::new());
            let _ = tell.send(id);
        });
        self.all().insert(id, child);
    }

    /// Kills one as the system does: no code of its own runs any more.
    fn kill(&self, id: u32) {
        if let Some(mut child) = self.all().remove(&id) {
            child.kill().expect("it is a child of ours");
            child.wait().expect("it is a child of ours");
        }
    }

    /// Waits until all have ended; gives how those ended that were not killed.
    fn join(&self, ends: &Ends, patience: Duration) -> Vec<ExitStatus> {
        let mut ended = Vec::new();
        while !self.all().is_empty() {
            let id = ends.1.recv_timeout(patience);
            let id = id.unwrap_or_else(|_| panic!("{} still run", self.all().len()));
            let child = self.all().remove(&id);
            ended.extend(child.map(|mut child| child.wait().expect("it is a child of ours")));
        }
        ended
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        if Arc::strong_count(&self.0) == 1 {
            let ids: Vec<u32> = self.all().keys().copied().collect();
            ids.into_iter().for_each(|id| self.kill(id));
        }
    }
}

#[test]
fn s31_fifty_processes_present_each_of_two_hundred_refresh_tokens_once() {
    let redis = Redis::start();
    let bank = Bank::open("r0", |_, _| Fate::Lives);
    let (processes, ends) = (Processes::default(), Ends::new());
    let (url, port) = (redis.url(), bank.port().to_string());
    for _ in 0..PROCESSES {
        processes.start(&[&url, &port, "r0", "10000", "200"], &ends);
    }
    let ended = processes.join(&ends, Duration::from_secs(120));
    assert!(ended.iter().all(ExitStatus::success), "{ended:?}");
    let books = bank.books();
    assert_eq!(books.families_revoked, 0);
    assert_eq!(books.presented.len(), 200);
    for (token, times) in &books.presented {
        assert_eq!(*times, 1, "{token}");
    }
}

#[test]
fn s31_processes_that_are_killed_at_random_points_get_no_family_revoked() {
    const DEATHS: usize = 12;
    let redis = Redis::start();
    let (processes, ends) = (Processes::default(), Ends::new());
    let victims = processes.clone();
    let deaths = Arc::new(Mutex::new(0));
    let count = deaths.clone();
    let bank = Bank::open("none", move |id, request| {
        let mut deaths = count.lock().expect("nobody panics with the lock");
        // About every tenth request is somebody's last, at another point each time.
        if request % 10 != 9 || *deaths == DEATHS {
            return Fate::Lives;
        }
        *deaths += 1;
        let victims = victims.clone();
        let kill = Box::new(move || victims.kill(id));
        match *deaths % 4 {
            0 => Fate::DiesUnheard(kill),
            1 => Fate::DiesUnanswered(kill),
            2 => Fate::DiesAfter(0, kill),
            _ => Fate::DiesAfter(id * 37 % 2_000, kill),
        }
    });
    let (url, port) = (redis.url(), bank.port().to_string());
    for _ in 0..PROCESSES {
        processes.start(&[&url, &port, "initial", "1500", "200"], &ends);
    }
    let ended = processes.join(&ends, Duration::from_secs(180));
    assert!(ended.iter().all(ExitStatus::success), "{ended:?}");
    let killed = *deaths.lock().expect("nobody panics with the lock");
    // Who has done all its work when the blow falls ends by itself; most do not get so far.
    let survivors = PROCESSES - DEATHS..=PROCESSES - DEATHS / 2;
    assert_eq!(killed, DEATHS);
    assert!(survivors.contains(&ended.len()), "{} ended", ended.len());
    let books = bank.books();
    assert_eq!(books.families_revoked, 0);
    for (token, times) in &books.presented {
        assert_eq!(*times, 1, "{token}");
    }
    // Each death with the lease in hand costs at most one new beginning.
    assert!(
        books.families <= 1 + DEATHS + 1,
        "{} families",
        books.families
    );
}
