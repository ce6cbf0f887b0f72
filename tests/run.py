"""What `make test` and `make test-peers` run: every suite, then one summary. Nothing outlives it.

`python3 -m tests.run test` or `python3 -m tests.run peers`; names after it choose single suites.
"""

import os
import re
import subprocess
import sys
import time

from tests.peers import cache, debian
from tests.peers import run as peers
from tests.peers.process import stop_on_signals

PYTHON = [sys.executable, "-u", "-m"]
DATABASES = ("sqlite", "postgres")

# name: command. Each command's last line is `<suite>: N passed, N failed, N skipped`, but for cargo and vitest, which have their own.
TEST = {
    "rust": ["cargo", "test", "--workspace", "--locked", "--no-fail-fast", "--", "--show-output"],
    "ui": ["npm", "--prefix", "ui", "test"],
    **{f"insforge-{name}": ["tests/clients/insforge/run.sh", name] for name in DATABASES},
    **{f"s3-clients-{name}": [*PYTHON, "tests.clients.s3.run", "--database", name] for name in DATABASES},
    **{f"postgrest-{name}": ["tests/clients/postgrest/run.sh", name] for name in DATABASES},
    **{f"input-{name}": [*PYTHON, "tests.input.run", "--database", name] for name in DATABASES},
    **{f"kill-{name}": [*PYTHON, "tests.kill.rounds", "--database", name, "--rounds", os.environ.get("ROUNDS", "3")] for name in DATABASES},
    **{f"kill-uploads-{name}": [*PYTHON, "tests.kill.uploads", "--database", name, "--rounds", os.environ.get("ROUNDS", "3")] for name in DATABASES},
    **{f"kill-gateway-{name}": [*PYTHON, "tests.kill.gateway", "--database", name, "--rounds", os.environ.get("ROUNDS", "3")] for name in DATABASES},
    **{f"power-loss-{name}": [*PYTHON, "tests.kill.powerloss", "--database", name] for name in DATABASES},
}
# Part of the Rust tests; by name with more requests: BUSBAR_TEST_TENANT_REQUESTS.
FULL = {
    "tenants": ["cargo", "test", "-p", "busbar-store", "-p", "busbar-data", "--locked", "--test", "it", "--", "no_request_sees_a_row", "--show-output"],
}
PEERS = {
    **{f"files-memory-{name}": [*PYTHON, "tests.clients.s3.memory", "--store", name] for name in ("folder", "minio")},
    **{f"s3-{name}": [*PYTHON, "tests.peers.s3", name] for name in ("minio", "moto")},
    "fuzz": [*PYTHON, "tests.fuzz.run"],
    "postgis": ["cargo", "test", "-p", "busbar-data", "--locked", "--test", "it", "--", "m5_rows_are_features_where_postgis_is", "--show-output"],
    "browser": ["tests/browser/run.sh"],
    "benchmarks": [*PYTHON, "benches.run", "--quick"],
}
OWN_LINE = re.compile(r"^[\w .-]+: (\d+) passed, (\d+) failed, (\d+) skipped$")
CARGO_LINE = re.compile(r"^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored")
VITEST_LINE = re.compile(r"^\s*Tests\s+(?:(\d+) failed[ |]*)?(?:(\d+) passed)?(?:[ |]*(\d+) skipped)?")


class Tally:
    """Follows a suite's output: what to show, what to count."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.skips = []
        self.inside_output = False

    def shows(self, line):
        """Counts what the line says; false for the printed output of passing Rust tests, which is asked for only to see the skips."""
        line = re.sub(r"\x1b\[[0-9;]*m", "", line)
        if line.startswith("skipped:"):
            self.skips.append(line.removeprefix("skipped:").strip())
            return True
        for pattern, order in ((OWN_LINE, (1, 2, 3)), (CARGO_LINE, (1, 2, 3)), (VITEST_LINE, (2, 1, 3))):
            found = pattern.match(line)
            if found and any(found.groups()):
                counts = [int(found.group(number) or 0) for number in order]
                self.passed, self.failed, self.skipped = (
                    total + more for total, more in zip((self.passed, self.failed, self.skipped), counts))
        if line == "successes:":
            self.inside_output = True
        elif line == "failures:" or line.startswith("test result:"):
            self.inside_output = False
        return not self.inside_output


def run_suite(name, command, environment):
    """Runs one suite and shows its output; answers its tally, with at least one failure when it ended badly."""
    print(f"\n=== {name}: {' '.join(command)}", flush=True)
    tally = Tally()
    started = time.monotonic()
    child = subprocess.Popen(command, cwd=cache.ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, errors="replace")
    try:
        for line in child.stdout:
            if tally.shows(line.rstrip("\n")):
                print(line, end="", flush=True)
        status = child.wait()
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait()
    if status != 0 and tally.failed == 0:
        tally.failed = 1
        print(f"FAIL {name}: ended with status {status}", flush=True)
    if status == 0 and tally.passed == 0:
        tally.failed = 1
        print(f"FAIL {name}: it ran no test", flush=True)
    tally.seconds = time.monotonic() - started
    return tally


def main(arguments):
    """Runs the chosen suites with private servers; the exit status is 0 only when none failed."""
    stop_on_signals()
    group, chosen = arguments[0], arguments[1:]
    suites = {"test": TEST, "peers": PEERS}[group]
    suites = {name: command for name, command in {**suites, **FULL}.items() if name in chosen or (not chosen and name in suites)}
    debian.install("curl", "gcc", "postgresql", "python3-venv", "redis-server", "strace", *(["wrk"] if group == "peers" else []))
    if "postgis" in suites:
        debian.install(debian.postgis())
    with peers.servers("postgres", "redis") as environment:
        environment.update(BUSBAR_TEST_REQUIRE_PEERS="1", CI=environment.get("CI", "true"), FORCE_COLOR="0", NO_COLOR="1")
        # The program embeds the pages, so they are built first.
        subprocess.run(["make", "--no-print-directory", "ui", "ui/node_modules/.package-lock.json"], cwd=cache.ROOT, check=True, stdin=subprocess.DEVNULL)
        if group == "peers" or chosen:
            subprocess.run(["cargo", "build", "-p", "busbar-server", "--locked"], cwd=cache.ROOT, check=True)
        tallies = {name: run_suite(name, command, environment) for name, command in suites.items()}
    return summary(tallies)


def summary(tallies):
    """A line per suite, every skip by name, and the sum."""
    print("\n=== summary")
    for name, tally in tallies.items():
        print(f"{name:22} {tally.passed:5} passed {tally.failed:4} failed {tally.skipped + len(tally.skips):4} skipped {tally.seconds:7.0f} s")
    for name, tally in tallies.items():
        for skip in tally.skips:
            print(f"skipped in {name}: {skip}")
    passed, failed, skipped = (
        sum(counts) for counts in zip(*((t.passed, t.failed, max(t.skipped, len(t.skips))) for t in tallies.values())))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
