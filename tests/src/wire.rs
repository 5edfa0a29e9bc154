//! The generated clients on real sockets.

mod server;
