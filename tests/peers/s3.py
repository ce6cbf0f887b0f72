"""The S3 provider against a real server: `python3 -m tests.peers.s3 minio` or `moto`.

First the conformance suite of the object store, in Rust, then a Busbar whose files lie in that server, and its doctor.
"""

import argparse
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request

from tests.kill.forms import get_file, put_file
from tests.peers import cache
from tests.peers.minio import Minio
from tests.peers.moto import Moto
from tests.peers.process import stop_on_signals
from tests.results import Results
from tests.serve import program, serving

SERVERS = {"minio": Minio, "moto": Moto}


def conformance(results, server):
    """The suite of `crates/providers`, whose tests of S3 must all run."""
    environment = {
        **os.environ,
        "BUSBAR_TEST_S3": f"{server.url} {server.bucket} {server.key} {server.secret}",
        "BUSBAR_TEST_S3_CHECKS": "1" if server.checks_signatures else "0",
    }
    command = ["cargo", "test", "-p", "busbar-providers", "--locked", "--test", "it", "s3::"]
    done = subprocess.run(command, cwd=cache.ROOT, env=environment, capture_output=True, text=True)
    found = re.search(r"(\d+) passed; (\d+) failed", done.stdout)
    results.check("the object store conforms", done.returncode == 0 and found and int(found.group(1)) >= 4, done.stdout[-3000:] + done.stderr[-1000:])


def whole(results, server):
    """A Busbar over it: files go there, come back, survive kill -9, and go; nothing lies in the local folder."""
    told = {
        "AWS_S3_BUCKET": server.bucket, "AWS_ENDPOINT_URL": server.url, "AWS_ACCESS_KEY_ID": server.key,
        "AWS_SECRET_ACCESS_KEY": server.secret, "MAX_FILE_SIZE": str(64 * 1024 * 1024), "S3_USE_PRESIGNED_URLS": "true",
    }
    with serving("sqlite", variables=told) as busbar:
        busbar.call("POST", "/api/storage/buckets", {"bucketName": "b"})
        contents = {"empty": b"", "small": b"hello", "large": os.urandom(20 * 1024 * 1024)}
        for key, content in contents.items():
            status, answer = put_file(busbar, "b", key, content)
            results.check(f"{key} is stored", status == 200, answer)
        busbar.kill()
        busbar.start()
        for key, content in contents.items():
            status, came, _ = get_file(busbar, "b", key)
            results.check(f"{key} comes back after kill -9", (status, came) == (200, content), (status, len(came)))
        status, part, headers = busbar.call("GET", "/api/storage/buckets/b/objects/small", headers={"range": "bytes=1-3"})
        results.check("a range comes back", (status, part) == (206, "ell"), (status, part))
        results.check("nothing lies in the local folder", not (busbar.folder / "data" / "storage").exists(), "")
        links(results, server, busbar)
        client(results, server, busbar)
        status, answer, _ = busbar.call("DELETE", "/api/storage/buckets/b/objects/small")
        results.check("a file goes", status == 200, answer)
        doctor = subprocess.run([program(), "doctor"], cwd=busbar.folder, env=busbar.environment(), capture_output=True, text=True)
        line = next((line for line in doctor.stdout.splitlines() if line.startswith("files")), "")
        results.check("the doctor connects", "real" in line and " up " in line and server.bucket in line, doctor.stdout + doctor.stderr)
        results.check("the doctor names no secret", server.secret == "any" or server.secret not in doctor.stdout, doctor.stdout)
        wrong = dict(busbar.environment(), AWS_S3_BUCKET="there-is-none")
        doctor = subprocess.run([program(), "doctor"], cwd=busbar.folder, env=wrong, capture_output=True, text=True)
        results.check("the doctor finds a bucket that is not there", doctor.returncode != 0 and "NoSuchBucket" in doctor.stdout, doctor.stdout)


def links(results, server, busbar):
    """A link of a private file leads to the server itself and opens nothing else there."""
    status, strategy, _ = busbar.call("GET", "/api/storage/buckets/b/download-strategy/objects/small?expiresIn=60")
    url = strategy.get("url", "") if status == 200 else ""
    results.check("a link leads to the server", url.startswith(f"{server.url}/{server.bucket}/"), (status, strategy))
    results.check("the link reads the file", fetched(url) == (200, b"hello"), fetched(url))
    if server.checks_signatures:
        status = fetched(url.replace("X-Amz-Expires=60", "X-Amz-Expires=600"))[0]
        results.check("a link that was changed does not", status == 403, status)


def client(results, server, busbar):
    """The published client sends its files to the server itself, and fetches them from there."""
    cache.npm("insforge", "tests/clients/insforge")
    environment = {**os.environ, **busbar.told(), "BUSBAR_TEST_S3_URL": server.url, "BUSBAR_TEST_S3_CHECKS": "1" if server.checks_signatures else "0"}
    done = subprocess.run(["node", "--test", "tests/clients/insforge/presigned.mjs"], cwd=cache.ROOT, env=environment, capture_output=True, text=True)
    results.check("the published client uploads to the server and downloads from it", done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:])


def fetched(url):
    """What is at an address, without a credential."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, b""


def main():
    """Both against one server."""
    stop_on_signals()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("server", choices=SERVERS)
    options = parser.parse_args()
    results = Results(f"s3-{options.server}")
    with SERVERS[options.server]() as server:
        conformance(results, server)
        whole(results, server)
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
