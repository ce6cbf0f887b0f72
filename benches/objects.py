"""B9: objects of an S3 server, small and large, every request signed with its payload's hash."""

import concurrent.futures
import contextlib
import datetime
import hashlib
import hmac
import os
import pathlib
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from benches.measure import Series, figure, wrk
from tests.peers.minio import Minio
from tests.serve import Busbar

SMALL, LARGE, LARGE_AT_ONCE, CONNECTIONS = 4096, 64 * 1024 * 1024, 4, 64
KEYS = 20_000
EMPTY = hashlib.sha256(b"").hexdigest()


class Door:
    """One S3 server: where it is, its bucket, a key, and the process whose memory is read."""

    def __init__(self, name, url, prefix, bucket, region, key):
        self.name, self.url, self.prefix, self.bucket, self.region, self.key = name, url, prefix, bucket, region, key
        self.process = None

    def signed(self, method, key, digest):
        """(path, authorization, moment) of a request whose payload has this digest: signature version 4."""
        moment = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        path = f"{self.prefix}/{self.bucket}" + (f"/{key}" if key else "")
        host = urllib.parse.urlsplit(self.url).netloc
        headers = {"host": host, "x-amz-content-sha256": digest, "x-amz-date": moment}
        names = ";".join(headers)
        canonical = "\n".join([method, path, "", *(f"{name}:{value}" for name, value in headers.items()), "", names, digest])
        scope = f"{moment[:8]}/{self.region}/s3/aws4_request"
        text = "\n".join(["AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        secret = f"AWS4{self.key[1]}".encode()
        for part in scope.split("/"):
            secret = hmac.digest(secret, part.encode(), "sha256")
        signature = hmac.new(secret, text.encode(), "sha256").hexdigest()
        return path, f"AWS4-HMAC-SHA256 Credential={self.key[0]}/{scope}, SignedHeaders={names}, Signature={signature}", moment

    def send(self, method, key, body=b""):
        """One request: (status, body)."""
        digest = hashlib.sha256(body).hexdigest()
        path, authorization, moment = self.signed(method, key, digest)
        headers = {"authorization": authorization, "x-amz-date": moment, "x-amz-content-sha256": digest}
        request = urllib.request.Request(self.url + path, body or None, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def must(self, method, key, body=b""):
        """The body of a request that has to succeed."""
        status, answer = self.send(method, key, body)
        if status not in (200, 204):
            raise RuntimeError(f"{self.name}: {method} {key}: {status} {answer[:300]}")
        return answer

    def most_resident(self):
        """The most memory the server ever held, in MiB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:"))


@contextlib.contextmanager
def busbar(settings):
    """Busbar's gateway over its folder."""
    server = Busbar(wrapper=settings.server, variables={"APP_ENV": "development", "LOG_LEVEL": "error"}).start()
    try:
        status, made, _ = server.call("POST", "/api/storage/s3/access-keys", {"description": "benchmark"})
        if status != 201:
            raise RuntimeError(f"{status} {made}")
        door = Door("Busbar", server.url, "/storage/v1/s3", "bench", "us-east-2", (made["accessKeyId"], made["secretAccessKey"]))
        door.process = server.process
        door.must("PUT", "")
        yield door
    finally:
        server.remove()


@contextlib.contextmanager
def minio():
    """MinIO over its folder."""
    with Minio() as server:
        door = Door("MinIO", server.url, "", server.bucket, "us-east-1", (server.key, server.secret))
        door.process = server.process
        yield door


def small(settings, folder, door, method, body):
    """Objects per second, one request each, over keep-alive connections."""
    digest = hashlib.sha256(body).hexdigest() if body else EMPTY
    lines = folder / f"{door.name}-{method}"
    with open(lines, "w", encoding="utf-8") as file:
        for number in range(KEYS if method == "PUT" else settings.objects):
            path, authorization, moment = door.signed(method, f"small/{number}", digest)
            file.write("\t".join((path, authorization, moment, digest)) + "\n")
    arguments = [method, lines]
    if body:
        arguments.append(folder / "small.bin")
    report = wrk(door.url, "signed", *arguments, connections=CONNECTIONS, seconds=settings.seconds, wrapper=settings.generator)
    return report["rate"], report["p99"]


def large(settings, folder, door, method, digest):
    """MB per second of four at once, each by a curl of its own."""
    def one(number):
        path, authorization, moment = door.signed(method, f"large/{number}", digest if method == "PUT" else EMPTY)
        words = ["-T", folder / "large.bin"] if method == "PUT" else []
        command = [*settings.generator, "curl", "-s", "-o", "/dev/null", "-w", "%{http_code} %{size_download}", *words, "-H", "expect:", "-H", f"authorization: {authorization}",
                   "-H", f"x-amz-date: {moment}", "-H", f"x-amz-content-sha256: {digest if method == 'PUT' else EMPTY}", door.url + path]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        status, size = done.stdout.split()
        if status != "200" or (method == "GET" and int(size) != LARGE):
            raise RuntimeError(f"{door.name}: {method} of a large object: {done.stdout}{done.stderr}")

    began = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(LARGE_AT_ONCE) as pool:
        list(pool.map(one, range(LARGE_AT_ONCE)))
    return LARGE_AT_ONCE * LARGE / 1e6 / (time.perf_counter() - began), None


def disk(folder):
    """MB per second of four files written at once and synced."""
    def one(number):
        subprocess.run(["dd", f"if={folder / 'large.bin'}", f"of={folder / f'copy-{number}'}", "bs=1M", "conv=fsync"], check=True, capture_output=True)

    began = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(LARGE_AT_ONCE) as pool:
        list(pool.map(one, range(LARGE_AT_ONCE)))
    return LARGE_AT_ONCE * LARGE / 1e6 / (time.perf_counter() - began), None


def hashes(content):
    """MB per second of MD5 and SHA-256 over the same bytes, four at once, as a server has to compute them."""
    def one(_):
        hashlib.md5(content).digest()
        hashlib.sha256(content).digest()

    began = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(LARGE_AT_ONCE) as pool:
        list(pool.map(one, range(LARGE_AT_ONCE)))
    return LARGE_AT_ONCE * len(content) / 1e6 / (time.perf_counter() - began), None


def same_answers(doors, body, content):
    """Raises unless every server gives back what it was given, and refuses what is signed wrongly."""
    for door in doors:
        for key, sent in (("small/0", body), ("large/0", content)):
            door.must("PUT", key, sent)
            if door.must("GET", key) != sent:
                raise RuntimeError(f"{door.name} gives back something else for {key}")
        bent = Door(door.name, door.url, door.prefix, door.bucket, door.region, (door.key[0], "wrong"))
        status, _ = bent.send("PUT", "small/0", b"x")
        if status != 403:
            raise RuntimeError(f"{door.name} answers {status} to a wrong signature")


def b9(settings, outcome, rounds):
    """Fills `outcome` with what was measured."""
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="busbar-objects-")))
        body, content = os.urandom(SMALL), os.urandom(LARGE)
        (folder / "small.bin").write_bytes(body)
        (folder / "large.bin").write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        doors = [stack.enter_context(busbar(settings)), stack.enter_context(minio())]
        same_answers(doors, body, content)
        for door in doors:
            # Every key that is read later is there, whatever a round reaches.
            with concurrent.futures.ThreadPoolExecutor(16) as pool:
                list(pool.map(lambda number, door=door: door.must("PUT", f"small/{number}", body), range(1, settings.objects)))
        runs = []
        for method, data in (("PUT", body), ("GET", b"")):
            for door in doors:
                name = f"{door.name}: {method} 4 KB"
                runs.append((Series(name, "objects/s"), lambda door=door, method=method, data=data: small(settings, folder, door, method, data)))
        for method in ("PUT", "GET"):
            for door in doors:
                name = f"{door.name}: {method} 64 MB, {LARGE_AT_ONCE} at once"
                runs.append((Series(name, "MB/s"), lambda door=door, method=method: large(settings, folder, door, method, digest)))
        runs += [(Series("ceiling: written and synced by dd", "MB/s"), lambda: disk(folder)),
                 (Series("ceiling: MD5 and SHA-256", "MB/s"), lambda: hashes(content))]
        outcome.series = rounds(settings, runs)
        put, their_put, got, their_get, put_large, their_put_large, got_large, their_get_large, written, hashed = outcome.series
        outcome.compare("PUT 4 KB, Busbar / MinIO", put, their_put, 1.5, 4)
        outcome.compare("GET 4 KB, Busbar / MinIO", got, their_get)
        outcome.compare("PUT 64 MB, Busbar / MinIO", put_large, their_put_large)
        outcome.compare("GET 64 MB, Busbar / MinIO", got_large, their_get_large)
        outcome.compare("PUT 64 MB, Busbar / written by dd", put_large, written, None, 0.85)
        outcome.compare("PUT 64 MB, Busbar / MD5 and SHA-256", put_large, hashed, None, 0.85)
        memory = ", ".join(f"{door.name} {figure(door.most_resident())} MiB" for door in doors)
        outcome.notes += [
            f"The most memory held in the whole run: {memory}. Goal: 64 MiB whatever the object.",
            f"Every request is signed (version 4, the payload's hash among what is signed) before the clock runs; {KEYS} keys written, {settings.objects} read. A wrong signature was "
            "refused by both. The generators are wrk and curl.",
            "Busbar syncs before it answers; MinIO runs with its defaults on one folder. The floor and the goal were set for RustFS, which cannot be built here.",
        ]
