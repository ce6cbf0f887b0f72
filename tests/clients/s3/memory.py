"""1 GB up and down, and how much memory the server takes: `python3 -m tests.clients.s3.memory --store folder` or `minio`.

It goes up as a browser's form, by a signed link in one piece and in parts, and comes down by each door. Resident memory is read from the
kernel every 50 ms; its growth over the idle server must stay under 96 MB with a folder. With S3 each running upload holds two pieces of 8 MB, and
boto3 sends ten parts at a time, so there it is 320 MB.
"""

import argparse
import contextlib
import hashlib
import http.client
import pathlib
import sys
import threading
import time
import urllib.parse

from tests.clients.s3.run import with_clients
from tests.peers.minio import Minio
from tests.peers.process import stop_on_signals
from tests.results import Results
from tests.serve import serving

SIZE = 1024 * 1024 * 1024
CHUNK = bytes(range(256)) * 4096
MOST = {"folder": 96 * 1024 * 1024, "minio": 320 * 1024 * 1024}


def chunks():
    """1 GB, a megabyte at a time."""
    for _ in range(SIZE // len(CHUNK)):
        yield CHUNK


class Stream:
    """The same as a file that cannot be rewound."""

    def __init__(self):
        self.left = SIZE

    def read(self, size=-1):
        """The next bytes."""
        size = self.left if size < 0 else min(size, self.left)
        at = (SIZE - self.left) % len(CHUNK)
        self.left -= size
        return (CHUNK * (size // len(CHUNK) + 2))[at:at + size]


class Memory:
    """The most resident memory of a process while something runs."""

    def __init__(self, pid):
        self.path = pathlib.Path(f"/proc/{pid}/statm")
        self.most = 0

    def now(self):
        """Bytes in memory now."""
        return int(self.path.read_text().split()[1]) * 4096

    @contextlib.contextmanager
    def watched(self):
        """Notes the most while the block runs."""
        self.most, over = self.now(), threading.Event()

        def watch():
            while not over.wait(0.05):
                self.most = max(self.most, self.now())

        thread = threading.Thread(target=watch)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def send(busbar, method, path, pieces, length, headers):
    """A request whose body is streamed; answers (status, digest of the answer, its length)."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", busbar.port, timeout=300)) as connection:
        connection.putrequest(method, path)
        for name, value in {**headers, **({"content-length": str(length)} if pieces else {})}.items():
            connection.putheader(name, value)
        connection.endheaders()
        for piece in pieces or ():
            connection.send(piece)
        answer = connection.getresponse()
        digest, size = hashlib.md5(), 0
        while piece := answer.read(1024 * 1024):
            digest.update(piece)
            size += len(piece)
        return answer.status, digest.hexdigest(), size


def measure(results, busbar, s3, most):
    """Each way in and out."""
    memory = Memory(busbar.process.pid)
    time.sleep(1)
    idle = memory.now()
    print(f"idle: {idle / 2**20:.0f} MB", flush=True)
    whole = hashlib.md5()
    for chunk in chunks():
        whole.update(chunk)
    key = {"x-api-key": busbar.api_key}

    def step(name, work, expected):
        began = time.monotonic()
        with memory.watched():
            found = work()
        took, grown = time.monotonic() - began, memory.most - idle
        print(f"{name}: {took:.1f} s, {SIZE / 2**20 / took:.0f} MB/s, {memory.most / 2**20:.0f} MB resident, {grown / 2**20:+.0f} MB", flush=True)
        results.equal(name, found, expected)
        results.check(f"{name}: memory stays flat", grown < most, f"{grown / 2**20:.0f} MB more than idle")

    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\nContent-Type: application/x-thing\r\n\r\n'
    tail = b"\r\n--x--\r\n"

    def form():
        yield head
        yield from chunks()
        yield tail

    path = "/api/storage/buckets/b/objects/form"
    sent = {**key, "content-type": "multipart/form-data; boundary=x"}
    step("up as a form", lambda: send(busbar, "PUT", path, form(), SIZE + len(head) + len(tail), sent)[0], 200)
    step("down by the API", lambda: send(busbar, "GET", path, None, 0, key), (200, whole.hexdigest(), SIZE))
    link = urllib.parse.urlsplit(s3.generate_presigned_url("put_object", Params={"Bucket": "b", "Key": "link"}))
    step("up by a signed link", lambda: send(busbar, "PUT", f"{link.path}?{link.query}", chunks(), SIZE, {})[0], 200)
    link = urllib.parse.urlsplit(s3.generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "link"}))
    step("down by a signed link", lambda: send(busbar, "GET", f"{link.path}?{link.query}", None, 0, {}), (200, whole.hexdigest(), SIZE))
    step("up in parts", lambda: s3.upload_fileobj(Stream(), "b", "parts"), None)
    step("size of the parts", lambda: s3.head_object(Bucket="b", Key="parts")["ContentLength"], SIZE)


def main():
    """One server over one store."""
    with_clients("tests.clients.s3.memory")
    from tests.clients.s3.connection import access_key, client

    stop_on_signals()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", choices=("folder", "minio"), default="folder")
    options = parser.parse_args()
    results = Results(f"files-memory-{options.store}")
    variables = {"MAX_FILE_SIZE": str(2 * SIZE)}
    with contextlib.ExitStack() as stack:
        if options.store == "minio":
            server = stack.enter_context(Minio())
            variables.update({"AWS_S3_BUCKET": server.bucket, "AWS_ENDPOINT_URL": server.url, "AWS_ACCESS_KEY_ID": server.key,
                              "AWS_SECRET_ACCESS_KEY": server.secret})
        busbar = stack.enter_context(serving("sqlite", variables=variables))
        s3 = client(busbar, access_key(busbar))
        s3.create_bucket(Bucket="b")
        measure(results, busbar, s3, MOST[options.store])
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
