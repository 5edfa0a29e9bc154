//! Fakes of APIs: servers on this machine, so that a program that calls an API is tested without its vendor.
//!
//! In: the tables that the generator writes beside each operation. Out: a [`FakeServer`] that answers as the
//! API's description says, until a test says more by a [`Route`].
//!
//! A request goes to the operation that its method and path name, is looked at (credentials, required parts,
//! what the description says of them), and is answered: as the test said, or else with the success that the
//! description shows. What fails the look gets the refusal that is declared for it. Every request is kept, so
//! that a test can count them and read what was asked.
//!
//! A fake listens on 127.0.0.1 alone, in plain HTTP/1.1, on a thread of its own that ends with it.

mod answer;
mod check;
mod form;
#[macro_use]
mod macros;
mod path;
mod received;
mod route;
mod server;
mod spec;
mod world;

#[cfg(feature = "xml")]
pub use self::answer::write_slot_or_xml;
pub use self::answer::{Answer, Fault, Replies, ScriptError, write_slot};
pub use self::received::{Asked, Received, read_bytes, read_nothing, read_slot, read_text};
pub use self::route::Route;
pub use self::server::FakeServer;
pub use self::spec::{
    BodyOf, Described, FakeAnswer, FakeBody, FakeOperation, FakeParam, FakeSpec, Need, Shape,
    Statuses, check_answer, check_nothing, check_slot, check_text, param,
};
pub use self::world::{Mismatch, Strictness};
