#!/usr/bin/env bash
# Fuzzes the record grammar: `fuzz/run.sh [seconds]`, 60 by default. Works with the stable compiler of the project: the
# coverage that libFuzzer needs is asked of the compiler by flags. Anything it finds is written to fuzz/artifacts.
# `cargo +nightly fuzz run statements` does the same where cargo-fuzz is installed.
set -euo pipefail
cd "$(dirname "$0")"
seconds="${1:-60}"
target="$(rustc -vV | sed -n 's/^host: //p')"
flags=(
    --cfg fuzzing
    -Cpasses=sancov-module
    -Cllvm-args=-sanitizer-coverage-level=4
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
    -Cllvm-args=-sanitizer-coverage-pc-table
    -Cllvm-args=-sanitizer-coverage-trace-compares
    -Cdebug-assertions
)
RUSTFLAGS="${flags[*]}" cargo build --release --target "$target" --target-dir "${FUZZ_TARGET:-target}"
python3 corpus.py unpack
mkdir -p artifacts
exec nice -n 19 "${FUZZ_TARGET:-target}/$target/release/statements" corpus/statements \
    -dict=grammar.dict -max_len=600 -timeout=20 -rss_limit_mb=3000 -artifact_prefix=artifacts/ \
    -max_total_time="$seconds" -print_final_stats=1
