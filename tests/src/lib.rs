//! Tests from outside: specs in, files out; bytes on a socket.
