#!/usr/bin/env bash
# PostgREST's published client against a running Busbar: `run.sh sqlite` or `run.sh postgres`.
# BUSBAR_BIN names the program (default: the debug build).
set -uo pipefail
database="${1:?sqlite or postgres}"
here="$(cd "$(dirname "$0")" && pwd)"
cd "$here/../../.."

python3 -m tests.peers.cache postgrest tests/clients/postgrest || exit 1
report="$(mktemp -d)"
trap 'rm -rf "$report"' EXIT

status=0
# shellcheck disable=SC2046 -- the files are several words
python3 -u -m tests.serve --database "$database" --sql "$here/schema.sql" --set DB_TX_END=commit-allow-override \
    --set DB_PLAN_ENABLED=true --set SERVER_TIMING_ENABLED=true -- node --test --test-concurrency=2 \
    --test-reporter=spec --test-reporter-destination=stdout --test-reporter=tap --test-reporter-destination="$report/all" \
    $(find "$here" -maxdepth 1 -name '*.test.mjs' | sort) || status=1

count() { cat "$report"/* 2>/dev/null | awk -v name="$1" '$1 == "#" && $2 == name { sum += $3 } END { print sum + 0 }'; }
echo "postgrest-$database: $(count pass) passed, $(($(count fail) + $(count cancelled))) failed, $(($(count skipped) + $(count todo))) skipped"
exit "$status"
