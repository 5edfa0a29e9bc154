//! Tests from outside: specs in, files out; bytes on a socket. See README.md for how to add one.

mod book;
mod case;
mod cases;
mod census;
mod command;
mod compiled;
mod errors;
mod features;
mod fresh;
mod interrupted;
mod lock;
mod mock;
mod new;
mod overlay;
mod pages;
mod process;
mod remote;
mod repo;
mod review;
mod round_trip;
mod samples;
#[cfg(feature = "servers")]
mod servers;
mod site;
mod stable;
mod stale;
mod subset;
mod templates;
mod tidy;
mod together;
mod update;
mod watch;
mod wire;
mod workflows;
mod write;
mod xtask_case;
