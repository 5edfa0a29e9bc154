//! The hand-written half of every client that specmint generates.
