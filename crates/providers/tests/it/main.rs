//! The providers against the conformance suites of their ports, and each one's own promises.

mod folder;
mod object_store;
