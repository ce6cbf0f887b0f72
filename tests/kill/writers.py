"""Many writers over keep-alive connections, each insert with its own marker; remembers what was answered."""

import http.client
import itertools
import json
import threading
import time


class Writers:
    """`count` threads that insert one row per request until told to stop or until the server is gone."""

    def __init__(self, busbar, table, *, count=64, prefix="w"):
        self.busbar = busbar
        self.table = table
        self.count = count
        self.prefix = prefix
        self.sent = set()
        self.acknowledged = set()
        self.refused = []
        self.stopping = threading.Event()
        self.first_answer = threading.Event()
        self.threads = []

    def _write(self, number):
        connection = http.client.HTTPConnection("127.0.0.1", self.busbar.port, timeout=30)
        headers = {"x-api-key": self.busbar.api_key, "content-type": "application/json"}
        for serial in itertools.count():
            if self.stopping.is_set():
                return
            marker = f"{self.prefix}-{number}-{serial}"
            self.sent.add(marker)
            try:
                connection.request("POST", f"/api/database/records/{self.table}", json.dumps({"marker": marker, "padding": "x" * 64}), headers)
                answer = connection.getresponse()
                body = answer.read()
            except (OSError, http.client.HTTPException):
                return
            if answer.status == 201:
                self.acknowledged.add(marker)
                self.first_answer.set()
            else:
                self.refused.append((answer.status, body[:300]))
                return

    def start(self):
        """Starts every writer and waits for the first answer."""
        self.threads = [threading.Thread(target=self._write, args=(number,), daemon=True) for number in range(self.count)]
        for thread in self.threads:
            thread.start()
        deadline = time.monotonic() + 30
        while not self.first_answer.is_set() and time.monotonic() < deadline and not self.refused:
            time.sleep(0.005)
        return self

    def stop(self):
        """Waits for every writer; they also end by themselves when the server is killed."""
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)


def make_table(busbar, table="written"):
    """A table whose `marker` is not unique, so that a row written twice is seen."""
    columns = [{"columnName": name, "type": "string", "isNullable": True, "isUnique": False} for name in ("marker", "padding")]
    status, answer, _ = busbar.call("POST", "/api/database/tables", {"tableName": table, "columns": columns})
    if status != 201:
        raise RuntimeError(f"creating {table}: {status} {answer}")
    return table


def publish(busbar, table):
    """Records every change of the table from now on."""
    status, answer, _ = busbar.call("PUT", f"/api/database/change-events/{table}", {"columns": ["marker"]})
    if status != 200:
        raise RuntimeError(f"publishing {table}: {status} {answer}")


def recorded(busbar, table):
    """The marker of every recorded insert, in the order of the alphabet, with repeats."""
    found = []
    after = 0
    while True:
        status, page, _ = busbar.call("GET", f"/api/database/changes?table={table}&after={after}&limit=1000")
        if status != 200:
            raise RuntimeError(f"reading the changes of {table}: {status} {page}")
        changes = page["changes"]
        if not changes:
            return sorted(found)
        found += [change["new"]["marker"] for change in changes if change["event"] == "INSERT"]
        after = changes[-1]["id"]


def markers(busbar, table):
    """Every marker that the server holds, with repeats."""
    status, rows, _ = busbar.call("GET", f"/api/database/records/{table}?select=marker")
    if status != 200:
        raise RuntimeError(f"reading {table}: {status} {rows}")
    return [row["marker"] for row in rows]


def judge(results, name, found, writers):
    """Every answered insert is there once; nothing is there twice; nothing is there that was never sent."""
    held = set(found)
    results.equal(f"{name}: all {len(writers.acknowledged)} answered inserts are there", sorted(writers.acknowledged - held)[:5], [])
    twice = len(found) - len(held)
    results.equal(f"{name}: none is there twice", twice, 0)
    results.equal(f"{name}: nothing is there that was not sent", sorted(held - writers.sent)[:5], [])
    results.equal(f"{name}: no insert was refused", writers.refused[:1], [])
