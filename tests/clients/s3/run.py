"""The published S3 clients against the gateway: `python3 -m tests.clients.s3.run --database sqlite`.

It installs boto3 and the AWS CLI once, and runs itself again with them.
"""

import argparse
import os
import pathlib
import sys

from tests.peers import cache
from tests.peers.process import stop_on_signals
from tests.results import Results
from tests.serve import DATABASES, serving

PACKAGES = ("boto3==1.44.5", "botocore==1.44.5", "awscli==1.46.3")
INSTALLED = "BUSBAR_S3_CLIENTS"


def with_clients(module):
    """Runs the module again with the clients' Python, unless that is done; answers its folder of programs."""
    if INSTALLED not in os.environ:
        programs = cache.python("s3-clients", *PACKAGES)
        environment = {**os.environ, INSTALLED: str(programs)}
        os.execve(programs / "python", [str(programs / "python"), "-u", "-m", module, *sys.argv[1:]], environment)
    return pathlib.Path(os.environ[INSTALLED])


def main():
    """Everything on one server."""
    programs = with_clients("tests.clients.s3.run")
    from tests.clients.s3 import cli, rclone, refused, round_trip
    from tests.clients.s3.connection import access_key, client

    stop_on_signals()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    options = parser.parse_args()
    results = Results(f"s3-clients-{options.database}")
    with serving(options.database) as busbar:
        key = access_key(busbar)
        s3 = client(busbar, key)
        round_trip.run(results, busbar, s3)
        cli.run(results, busbar, key, programs)
        rclone.run(results, busbar, key)
        refused.run(results, busbar, key, s3)
        log = "".join(path.read_text(errors="replace") for path in busbar.folder.rglob("*.log"))
        results.check("no secret is in a log", key[1] not in log)
        kept = any(key[1].encode() in path.read_bytes() for path in busbar.folder.rglob("*") if path.is_file() and path.stat().st_size < 2**28)
        results.check("no secret lies on the disk", not kept)
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
