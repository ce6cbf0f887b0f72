#!/usr/bin/env bash
# The published client package against a running Busbar: `run.sh sqlite` or `run.sh postgres`.
# BUSBAR_BIN names the program (default: the debug build). The second server has access tokens that live two seconds.
set -uo pipefail
database="${1:?sqlite or postgres}"
here="$(cd "$(dirname "$0")" && pwd)"
cd "$here/../../.."

python3 -m tests.peers.cache insforge tests/clients/insforge || exit 1
report="$(mktemp -d)"
trap 'rm -rf "$report"' EXIT

# serve <name> <files> <option of the server>…
serve() {
    local name="$1" files="$2"; shift 2
    # shellcheck disable=SC2086 -- the files are several words
    python3 -u -m tests.serve --database "$database" "$@" -- node --test --test-concurrency=2 \
        --test-reporter=spec --test-reporter-destination=stdout --test-reporter=tap --test-reporter-destination="$report/$name" $files
}

status=0
lasting="$(find "$here" -maxdepth 1 -name '*.test.mjs' ! -name expiry.test.mjs | sort)"
serve lasting "$lasting" || status=1
serve expiring "$here/expiry.test.mjs" --set ACCESS_TOKEN_SECONDS=2 || status=1

count() { cat "$report"/* 2>/dev/null | awk -v name="$1" '$1 == "#" && $2 == name { sum += $3 } END { print sum + 0 }'; }
echo "insforge-$database: $(count pass) passed, $(($(count fail) + $(count cancelled))) failed, $(($(count skipped) + $(count todo))) skipped"
exit "$status"
