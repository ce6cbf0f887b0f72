//! The JSON that leaves.
