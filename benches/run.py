"""Runs the benchmarks and writes benches/results/latest.md: `python3 -m benches.run [--quick] [--rounds 5] [--seconds 10] [--pin] [b1 b2 b3 b4 b9 b12]`.

The program is $BUSBAR_BIN. No time is asserted: a machine's neighbours decide more than a change does. Answers are compared before timing, and
errors, missing rows and unequal answers end the run.
"""

import argparse
import sys
import time

from benches import facts
from benches.measure import figure
from benches.suite import SUITE, Settings, say
from tests.peers import cache, debian
from tests.peers.process import stop_on_signals
from tests.serve import program

LATEST = cache.ROOT / "benches" / "results" / "latest.md"


def table(head, rows):
    """A Markdown table."""
    return "\n".join(["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)])


def verdict(median, must, goal):
    """Where a ratio stands."""
    if goal is not None and median >= goal:
        return "reaches the goal"
    if must is not None:
        return "above the floor" if median >= must else "**below the floor**"
    return "" if goal is None else "below the goal"


def section(outcome):
    """One benchmark as Markdown."""
    parts = [f"## {outcome.title}", table(["", "median", "least–greatest", "p99"], [series.row() for series in outcome.series])]
    if outcome.ratios:
        shown = lambda value: "" if value is None else f"{figure(value)} ×"
        parts.append(table(["ratio", "median", "least–greatest", "floor", "goal", ""],
                           [[name, f"{figure(median)} ×", f"{figure(least)}–{figure(greatest)}", shown(must), shown(goal), verdict(median, must, goal)]
                            for name, median, least, greatest, must, goal in outcome.ratios]))
    parts += [f"- {note}" for note in outcome.notes]
    return "\n\n".join(parts[:-len(outcome.notes)] + ["\n".join(parts[-len(outcome.notes):])]) if outcome.notes else "\n\n".join(parts)


def main():
    """Runs what was chosen and shows it."""
    stop_on_signals()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benchmarks", nargs="*", choices=[*SUITE, []], metavar="b1 b2 b3 b4 b9 b12")
    parser.add_argument("--quick", action="store_true", help="one short round: proves the harness and the equal answers, says nothing about speed")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--pin", action="store_true", help="servers on processor 0, the generator on processor 1")
    options = parser.parse_args()
    debian.install("wrk", "curl", "strace", "postgresql")
    settings = Settings(rounds=options.rounds, seconds=options.seconds, pin=options.pin)
    if options.quick:
        settings = Settings(rounds=1, seconds=1, rows=5000, starts=2, objects=200, idle=1, pin=options.pin)
    began = time.monotonic()
    median, late = facts.sync_times()
    known = facts.machine()
    outcomes = []
    failures = 0
    for name in options.benchmarks or SUITE:
        say(f"{name}: {SUITE[name].__doc__}")
        try:
            outcomes.append(SUITE[name](settings))
        except RuntimeError as failure:
            failures += 1
            say(f"FAIL {name}: {failure}")
    where = "servers on processor 0, generator on processor 1" if options.pin else "servers and generator share all processors"
    text = "\n\n".join([
        "# Benchmarks, latest run",
        f"`{program().name}` from `{program().parent.name}`, {settings.rounds} rounds of {settings.seconds} s, every target in turn within a round; {where}. "
        "A ratio is the median of the rounds' ratios, with the least and the greatest. How and why: [README](../README.md).",
        *(section(outcome) for outcome in outcomes),
        "## Machine",
        table(["", ""], [[name, fact] for name, fact in [*known, ("write 4 KB and sync, one after another", f"median {median / 1000:.2f} ms, 99th percentile {late / 1000:.2f} ms"),
                                                         ("the whole run", f"{time.monotonic() - began:.0f} s")]]),
    ]) + "\n"
    print("\n" + text)
    if not options.quick and not options.benchmarks and not failures:
        LATEST.parent.mkdir(exist_ok=True)
        LATEST.write_text(text, encoding="utf-8")
    print(f"benchmarks: {len(outcomes)} passed, {failures} failed, 0 skipped")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
