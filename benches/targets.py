"""What is measured: Busbar and its peers, each with the same 100,000 rows, each asked the same question in its own address."""

import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import urllib.request

from tests.peers import cache, postgres
from tests.peers.process import Process, free_port
from tests.serve import Busbar, program

NOTE = "n" * 60
COLUMNS = [{"columnName": name, "type": kind, "isNullable": True, "isUnique": False} for name, kind in (("name", "string"), ("value", "float"), ("note", "string"))]
ID = "00000000-0000-4000-8000-%012d"


def item(number):
    """The row with that number, the same in every target."""
    return {"id": ID % number, "name": f"item {number}", "value": number + 0.5, "note": NOTE}


def fill_sqlite(path, table, rows, id_of):
    """Puts the rows, and 100 MB of others, straight into a peer's SQLite file."""
    with sqlite3.connect(path) as db:
        db.executemany(f"INSERT INTO {table} (id, name, value, note) VALUES (?, ?, ?, ?)",
                       ((id_of(number), f"item {number}", number + 0.5, NOTE) for number in range(rows)))
        db.execute("CREATE TABLE IF NOT EXISTS filler (id INTEGER PRIMARY KEY, text TEXT)")
        db.executemany("INSERT INTO filler (text) VALUES (?)", (("f" * 1000,) for _ in range(rows)))
    db.close()


def get(url, header=None):
    """(status, parsed body)."""
    request = urllib.request.Request(url, headers=dict([header.split(": ", 1)]) if header else {})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status, json.loads(answer.read())


class Target:
    """A server with rows: `read_path` has %d for the key, `header` authorises, `insert_path` takes one row."""

    name = ""
    read_path = "/api/database/records/items?select=id,name,value,note&id=eq." + ID
    insert_path = "/api/database/records/items"
    header = None
    durable = "synced before every answer"

    def __init__(self, wrapper=()):
        self.wrapper = list(wrapper)
        self.process = None
        self.port = free_port()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="busbar-bench-"))

    @property
    def url(self):
        """The base address."""
        return f"http://127.0.0.1:{self.port}"

    def row(self, number):
        """One row as the target answers it, in the shape of `item`."""
        status, body = get(self.url + self.read_path % number, self.header)
        return body[0] if status == 200 and len(body) == 1 else (status, body)

    def answers(self):
        """True when the first row is served."""
        try:
            return self.row(0) == item(0)
        except OSError:
            return False

    def launch(self):
        """Starts the process without waiting."""
        raise NotImplementedError

    def start(self):
        """Starts and waits."""
        self.launch()
        self.process.wait_until(self.answers)
        return self

    def stop(self):
        """Stops; the data stays."""
        if self.process:
            self.process.stop()

    def remove(self):
        """Stops and deletes."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class BusbarTarget(Target):
    """Busbar, on SQLite or on PostgreSQL, asked with the anon key as a page would ask."""

    def __init__(self, rows, wrapper=(), database_url=None, filler=True):
        super().__init__(wrapper)
        self.name = "Busbar on PostgreSQL" if database_url else "Busbar"
        self.busbar = Busbar(database_url=database_url, folder=self.folder, wrapper=wrapper, variables={"APP_ENV": "development", "LOG_LEVEL": "error"})
        self.port = self.busbar.port
        self.header = f"authorization: Bearer {self.busbar.anon_key}"
        self.busbar.start()
        self.process = self.busbar.process
        self.table("items")
        self.fill("items", (item(number) for number in range(rows)))
        if filler:
            self.table("filler")
            self.fill("filler", ({"note": "f" * 1000} for _ in range(rows)))
        self.stop()

    def table(self, name):
        """A table that the anon key may read and write."""
        self.must(self.busbar.call("POST", "/api/database/tables", {"tableName": name, "columns": COLUMNS, "rlsEnabled": False}), 201)

    def drop(self, name):
        """Deletes a table."""
        self.must(self.busbar.call("DELETE", f"/api/database/tables/{name}"), 200)

    def fill(self, table, rows):
        """Ten thousand rows to a request."""
        batch = []
        for row in rows:
            batch.append(row)
            if len(batch) == 10000:
                self.must(self.busbar.call("POST", f"/api/database/records/{table}", batch), 201)
                batch = []
        if batch:
            self.must(self.busbar.call("POST", f"/api/database/records/{table}", batch), 201)

    def count(self, table):
        """How many rows a table holds."""
        _, _, headers = self.busbar.call("GET", f"/api/database/records/{table}?limit=1", headers={"prefer": "count=exact"})
        return int(headers["content-range"].split("/")[1])

    @staticmethod
    def must(answer, expected):
        """Raises unless the answer has the expected status."""
        if answer[0] != expected:
            raise RuntimeError(f"{answer[0]} {str(answer[1])[:500]}")

    def launch(self):
        self.process = self.busbar.process = Process([*self.wrapper, program(), "serve"], self.folder / "output.log", env=self.busbar.environment(), cwd=self.folder)


class NodeTarget(Target):
    """fastify over better-sqlite3, or over pg."""

    def __init__(self, rows, wrapper=(), database_url=None):
        super().__init__(wrapper)
        self.name = "Node: fastify + pg" if database_url else "Node: fastify + better-sqlite3"
        cache.npm("benchmarks", "benches/node")
        self.file = self.folder / "node.db"
        self.header = "authorization: Bearer key"
        self.env = dict(os.environ, PORT=str(self.port), KEY="key", NODE_ENV="production", DATABASE_FILE=str(self.file))
        if database_url:
            self.env["DATABASE_URL"] = database_url
        self.launch()
        self.process.wait_until(self.listens)
        self.stop()
        if database_url:
            postgres.query(database_url, f"INSERT INTO items (id, name, value, note) SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'item ' || n, n + 0.5, '{NOTE}' FROM generate_series(0, {rows - 1}) n")
        else:
            fill_sqlite(self.file, "items", rows, lambda number: ID % number)

    def listens(self):
        """True when it takes requests, with or without rows."""
        try:
            return get(self.url + self.read_path % 0, self.header)[0] == 200
        except OSError:
            return False

    def launch(self):
        self.process = Process([*self.wrapper, "node", cache.ROOT / "benches" / "node" / "server.mjs"], self.folder / "output.log", env=self.env)


class PocketBaseTarget(Target):
    """PocketBase with public rules and its request log off: as it comes, or `synced` before every answer as Busbar is."""

    name = "PocketBase"
    read_path = "/api/collections/items/records/%015d?fields=id,name,value,note"
    insert_path = "/api/collections/items/records"
    durable = "WAL with synchronous=NORMAL, its own setting: a power loss can undo answered rows"

    def __init__(self, rows, wrapper=(), synced=False):
        super().__init__(wrapper)
        self.env = {**os.environ}
        if synced:
            self.name = "PocketBase, synced"
            self.env["PB_SYNCHRONOUS"] = "FULL"
        self.binary = cache.go_here("pocketbase", "benches/pocketbase")
        subprocess.run([self.binary, "superuser", "upsert", "bench@example.com", "bench-password", "--dir", self.folder / "data"], check=True, capture_output=True)
        self.launch()
        self.process.wait_until(self.listens)
        token = self.call("POST", "/api/collections/_superusers/auth-with-password", {"identity": "bench@example.com", "password": "bench-password"})["token"]
        self.call("PATCH", "/api/settings", {"logs": {"maxDays": 0}}, token)
        fields = [{"name": "name", "type": "text"}, {"name": "value", "type": "number"}, {"name": "note", "type": "text"}]
        self.call("POST", "/api/collections", {"name": "items", "type": "base", "fields": fields, "listRule": "", "viewRule": "", "createRule": ""}, token)
        self.stop()
        fill_sqlite(self.folder / "data" / "data.db", "items", rows, lambda number: f"{number:015}")

    def call(self, method, path, body, token=None):
        """One request of the set-up."""
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), {"content-type": "application/json"}, method=method)
        if token:
            request.add_header("authorization", token)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def listens(self):
        """True when it takes requests."""
        try:
            return get(self.url + "/api/health")[0] == 200
        except OSError:
            return False

    def row(self, number):
        status, body = get(self.url + self.read_path % number)
        return {**body, "id": ID % int(body["id"])} if status == 200 else (status, body)

    def launch(self):
        self.process = Process([*self.wrapper, self.binary, "serve", "--http", f"127.0.0.1:{self.port}", "--dir", self.folder / "data"],
                               self.folder / "output.log", env=self.env, cwd=self.folder)

