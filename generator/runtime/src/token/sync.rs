//! The lock that [`flight`](super::flight) is made with; its test puts another in its place.

pub(super) use std::sync::Mutex;
