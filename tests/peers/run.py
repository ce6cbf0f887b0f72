"""Runs a command with private servers beside it: `python3 -m tests.peers.run postgres redis -- cargo test`.

Each server's address is given in the variable the tests read; a variable that is set already is left alone and nothing is started for it.
"""

import contextlib
import os
import subprocess
import sys

from tests.peers.postgres import Postgres
from tests.peers.process import stop_on_signals
from tests.peers.redis import Redis

SERVERS = {"postgres": (Postgres, "BUSBAR_TEST_POSTGRES_URL"), "redis": (Redis, "BUSBAR_TEST_REDIS_URL")}


@contextlib.contextmanager
def servers(*names):
    """Starts the named servers and answers the environment that names them; stops them at the end."""
    with contextlib.ExitStack() as stack:
        environment = dict(os.environ)
        for name in names:
            make, variable = SERVERS[name]
            if not environment.get(variable):
                environment[variable] = stack.enter_context(make()).url
        yield environment


def main(arguments):
    """Splits at `--`, starts, runs, stops; the command's exit status is ours."""
    stop_on_signals()
    split = arguments.index("--")
    with servers(*arguments[:split]) as environment:
        return subprocess.run(arguments[split + 1:], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
