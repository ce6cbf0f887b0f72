"""One timed run of a generator, and what a set of rounds says."""

import json
import math
import os
import pathlib
import statistics
import subprocess

HERE = pathlib.Path(__file__).resolve().parent


def wrk(url, script, *arguments, connections, seconds, header=None, more=(), wrapper=()):
    """Runs wrk with one thread; answers its report, with `rate` in requests per second. Any error counts as a failed run."""
    command = [*wrapper, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", HERE / "wrk" / f"{script}.lua"]
    for each in (header, *more):
        command += ["-H", each] if each else []
    command += [url, "--", *arguments]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          env=dict(os.environ, LUA_PATH=f"{HERE / 'wrk'}/?.lua;;"))
    line = next((line for line in done.stdout.splitlines() if line.startswith("REPORT ")), None)
    if line is None:
        raise RuntimeError(f"wrk: {done.stdout}{done.stderr}")
    report = json.loads(line.removeprefix("REPORT "))
    report["rate"] = (report["requests"] - report["bad"]) / (report["microseconds"] / 1e6)
    if report["bad"] > report["requests"] / 1000:
        raise RuntimeError(f"{url}: {report['bad']} of {report['requests']} requests failed")
    return report


class Series:
    """The figures of one target, one per round, in the order of the rounds."""

    def __init__(self, name, unit):
        self.name = name
        self.unit = unit
        self.values = []
        self.p99 = []

    def add(self, value, p99=None):
        """One round; `p99` in microseconds."""
        self.values.append(value)
        if p99 is not None:
            self.p99.append(p99)

    @property
    def median(self):
        """The middle round."""
        return statistics.median(self.values)

    def row(self):
        """name, median, span, p99 in milliseconds."""
        late = f"{statistics.median(self.p99) / 1000:.1f} ms" if self.p99 else ""
        return [self.name, f"{figure(self.median)} {self.unit}", f"{figure(min(self.values))}–{figure(max(self.values))}", late]


def ratio(ours, theirs):
    """The median of the rounds' ratios, with the least and the greatest; larger is better for us. A round in which theirs did nothing says
    nothing."""
    each = [a / b for a, b in zip(ours.values, theirs.values) if b] or [math.nan]
    return statistics.median(each), min(each), max(each)


def figure(value):
    """A number that can be read."""
    if value >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
