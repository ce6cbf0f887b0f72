"""The benchmarks: B1, B2, B3, B4, B9 and B12. Each answers its rows, its ratios and its notes."""

import contextlib
import csv
import dataclasses
import json
import pathlib
import socket
import subprocess
import tempfile
import time

from benches import facts, objects, pages
from benches.measure import Series, figure, ratio, wrk
from benches.targets import NOTE, BusbarTarget, NodeTarget, PocketBaseTarget, item
from tests.peers import cache, postgres
from tests.serve import program


@dataclasses.dataclass
class Settings:
    """How long and how often. `quick` proves that everything runs and says nothing about speed."""

    rounds: int = 5
    seconds: int = 10
    rows: int = 100_000
    starts: int = 21
    objects: int = 5_000
    idle: int = 10
    pin: bool = False

    @property
    def server(self):
        """Put before every server's command."""
        return ["taskset", "-c", "0"] if self.pin else []

    @property
    def generator(self):
        """Put before every generator's command."""
        return ["taskset", "-c", "1"] if self.pin else []


@dataclasses.dataclass
class Outcome:
    """What a benchmark found: series to show, ratios (name, median, least, greatest, must, goal), notes."""

    title: str
    series: list = dataclasses.field(default_factory=list)
    ratios: list = dataclasses.field(default_factory=list)
    notes: list = dataclasses.field(default_factory=list)

    def compare(self, name, ours, theirs, must=None, goal=None):
        """Adds a ratio of two series."""
        self.ratios.append((name, *ratio(ours, theirs), must, goal))


def say(text):
    """Progress."""
    print(text, flush=True)


def rounds(settings, runs):
    """Runs every (series, act) of a round in turn, so that a slow spell of the machine hits all of them; answers the series."""
    for number in range(settings.rounds):
        for series, act in runs:
            value, p99 = act()
            series.add(value, p99)
            say(f"  round {number + 1}: {series.name}: {figure(value)} {series.unit}")
    return [series for series, _ in runs]


def same_answers(targets, numbers):
    """Raises unless all targets give the same rows."""
    for number in numbers:
        for target in targets:
            if target.row(number) != item(number):
                raise RuntimeError(f"{target.name} answers {target.row(number)} for row {number}, not {item(number)}")


def b1(settings):
    """One row by key."""
    outcome = Outcome(f"B1: read one row by key, {settings.rows} rows, 64 connections")
    with contextlib.ExitStack() as stack:
        ours, node, pocketbase = (stack.enter_context(kept(make(settings.rows, settings.server))) for make in (BusbarTarget, NodeTarget, PocketBaseTarget))
        targets = [target.start() for target in (ours, node, pocketbase)]
        same_answers(targets, [0, 1, settings.rows // 2, settings.rows - 1])

        def read(target):
            report = wrk(target.url, "read", target.read_path, settings.rows, connections=64, seconds=settings.seconds,
                         header=target.header, wrapper=settings.generator)
            return report["rate"], report["p99"]

        def constant():
            report = wrk(f"{ours.url}/health/live", "constant", connections=64, seconds=settings.seconds, wrapper=settings.generator)
            return report["rate"], report["p99"]

        for target in targets:
            wrk(target.url, "read", target.read_path, settings.rows, connections=64, seconds=max(1, settings.seconds // 5), header=target.header)
        runs = [(Series(target.name, "req/s"), lambda target=target: read(target)) for target in targets]
        outcome.series = rounds(settings, [*runs, (Series("ceiling: Busbar's constant /health/live", "req/s"), constant)])
        busbar, fastify, base, ceiling = outcome.series
        outcome.compare("Busbar / Node", busbar, fastify, 2.5, 5)
        outcome.compare("Busbar / PocketBase", busbar, base)
        outcome.compare("Busbar / its own ceiling", busbar, ceiling, None, 0.8)
        outcome.notes.append(f"The generator alone reaches {figure(ceiling.median)} req/s, so it limits no row below that.")
    return outcome


def b2(settings):
    """Pages with related rows."""
    outcome = Outcome(f"B2: a page of {pages.PAGE} rows by filter and order, with one to-one and one to-many embed and the exact count, 64 connections")
    pages.b2(settings, outcome, rounds, kept)
    return outcome


@contextlib.contextmanager
def kept(target):
    """Removes the target at the end."""
    try:
        yield target
    finally:
        target.remove()


def pgbench(cluster, *arguments):
    """(transactions per second, None)."""
    done = postgres_program(cluster, "pgbench", *arguments)
    line = next((line for line in done.splitlines() if line.startswith("tps")), None)
    # On a disk that stands still nothing may finish in a short round, and then there is no such line.
    return float(line.split("=")[1].split()[0]) if line else 0.0, None


def postgres_program(cluster, name, *arguments, database="postgres"):
    """Runs a program of the cluster as its superuser; answers what it printed."""
    done = subprocess.run([str(part) for part in (cluster.bin / name, "-h", "127.0.0.1", "-p", cluster.port, "-U", "postgres", *arguments, database)],
                          env={"PGPASSWORD": cluster.password, "PATH": "/usr/bin:/bin"}, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{name}: {done.stderr}")
    return done.stdout


# The transaction of one insert through the data API: role and claims for the transaction, then the statement.
SAME_TRANSACTION = f"""BEGIN;
SELECT set_config('role', 'postgres', true), set_config('request.jwt.claims', '{{"role":"anon"}}', true);
INSERT INTO items (name, value, note) VALUES ('item', 1.5, '{NOTE}');
COMMIT;
"""


def b3(settings):
    """Durable inserts."""
    outcome = Outcome("B3: durable inserts, one row per request, 256 connections")
    with contextlib.ExitStack() as stack:
        cluster = stack.enter_context(postgres.Postgres(durable=True, wrapper=settings.server))
        postgres_program(cluster, "pgbench", "-i", "-q", "-s", "10")
        postgres.query(cluster.url, "CREATE TABLE items (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text, value double precision, note text, "
                                    "created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now())")
        script = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="busbar-pgbench-"))) / "insert.sql"
        script.write_text(SAME_TRANSACTION, encoding="utf-8")
        makers = [
            lambda: BusbarTarget(1000, settings.server, filler=False),
            lambda: NodeTarget(1000, settings.server),
            lambda: PocketBaseTarget(1000, settings.server),
            lambda: PocketBaseTarget(1000, settings.server, synced=True),
            lambda: BusbarTarget(1000, settings.server, database_url=postgres.new_database(cluster.url), filler=False),
            lambda: NodeTarget(1000, settings.server, database_url=postgres.new_database(cluster.url)),
        ]
        targets = [stack.enter_context(kept(make())).start() for make in makers]
        same_answers(targets, [0, 999])

        def insert(target, seconds=settings.seconds):
            report = wrk(target.url, "insert", target.insert_path, connections=256, seconds=seconds, header=target.header, wrapper=settings.generator)
            return report["rate"], report["p99"]

        for target in targets:
            insert(target, max(1, settings.seconds // 5))
        ours = targets[0]
        before = ours.count("items")
        (rate, _), syncs = facts.syncs_per(ours.process.pid, lambda: insert(ours, 2))
        stored = ours.count("items") - before
        clients = ["-n", "-c", "32", "-j", "1", "-T", str(settings.seconds)]
        runs = [(Series(target.name, "rows/s"), lambda target=target: insert(target)) for target in targets]
        runs += [(Series("pgbench -N, 32 clients", "tx/s"), lambda: pgbench(cluster, "-N", *clients)),
                 (Series("pgbench, the same transaction, 32 clients", "tx/s"), lambda: pgbench(cluster, "-f", script, *clients))]
        outcome.series = rounds(settings, runs)
        busbar, node, base, base_synced, busbar_pg, node_pg, bench_n, bench_same = outcome.series
        outcome.compare("Busbar / pgbench -N", busbar, bench_n, 4, 8)
        outcome.compare("Busbar / PocketBase, synced as Busbar is", busbar, base_synced, 10)
        outcome.compare("Busbar / PocketBase as it comes", busbar, base)
        outcome.compare("Busbar / Node", busbar, node)
        outcome.compare("Busbar on PostgreSQL / pgbench, the same transaction", busbar_pg, bench_same, 0.6)
        outcome.compare("Busbar on PostgreSQL / Node on PostgreSQL", busbar_pg, node_pg)
        if syncs:
            outcome.notes.append(f"{figure(stored / syncs)} inserts per sync on SQLite ({stored} rows stored, {syncs} syncs, counted by strace at {figure(rate)} rows/s).")
        outcome.notes.append(f"PocketBase: {PocketBaseTarget.durable}. All others sync before they answer.")
    return outcome


def b4(settings):
    """Bulk inserts."""
    outcome = Outcome(f"B4: {settings.rows} rows in one request")
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="busbar-bulk-")))
        folder.chmod(0o755)
        items = [item(number) for number in range(settings.rows)]
        (folder / "rows.json").write_text(json.dumps(items, separators=(",", ":")), encoding="utf-8")
        with open(folder / "rows.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(items[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(items)
        cluster = stack.enter_context(postgres.Postgres(durable=True, wrapper=settings.server))
        ours = stack.enter_context(kept(BusbarTarget(1000, settings.server, filler=False))).start()
        ours_pg = stack.enter_context(kept(BusbarTarget(1000, settings.server, database_url=postgres.new_database(cluster.url), filler=False))).start()
        cache.npm("benchmarks", "benches/node")

        def post(target, kind, content_type):
            target.table("bulk")
            done = subprocess.run([*settings.generator, "curl", "-s", "-o", str(folder / "answer"), "-w", "%{http_code} %{time_total}", "-H", target.header,
                                   "-H", f"content-type: {content_type}", "-H", "prefer: return=minimal", "-H", "expect:", "--data-binary", f"@{folder / kind}",
                                   f"{target.url}/api/database/records/bulk"], capture_output=True, text=True)
            status, seconds = done.stdout.split()
            stored = target.count("bulk")
            target.drop("bulk")
            if status != "201" or stored != settings.rows:
                raise RuntimeError(f"{target.name}: {status}, {stored} rows: {(folder / 'answer').read_text()[:300]}")
            return settings.rows / float(seconds), None

        def better_sqlite3(part):
            done = subprocess.run([*settings.server, "node", str(cache.ROOT / "benches" / "node" / "bulk.mjs"), str(folder / "bulk.db"), str(folder / "rows.json")],
                                  capture_output=True, text=True, check=True)
            report = json.loads(done.stdout)
            if report["count"] != settings.rows:
                raise RuntimeError(done.stdout)
            return settings.rows / report[part], None

        def copy():
            postgres.query(cluster.url, "DROP TABLE IF EXISTS bulk; CREATE TABLE bulk (id uuid PRIMARY KEY, name text, value double precision, note text, "
                                        "created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now())")
            printed = postgres.query(cluster.url, f"\\copy bulk (id, name, value, note) FROM '{folder / 'rows.csv'}' WITH (FORMAT csv, HEADER)", "-c", "\\timing on")
            took = next(float(line.split()[1]) / 1000 for line in printed.splitlines() if line.startswith("Time:"))
            return settings.rows / took, None

        outcome.series = rounds(settings, [
            (Series("Busbar, JSON", "rows/s"), lambda: post(ours, "rows.json", "application/json")),
            (Series("better-sqlite3: the transaction alone, rows already parsed", "rows/s"), lambda: better_sqlite3("transaction")),
            (Series("better-sqlite3: parse and transaction", "rows/s"), lambda: better_sqlite3("whole")),
            (Series("Busbar, CSV", "rows/s"), lambda: post(ours, "rows.csv", "text/csv")),
            (Series("Busbar on PostgreSQL, JSON", "rows/s"), lambda: post(ours_pg, "rows.json", "application/json")),
            (Series("Busbar on PostgreSQL, CSV", "rows/s"), lambda: post(ours_pg, "rows.csv", "text/csv")),
            (Series("PostgreSQL COPY", "rows/s"), copy),
        ])
        json_rows, transaction, whole, csv_rows, pg_json, pg_csv, copied = outcome.series
        outcome.compare("Busbar JSON / better-sqlite3 transaction", json_rows, transaction, 0.7, 1.5)
        outcome.compare("Busbar JSON / better-sqlite3 with parsing", json_rows, whole)
        outcome.compare("Busbar CSV / better-sqlite3 transaction", csv_rows, transaction, 0.7, 1.5)
        outcome.compare("Busbar on PostgreSQL, CSV / COPY", pg_csv, copied)
        outcome.compare("Busbar on PostgreSQL, JSON / COPY", pg_json, copied)
        outcome.notes.append("Busbar's time is the whole HTTP request; better-sqlite3 runs in the process that holds the rows.")
    return outcome


def first_answer(target):
    """Milliseconds from exec to the first 200 of a read; the connection is tried every millisecond."""
    request = f"GET {target.read_path % 0} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{target.header + chr(13) + chr(10) if target.header else ''}\r\n".encode()
    began = time.perf_counter()
    target.launch()
    while time.perf_counter() - began < 60:
        try:
            with socket.create_connection(("127.0.0.1", target.port), 1) as connection:
                connection.sendall(request)
                if connection.recv(64).startswith(b"HTTP/1.1 200"):
                    return (time.perf_counter() - began) * 1000
        except OSError:
            pass
        time.sleep(0.001)
    raise RuntimeError(f"{target.name} did not answer: {target.process.log_end()}")


def b12(settings):
    """Start and footprint."""
    outcome = Outcome("B12: start and footprint on an existing database of 100 MB")
    with contextlib.ExitStack() as stack:
        targets = [stack.enter_context(kept(make(settings.rows, settings.server))) for make in (BusbarTarget, NodeTarget, PocketBaseTarget)]
        series = {target: Series(f"{target.name}: start to first answer", "ms") for target in targets}
        for _ in range(settings.starts):
            for target in targets:
                series[target].add(first_answer(target))
                target.stop()
        outcome.series = list(series.values())
        for target in targets:
            say(f"  {target.name}: {figure(series[target].median)} ms from start to the first answer")
        memory = {}
        for target in targets:
            target.start()
            time.sleep(settings.idle)
            rss, pss = facts.resident(target.process.pid)
            memory[target] = Series(f"{target.name}: memory when idle (Rss; Pss {figure(pss)})", "MiB")
            memory[target].add(rss)
            target.stop()
            say(f"  {target.name}: {figure(rss)} MiB resident")
        outcome.series += list(memory.values())
        ours, node, base = targets
        size = Series("Busbar: size of the program", "MiB")
        size.add(program().stat().st_size / 2**20)
        outcome.series.append(size)
        outcome.ratios += [
            ("start, Node / Busbar", *ratio(series[node], series[ours]), None, None),
            ("start, PocketBase / Busbar", *ratio(series[base], series[ours]), None, None),
            ("memory, Node / Busbar", *ratio(memory[node], memory[ours]), None, None),
            ("memory, PocketBase / Busbar", *ratio(memory[base], memory[ours]), None, None),
        ]
        held = sum(file.stat().st_size for file in (ours.folder / "data").rglob("*") if file.is_file()) / 2**20
        outcome.notes += [
            f"Floor 100 ms and 40 MiB, goal 20 ms and 15 MiB: Busbar starts in {figure(series[ours].median)} ms and holds {figure(memory[ours].median)} MiB, "
            f"on {figure(held)} MiB of data.",
            f"The program as measured is {program().name} of {'the profile for local use' if '/local/' in str(program()) else program().parent.name}; the shipped one is stripped and smaller.",
        ]
        outcome.notes.append(f"Starts: median of {settings.starts}, alternating." if settings.starts > 1 else "One start only.")
    return outcome


def b9(settings):
    """Objects by S3's protocol."""
    outcome = Outcome(f"B9: objects of 4 KB over {objects.CONNECTIONS} connections, and of 64 MB")
    objects.b9(settings, outcome, rounds)
    return outcome


SUITE = {"b1": b1, "b2": b2, "b3": b3, "b4": b4, "b9": b9, "b12": b12}
