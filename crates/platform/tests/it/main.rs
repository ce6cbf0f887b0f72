//! The platform over a small app: what the edge and the guards do, and what composition refuses.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod composition;
mod guards;
mod toy;
