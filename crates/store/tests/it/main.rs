//! The store's tests; each case runs on every database that is there.

mod basics;
mod harness;
