"""A Busbar process on a free loopback port and an empty folder.

As a command: `python3 -m tests.serve --database sqlite -- node --test` starts one, runs the command with BUSBAR_URL, BUSBAR_API_KEY,
BUSBAR_ANON_KEY, BUSBAR_ADMIN_EMAIL, BUSBAR_ADMIN_PASSWORD, BUSBAR_JWT_SECRET and BUSBAR_DATABASE set, and stops it.
The program is $BUSBAR_BIN, by default the debug build.
"""

import argparse
import contextlib
import http.client
import json
import os
import pathlib
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile

from tests.peers import cache, postgres
from tests.peers import run as peers
from tests.peers.process import Process, free_port, stop_on_signals

DATABASES = ("sqlite", "postgres")


def program():
    """The path of the `busbar` under test."""
    target = os.environ.get("CARGO_TARGET_DIR") or cache.ROOT / "target"
    path = pathlib.Path(os.environ.get("BUSBAR_BIN") or pathlib.Path(target) / "debug" / "busbar").resolve()
    if not path.exists():
        sys.exit(f"{path} does not exist: build it with `cargo build -p busbar-server`, or set BUSBAR_BIN")
    return path


class Busbar:
    """One data folder and the process that serves it; it can be killed and started again on the same data."""

    def __init__(self, *, database_url=None, variables=None, folder=None, wrapper=(), env=None):
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="busbar-"))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.api_key = f"ik_{secrets.token_hex(32)}"
        self.anon_key = f"anon_{secrets.token_hex(32)}"
        self.admin_email = "admin@busbar.test"
        self.admin_password = secrets.token_urlsafe(18)
        self.jwt_secret = secrets.token_hex(32)
        self.database_url = database_url
        self.wrapper = list(wrapper)
        self.extra = {**(variables or {}), **(env or {})}
        self.process = None

    def environment(self):
        """Everything the server is told. Nothing else is inherited, so that a developer's own variables change no test."""
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR", "RUST_LOG", "RUST_BACKTRACE") if name in os.environ}
        configured = {
            "APP_ENV": "test",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "API_BASE_URL": self.url,
            "DATA_DIR": str(self.folder / "data"),
            "STORAGE_DIR": str(self.folder / "data" / "storage"),
            "LOGS_DIR": str(self.folder / "logs"),
            "ADMIN_EMAIL": self.admin_email,
            "ADMIN_PASSWORD": self.admin_password,
            "ACCESS_API_KEY": self.api_key,
            "ACCESS_ANON_KEY": self.anon_key,
            "JWT_SECRET": self.jwt_secret,
            "LOG_LEVEL": "warn",
        }
        if self.database_url:
            configured["DATABASE_URL"] = self.database_url
        return {**inherited, **configured, **self.extra}

    def start(self, seconds=60):
        """Starts the server and waits until /health/ready answers 200."""
        # The working folder is empty, so that no .env and no secrets folder of the clone is read.
        self.process = Process([*self.wrapper, program(), "serve"], self.folder / "output.log", env=self.environment(), cwd=self.folder)
        self.process.wait_until(self.is_ready, seconds)
        return self

    def is_ready(self):
        """True when /health/ready answers 200."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.call("GET", "/health/ready")[0] == 200
        return False

    def call(self, method, path, body=None, *, headers=None, key=None):
        """One request on its own connection; answers (status, parsed JSON or text, headers)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        sent = {"x-api-key": key or self.api_key, **(headers or {})}
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
            sent.setdefault("content-type", "application/json")
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        finally:
            connection.close()
        with contextlib.suppress(ValueError):
            return answer.status, json.loads(text), answer.headers
        return answer.status, text, answer.headers

    def kill(self):
        """kill -9."""
        self.process.kill()

    def stop(self):
        """Asks the server to end and waits until it did."""
        if self.process:
            self.process.stop()

    def remove(self):
        """Stops the server and deletes its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def told(self):
        """The variables a client test reads."""
        return {
            "BUSBAR_URL": self.url,
            "BUSBAR_API_KEY": self.api_key,
            "BUSBAR_ANON_KEY": self.anon_key,
            "BUSBAR_ADMIN_EMAIL": self.admin_email,
            "BUSBAR_ADMIN_PASSWORD": self.admin_password,
            "BUSBAR_JWT_SECRET": self.jwt_secret,
            "BUSBAR_DATABASE": "postgres" if self.database_url else "sqlite",
        }


@contextlib.contextmanager
def serving(database, **options):
    """A started Busbar on an empty database of that kind; everything is stopped and deleted at the end."""
    with contextlib.ExitStack() as stack:
        database_url = None
        if database == "postgres":
            environment = stack.enter_context(peers.servers("postgres"))
            database_url = postgres.new_database(environment["BUSBAR_TEST_POSTGRES_URL"])
            stack.callback(postgres.drop_database, database_url)
        busbar = Busbar(database_url=database_url, **options)
        stack.callback(busbar.remove)
        yield busbar.start()


def main(arguments):
    """Starts one, runs the command, stops it; the command's exit status is ours."""
    stop_on_signals()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    split = arguments.index("--")
    parser = argparse.ArgumentParser(prog="tests.serve", description=__doc__)
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--sql", type=pathlib.Path, help="a file for psql once the server is ready; PostgreSQL only")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a variable of the server, also shown to the command")
    options = parser.parse_args(arguments[:split])
    variables = dict(pair.split("=", 1) for pair in options.set)
    with serving(options.database, variables=variables) as busbar:
        if options.sql and busbar.database_url:
            postgres.query(busbar.database_url, options.sql.read_text())
        status = subprocess.run(arguments[split + 1:], env={**os.environ, **busbar.told(), **variables}).returncode
        if status != 0:
            print(f"the server said:\n{busbar.process.log_end()}", file=sys.stderr)
        return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
