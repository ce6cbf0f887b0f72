"""Power loss: an answered row is on the disk, not only in the kernel's memory.

Two proofs, each with a run that must fail. `order`: strace shows a sync of the log between the write and the answer. `cut`: a copy of
the files as of their last sync (synced.c) holds every answered row. The run that must fail has syncing switched off: for SQLite by
SQLITE_SYNCHRONOUS=OFF, for PostgreSQL by fsync=off in the cluster.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from tests.kill import trace
from tests.kill import writers as writing
from tests.peers import debian, postgres
from tests.peers.process import stop_on_signals
from tests.results import Results
from tests.serve import DATABASES, Busbar

HERE = pathlib.Path(__file__).resolve().parent
REQUESTS = 25


def open_folder(prefix):
    """A folder that another user may enter and write."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
    folder.chmod(0o777)
    return folder


def build_shim(folder):
    """Compiles synced.c."""
    shim = folder / "synced.so"
    compiler = shutil.which("cc") or "gcc"
    subprocess.run([compiler, "-Wall", "-O2", "-shared", "-fPIC", "-o", shim, HERE / "synced.c", "-ldl"], check=True)
    shim.chmod(0o755)
    return shim


class Stage:
    """A Busbar on SQLite or on its own cluster, with syncing on or off, traced or shadowed."""

    def __init__(self, database, folder, *, syncing):
        self.database = database
        self.folder = folder
        self.syncing = syncing
        self.cluster = None
        self.busbar = None

    def start(self, *, wrapper=None, preload=None):
        """`wrapper(name)` is put before a command, `preload(folder)` is added to the environment of the process that owns the files."""
        variables = {}
        database_url = None
        if self.database == "postgres":
            self.cluster = postgres.Postgres(durable=True, segment_megabytes=1, settings={"fsync": "on" if self.syncing else "off"})
            self.cluster.start()
            database_url = postgres.new_database(self.cluster.url)
            self.cluster.stop()
            if preload:
                self.shadow = self.folder / "copy"
                subprocess.run(["cp", "-a", self.cluster.data, self.shadow], check=True)
                self.cluster.start(env={**os.environ, **preload(self.cluster.data, self.shadow)})
            else:
                self.cluster.start(wrapper=wrapper("postgres"))
        else:
            variables["SQLITE_SYNCHRONOUS"] = "FULL" if self.syncing else "OFF"
        self.busbar = Busbar(database_url=database_url, variables=variables)
        if self.database == "sqlite" and preload:
            self.shadow = self.folder / "copy"
            self.busbar.extra |= preload(self.busbar.folder / "data", self.shadow)
        if wrapper:
            self.busbar.wrapper = wrapper("busbar")
        self.busbar.start(120)
        return self

    def lose_power(self):
        """Ends everything at once and puts the copy in the place of the files."""
        self.busbar.kill()
        if self.cluster:
            self.cluster.kill()
            shutil.rmtree(self.cluster.data)
            subprocess.run(["cp", "-a", self.shadow, self.cluster.data], check=True)
            (self.cluster.data / "postmaster.pid").unlink(missing_ok=True)
            self.cluster.start()
        else:
            shutil.rmtree(self.busbar.folder / "data")
            if self.shadow.exists():
                shutil.copytree(self.shadow, self.busbar.folder / "data")
            self.busbar.extra = {name: value for name, value in self.busbar.extra.items() if name not in ("LD_PRELOAD", "SYNCED_FROM", "SYNCED_TO")}
        self.busbar.start(120)

    def remove(self):
        """Stops and deletes everything."""
        if self.busbar:
            self.busbar.remove()
        if self.cluster:
            self.cluster.remove()


def order(database, folder, *, syncing):
    """Inserts one row after another under strace; answers the requests that were answered before a sync."""
    folder = folder / f"order-{'on' if syncing else 'off'}"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    stage = Stage(database, folder, syncing=syncing)
    marks = [f"mark-{number:04}-{os.getpid()}" for number in range(REQUESTS)]
    try:
        stage.start(wrapper=lambda name: ["strace", *trace.OPTIONS, "-o", str(folder / name)])
        table = writing.make_table(stage.busbar)
        for mark in marks:
            status, answer, _ = stage.busbar.call("POST", f"/api/database/records/{table}", {"marker": mark}, headers={"x-request-id": mark})
            if status != 201:
                raise RuntimeError(f"insert: {status} {answer}")
    finally:
        stage.remove()
    time.sleep(0.5)
    server = trace.calls(folder / "busbar")
    log = trace.calls(folder / "postgres") if database == "postgres" else server
    is_log = (lambda path: "/pg_wal/" in path) if database == "postgres" else (lambda path: path.endswith("-wal"))
    return trace.unsynced_answers(server, log, marks, is_log)


def cut(database, folder, shim, *, syncing):
    """Writes under load, loses power, starts on what was synced; answers (rows answered, rows lost, rows held twice)."""
    folder = folder / f"cut-{'on' if syncing else 'off'}"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    stage = Stage(database, folder, syncing=syncing)
    try:
        stage.start(preload=lambda source, target: {"LD_PRELOAD": str(shim), "SYNCED_FROM": str(source), "SYNCED_TO": str(target)})
        table = writing.make_table(stage.busbar)
        writers = writing.Writers(stage.busbar, table).start()
        time.sleep(3)
        stage.busbar.kill()
        writers.stop()
        try:
            stage.lose_power()
            found = writing.markers(stage.busbar, table)
        except (RuntimeError, OSError) as failure:
            print(f"  after the loss: {str(failure)[:300]}")
            found = []
        held = set(found)
        return len(writers.acknowledged), len(writers.acknowledged - held), len(found) - len(held)
    finally:
        stage.remove()


def main():
    """Runs both proofs and both runs that must fail."""
    stop_on_signals()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    options = parser.parse_args()
    debian.install("strace", "gcc")
    results = Results(f"power-loss-{options.database}")
    folder = open_folder("busbar-power-")
    try:
        shim = build_shim(folder)
        unsynced = order(options.database, folder, syncing=True)
        results.equal(f"a sync lies between write and answer, {REQUESTS} times of {REQUESTS}", unsynced[:3], [])
        unsynced = order(options.database, folder, syncing=False)
        results.check("without syncing, the same check fails", len(unsynced) == REQUESTS, f"only {len(unsynced)} of {REQUESTS} were seen as unsynced")
        answered, lost, twice = cut(options.database, folder, shim, syncing=True)
        results.check(f"files cut at the last sync hold all {answered} answered rows, once", answered > 0 and lost == 0 and twice == 0,
                      f"{answered} answered, {lost} lost, {twice} twice")
        answered, lost, _ = cut(options.database, folder, shim, syncing=False)
        results.check(f"without syncing, rows are lost ({lost} of {answered})", answered > 0 and lost > 0, f"{answered} answered, {lost} lost")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
