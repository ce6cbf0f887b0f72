"""A table of ten million rows beside other requests: `python3 -m benches.large [--rows 10000000] [--seconds 10] [--rounds 3] [sqlite postgres]`.

Others read rows of a small table at a steady pace, alone and then beside each sort of work on the large one. What counts is their p99 beside
the work over their p99 alone in the same round; the aim is at most twice. No time is asserted. Answers are checked: pages hold the rows they must,
counts are the counts, and a statement beyond its time limit is refused by 57014. Writes benches/results/large.md.
"""

import argparse
import contextlib
import http.client
import json
import random
import sqlite3
import statistics
import threading
import time

from benches import facts
from benches.measure import figure
from benches.run import table
from benches.suite import say
from tests.peers import cache, debian, postgres
from tests.peers.process import stop_on_signals
from tests.serve import Busbar, program

RESULT = cache.ROOT / "benches" / "results" / "large.md"
COLUMNS = [{"columnName": name, "type": kind, "isNullable": True, "isUnique": unique}
           for name, kind, unique in (("n", "integer", True), ("name", "string", False), ("value", "float", False), ("kind", "integer", False))]
RECORDS = "/api/database/records"
# Others ask so often per second, each of four at its own steady pace.
PACE = 200
# Work on the large table: callers, and what they ask with the number of rows.
WORK = {
    "keyset pages": (2, lambda rows: (f"big?select=n,name&n=gt.{random.randrange(rows)}&order=n&limit=100", {})),
    "offset pages": (2, lambda rows: (f"big?select=n,name&order=n&limit=100&offset={random.randrange(rows - 100)}", {})),
    "exact counts": (2, lambda rows: ("big?select=n&limit=1", {"prefer": "count=exact"})),
    "planned counts": (2, lambda rows: (f"big?select=n&limit=1&n=gte.{random.randrange(rows)}", {"prefer": "count=planned"})),
    "an unindexed filter": (4, lambda rows: (f"big?select=n&name=eq.item%20{random.randrange(rows)}", {})),
    "an unindexed pattern, ordered": (4, lambda rows: (f"big?select=n&name=ilike.*{random.randrange(1000)}7*&order=value.desc&limit=10", {})),
}


class Caller:
    """A connection that is kept, with the project's key."""

    def __init__(self, busbar):
        self.connection = http.client.HTTPConnection("127.0.0.1", busbar.port, timeout=120)
        self.headers = {"x-api-key": busbar.api_key}

    def ask(self, path, headers=None):
        """(status, body, headers)."""
        self.connection.request("GET", f"{RECORDS}/{path}", headers={**self.headers, **(headers or {})})
        answer = self.connection.getresponse()
        return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}


def fill(busbar, rows, cluster):
    """The large table by the database itself, the small one by requests; the server stands still meanwhile."""
    for name in ("big", "small"):
        status, body, _ = busbar.call("POST", "/api/database/tables", {"tableName": name, "columns": COLUMNS, "rlsEnabled": False})
        if status != 201:
            raise RuntimeError(f"{status} {body}")
    small = [{"n": number, "name": f"item {number}", "value": 0.5, "kind": number % 7} for number in range(1000)]
    status, body, _ = busbar.call("POST", f"{RECORDS}/small", small)
    if status != 201:
        raise RuntimeError(f"{status} {body}")
    if cluster:
        postgres.query(busbar.database_url, f"INSERT INTO big (n, name, value, kind) SELECT n, 'item ' || n, n % 1000 + 0.5, n % 7 "
                                            f"FROM generate_series(0, {rows - 1}) n")
        postgres.query(busbar.database_url, "ANALYZE")
        return
    busbar.stop()
    [file] = [path for path in (busbar.folder / "data" / "sql").rglob("*.db") if has_table(path)]
    with contextlib.closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA synchronous=OFF")
        db.execute("PRAGMA cache_size=-500000")
        db.execute("WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n < ?) INSERT INTO big (id, n, name, value, kind) "
                   "SELECT printf('00000000-0000-4000-8000-%012d', n), n, 'item ' || n, n % 1000 + 0.5, n % 7 FROM s", (rows - 1,))
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    busbar.start()


def has_table(path):
    """Whether this file is the one with people's tables."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'big'").fetchone()[0] == 1


def right(path, rows, answer):
    """Raises unless an answer is the one it must be."""
    status, body, headers = answer
    if status not in (200, 206):
        raise RuntimeError(f"{path}: {status} {body[:300]}")
    found = json.loads(body)
    if "offset=" in path:
        first = int(path.split("offset=")[1])
        if [row["n"] for row in found] != list(range(first, first + 100)):
            raise RuntimeError(f"{path}: {found[:3]}")
    elif "n=gt." in path and "order=n" in path:
        first = int(path.split("n=gt.")[1].split("&")[0])
        if [row["n"] for row in found] != list(range(first + 1, min(first + 101, rows))):
            raise RuntimeError(f"{path}: {found[:3]}")
    elif "name=eq." in path and found != [{"n": int(path.rsplit("%20", 1)[1])}]:
        raise RuntimeError(f"{path}: {found[:3]}")
    elif path == "big?select=n&limit=1" and headers["content-range"] != f"0-0/{rows}":
        raise RuntimeError(f"{path}: {headers['content-range']}")


def others(busbar, seconds):
    """How late others' answers are, in milliseconds, sorted: rows of the small table, some by key, some by a range, at a steady pace. A request
    that could not be sent in time counts from when it should have been."""
    late, threads, failed = [], [], []

    def run(number):
        caller, step = Caller(busbar), 4 / PACE
        start = time.perf_counter() + number * step / 4
        for turn in range(int(seconds / step)):
            due = start + turn * step
            time.sleep(max(0, due - time.perf_counter()))
            key = random.randrange(990)
            path = f"small?select=n,name&n=eq.{key}" if turn % 2 else f"small?select=n,name&n=gte.{key}&order=n&limit=5"
            status, body, _ = caller.ask(path)
            if status != 200 or json.loads(body)[0] != {"n": key, "name": f"item {key}"}:
                failed.append((path, status, body))
                return
            late.append((time.perf_counter() - due) * 1000)

    for number in range(4):
        threads.append(threading.Thread(target=run, args=(number,)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError(failed[0])
    return sorted(late)


def p99(values):
    """All but one of a hundred are at most this."""
    return values[min(len(values) - 1, int(len(values) * 0.99))]


def beside(busbar, rows, work, seconds):
    """(others' p99, requests of the work per second, its median in milliseconds)."""
    callers, make = work
    stop, taken, failed = threading.Event(), [], []

    def run():
        caller = Caller(busbar)
        while not stop.is_set():
            path, headers = make(rows)
            begin = time.perf_counter()
            try:
                right(path, rows, caller.ask(path, headers))
            except (RuntimeError, OSError) as error:
                failed.append(error)
                return
            taken.append((time.perf_counter() - begin) * 1000)

    threads = [threading.Thread(target=run) for _ in range(callers)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    late = others(busbar, seconds)
    stop.set()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return p99(late), len(taken) / seconds, statistics.median(taken)


def limited(busbar):
    """Raises unless a statement that takes too long is ended with a clear error."""
    caller = Caller(busbar)
    begin = time.perf_counter()
    # Each row is compared with many patterns, which no database does in time.
    patterns = ",".join(f"*{number}*9*8*7*6*5*x*" for number in range(400))
    status, body, _ = caller.ask(f"big?select=n&name=ilike(any).{{{patterns}}}&limit=1")
    seconds = time.perf_counter() - begin
    code = json.loads(body).get("code") if status >= 400 else None
    say(f"  beyond the time limit: {status} {body[:120].decode()} after {seconds:.1f} s")
    if (status, code) != (500, "57014"):
        return f"a statement of {seconds:.1f} s was still answered: {status}; the table is too small to meet the limit"
    return f"a statement beyond the limit was ended after {seconds:.1f} s with {status}, code {code}"


def run(name, rows, options):
    """One database's part of the page."""
    with contextlib.ExitStack() as stack:
        cluster = stack.enter_context(postgres.Postgres()) if name == "postgres" else None
        url = postgres.new_database(cluster.url) if cluster else None
        busbar = Busbar(database_url=url, variables={"APP_ENV": "development", "LOG_LEVEL": "error"})
        stack.callback(busbar.remove)
        busbar.start()
        begin = time.perf_counter()
        fill(busbar, rows, cluster)
        say(f"{name}: {rows} rows in {time.perf_counter() - begin:.0f} s")
        others(busbar, 2)
        lines = {work: [] for work in WORK}
        for number in range(options.rounds):
            for work in WORK:
                alone = p99(others(busbar, options.seconds))
                late, rate, middle = beside(busbar, rows, WORK[work], options.seconds)
                lines[work].append((alone, late, late / alone, rate, middle))
                say(f"  round {number + 1}: {work}: others {alone:.1f} -> {late:.1f} ms ({late / alone:.1f} x), {rate:.1f}/s at {middle:.0f} ms")
        parts = [f"## {name}, {figure(rows)} rows", "",
                 "| beside | others' p99 alone | beside it | times | the work itself |", "| --- | --- | --- | --- | --- |"]
        for work, found in lines.items():
            alone, late, times, rate, middle = (statistics.median(values) for values in zip(*found))
            least, greatest = min(entry[2] for entry in found), max(entry[2] for entry in found)
            verdict = "within" if times <= 2 else "**beyond**"
            parts.append(f"| {work}, {WORK[work][0]} callers | {alone:.1f} ms | {late:.1f} ms | {times:.1f} ({least:.1f}–{greatest:.1f}), {verdict} twice | "
                         f"{figure(rate)}/s, median {middle:.0f} ms |")
        parts += ["", f"- {limited(busbar)}"]
        return "\n".join(parts)


def main():
    """Runs what was chosen and writes the page."""
    stop_on_signals()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("databases", nargs="*", metavar="sqlite postgres")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    debian.install("postgresql")
    program()
    sections = [run(name, options.rows, options) for name in options.databases or ["sqlite", "postgres"]]
    text = "\n\n".join(["# A large table beside other requests", *sections, "## Machine", table(["", ""], [[name, fact] for name, fact in facts.machine()])]) + "\n"
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(text, encoding="utf-8")
    say(text)


if __name__ == "__main__":
    main()
