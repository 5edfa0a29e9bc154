//! Tests from outside: specs in, files out; bytes on a socket. See README.md for how to add one.

mod repo;
mod tidy;
mod write;
