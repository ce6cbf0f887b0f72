#!/usr/bin/env bash
# The tour of the console against a Busbar of its own; the pictures go to $PICTURES, by default into a folder that is thrown away.
# BUSBAR_BIN names the program (default: the debug build).
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
cd "$here/../.."

python3 -m tests.peers.debian chromium
python3 -m tests.peers.cache browser tests/browser
thrown_away="$(mktemp -d)"
trap 'rm -rf "$thrown_away"' EXIT
# The tour looks at log entries, which the tests' usual level does not write.
python3 -u -m tests.serve --database sqlite --set LOG_LEVEL=info -- node "$here/tour.mjs" "${PICTURES:-$thrown_away}"
