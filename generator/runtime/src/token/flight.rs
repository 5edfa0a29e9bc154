//! One future that many wait for, and that none of them can lose.
//!
//! A [`Flight`] holds a future. Whoever waits for it polls it, unless one of them is its pilot, who alone does;
//! when the pilot goes, all others carry on where it was. When all have gone the future stays as it is, until the
//! flight itself is dropped.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use super::sync::Mutex;

/// The future of a flight.
pub(super) type Course<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A future that many wait for.
pub(super) struct Flight<T> {
    course: Mutex<Stage<T>>,
    cabin: Arc<Cabin>,
}

/// How far it is.
enum Stage<T> {
    /// Nobody polls it just now.
    Parked(Course<T>),
    /// Somebody polls it, or it was taken away.
    Taken,
    /// It has ended.
    Landed(T),
}

/// Who waits. It is what the future wakes, and does not hold the future.
struct Cabin(Mutex<Seats>);

#[derive(Default)]
struct Seats {
    seats: Vec<Option<Seat>>,
    free: Vec<usize>,
    pilot: Option<usize>,
    /// Whether the future was woken since somebody began to poll it.
    rung: bool,
}

/// The place of one who waits, with what wakes it once it has polled.
struct Seat(Option<Waker>);

/// Whether one who waits is the only one to poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Pilot,
    Passenger,
}

/// Waits for a flight. Dropping it takes nothing from the others.
pub(super) struct Waiter<T> {
    flight: Arc<Flight<T>>,
    seat: usize,
}

impl<T: Clone> Flight<T> {
    pub(super) fn new(course: Course<T>) -> Arc<Self> {
        Arc::new(Self {
            course: Mutex::new(Stage::Parked(course)),
            cabin: Arc::new(Cabin(Mutex::new(Seats::default()))),
        })
    }

    /// Takes a seat.
    pub(super) fn board(self: &Arc<Self>, role: Role) -> Waiter<T> {
        Waiter {
            flight: Arc::clone(self),
            seat: self.cabin.take_seat(role),
        }
    }

    /// Whether nobody waits for it, so that it does not go on.
    pub(super) fn is_deserted(&self) -> bool {
        let seats = locked(&self.cabin.0);
        seats.seats.len() == seats.free.len()
    }

    /// Whether one of those who wait flies it by itself.
    pub(super) fn is_piloted(&self) -> bool {
        locked(&self.cabin.0).pilot.is_some()
    }

    /// Gives the future up, unless somebody polls it.
    pub(super) fn abandon(&self) {
        let mut stage = locked(&self.course);
        let parked = matches!(*stage, Stage::Parked(_));
        let course = parked.then(|| std::mem::replace(&mut *stage, Stage::Taken));
        drop(stage);
        drop(course);
    }

    /// Polls the future once, unless somebody else does or it has ended.
    fn advance(&self) -> Option<T> {
        let mut stage = locked(&self.course);
        let mut course = match std::mem::replace(&mut *stage, Stage::Taken) {
            Stage::Parked(course) => course,
            Stage::Taken => return None,
            Stage::Landed(outcome) => {
                *stage = Stage::Landed(outcome.clone());
                return Some(outcome);
            }
        };
        drop(stage);
        locked(&self.cabin.0).rung = false;
        let waker = Waker::from(Arc::clone(&self.cabin));
        match course.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(outcome) => {
                *locked(&self.course) = Stage::Landed(outcome.clone());
                self.cabin.wake_everyone();
                Some(outcome)
            }
            Poll::Pending => {
                *locked(&self.course) = Stage::Parked(course);
                // Those who were woken meanwhile found nothing to poll.
                if locked(&self.cabin.0).rung {
                    self.cabin.ring();
                }
                None
            }
        }
    }
}

impl Cabin {
    fn take_seat(&self, role: Role) -> usize {
        let mut seats = locked(&self.0);
        let seat = match seats.free.pop() {
            Some(seat) => {
                seats.seats[seat] = Some(Seat(None));
                seat
            }
            None => {
                seats.seats.push(Some(Seat(None)));
                seats.seats.len() - 1
            }
        };
        if role == Role::Pilot {
            seats.pilot = Some(seat);
        }
        seat
    }

    /// Notes what wakes this one; tells whether it is to poll.
    fn settle(&self, seat: usize, waker: &Waker) -> bool {
        let mut seats = locked(&self.0);
        match &mut seats.seats[seat] {
            Some(Seat(Some(known))) => known.clone_from(waker),
            place => *place = Some(Seat(Some(waker.clone()))),
        }
        seats.pilot.is_none_or(|pilot| pilot == seat)
    }

    /// Frees a seat. If it was the pilot's, all others are to poll.
    fn leave(&self, seat: usize) {
        let mut seats = locked(&self.0);
        let waker = seats.seats[seat].take();
        seats.free.push(seat);
        let was_pilot = seats.pilot == Some(seat);
        if was_pilot {
            seats.pilot = None;
        }
        drop(seats);
        drop(waker);
        if was_pilot {
            self.wake_everyone();
        }
    }

    /// Wakes the pilot, or everyone if there is none.
    fn ring(&self) {
        let mut seats = locked(&self.0);
        seats.rung = true;
        match seats.pilot {
            Some(pilot) => {
                let waker = seats.seats[pilot].as_ref().and_then(|seat| seat.0.clone());
                drop(seats);
                waker.iter().for_each(Waker::wake_by_ref);
            }
            None => {
                drop(seats);
                self.wake_everyone();
            }
        }
    }

    fn wake_everyone(&self) {
        let wakers: Vec<Waker> = {
            let seats = locked(&self.0);
            let seats = seats.seats.iter().flatten();
            seats.filter_map(|seat| seat.0.clone()).collect()
        };
        wakers.iter().for_each(Waker::wake_by_ref);
    }
}

impl Wake for Cabin {
    fn wake(self: Arc<Self>) {
        self.ring();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.ring();
    }
}

impl<T: Clone> Future for Waiter<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let flight = &self.flight;
        // Noted before looking, so that a landing in between wakes this one.
        let polls = flight.cabin.settle(self.seat, cx.waker());
        if !polls {
            return match &*locked(&flight.course) {
                Stage::Landed(outcome) => Poll::Ready(outcome.clone()),
                Stage::Parked(_) | Stage::Taken => Poll::Pending,
            };
        }
        match flight.advance() {
            Some(outcome) => Poll::Ready(outcome),
            None => Poll::Pending,
        }
    }
}

impl<T> Drop for Waiter<T> {
    fn drop(&mut self) {
        self.flight.cabin.leave(self.seat);
    }
}

/// The guard of a lock. Nothing panics under these locks but a broken invariant of ours.
fn locked<T>(mutex: &Mutex<T>) -> impl std::ops::DerefMut<Target = T> + '_ {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
