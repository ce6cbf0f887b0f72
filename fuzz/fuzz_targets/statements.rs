//! The query parser and both renderers: no panic, and statements that parse and touch only what the request names.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/data/tests/it/statements.rs"]
#[allow(dead_code, reason = "what only the replay needs")]
mod statements;

static BENCH: LazyLock<statements::Bench> = LazyLock::new(statements::Bench::new);

fuzz_target!(|input: &[u8]| {
    BENCH.check(input);
});
