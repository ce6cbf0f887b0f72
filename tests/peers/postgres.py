"""A private PostgreSQL cluster on a free loopback port, in its own folder, owned by a user that is not root."""

import contextlib
import glob
import os
import pathlib
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.parse

from tests.peers import debian
from tests.peers.process import Process, free_port

PASSWORD_ENVIRONMENT = "PGPASSWORD"


def programs():
    """The folder of the newest installed PostgreSQL's programs."""
    debian.install("postgresql")
    found = glob.glob("/usr/lib/postgresql/*/bin/initdb")
    if found:
        newest = max(found, key=lambda path: int(re.search(r"postgresql/(\d+)", path).group(1)))
        return pathlib.Path(newest).parent
    return pathlib.Path(shutil.which("initdb")).resolve().parent


def descendants(pid):
    """Every process that a process started, and those that they did."""
    with contextlib.suppress(OSError):
        started = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        return [each for child in map(int, started) for each in (child, *descendants(child))]
    return []


class Postgres:
    """One cluster. With `durable=False` it does not sync: right for ordinary tests, wrong for crash tests and benchmarks."""

    def __init__(self, *, durable=False, settings=None, env=None, segment_megabytes=16, wrapper=()):
        self.bin = programs()
        self.durable = durable
        self.settings = settings or {}
        self.env = env
        self.wrapper = wrapper
        # Not below $HOME: the other user must be able to enter every folder above its own.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="busbar-postgres-", dir="/tmp"))
        self.data = self.folder / "data"
        self.user = None
        if os.geteuid() == 0:
            names = {entry.pw_name for entry in pwd.getpwall()}
            self.user = "postgres" if "postgres" in names else "nobody"
        self.password = secrets.token_hex(16)
        self.port = free_port()
        self.process = None
        password_file = self.folder / "password"
        password_file.write_text(self.password)
        if self.user:
            owner = pwd.getpwnam(self.user)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            os.chown(password_file, owner.pw_uid, owner.pw_gid)
        self._run([self.bin / "initdb", "-D", self.data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", password_file,
                   "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", f"--wal-segsize={segment_megabytes}"])

    def _run(self, command):
        identity = {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=self.folder, **identity)
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")

    @property
    def url(self):
        """The superuser's address."""
        return f"postgres://postgres:{self.password}@127.0.0.1:{self.port}/postgres"

    def start(self, *, env=None, wrapper=()):
        """Starts the cluster and waits until it takes connections; `wrapper` is put before the command."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.folder),
            "max_connections": "300",
            "fsync": "on" if self.durable else "off",
            "full_page_writes": "on" if self.durable else "off",
            **self.settings,
        }
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        log = self.folder / "log"
        self.process = Process([*(wrapper or self.wrapper), self.bin / "postgres", "-D", self.data, "-p", self.port, *options], log,
                               user=self.user, cwd=self.folder, stop_signal=signal.SIGINT, env=env or self.env)
        self.process.wait_until(self._answers)
        return self

    def _answers(self):
        return subprocess.run([self.bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]).returncode == 0

    def kill(self):
        """kill -9 for the postmaster and every process it started, as a power loss would end them."""
        # Each of them leads a session of its own, so they are no group.
        children = descendants(self.process.pid)
        os.killpg(self.process.pid, signal.SIGKILL)
        for pid in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.child.wait()
        # The next start refuses while one of them still holds the shared memory.
        deadline = time.monotonic() + 30
        while any(pathlib.Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < deadline:
            time.sleep(0.01)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def stop(self):
        """Fast shutdown; the folder stays."""
        if self.process:
            self.process.stop()

    def remove(self):
        """Stops the cluster and deletes its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.remove()
            raise

    def __exit__(self, *_failure):
        self.remove()


def query(url, sql, *options):
    """Runs SQL through psql; answers the rows as text, one per line, unaligned."""
    parts = urllib.parse.urlsplit(url)
    done = subprocess.run(
        [programs() / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *options, "-h", parts.hostname, "-p", str(parts.port),
         "-U", parts.username, "-d", parts.path.lstrip("/"), "-c", sql],
        env=dict(os.environ, **{PASSWORD_ENVIRONMENT: urllib.parse.unquote(parts.password or "")}), capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{sql}: {done.stderr}")
    return done.stdout.strip()


def new_database(url):
    """Creates an empty database in the cluster at `url`; answers its address."""
    name = f"busbar_{secrets.token_hex(6)}"
    query(url, f'CREATE DATABASE "{name}"')
    return urllib.parse.urlunsplit(urllib.parse.urlsplit(url)._replace(path=f"/{name}"))


def drop_database(url):
    """Drops a database made by `new_database`, ending the connections it still has."""
    parts = urllib.parse.urlsplit(url)
    query(urllib.parse.urlunsplit(parts._replace(path="/postgres")), f'DROP DATABASE IF EXISTS "{parts.path.lstrip("/")}" WITH (FORCE)')
