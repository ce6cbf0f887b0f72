"""kill -9 under uploaders of the S3 gateway, whole objects and objects in parts, restart: what was answered is there, whole.

`python3 -m tests.kill.gateway --database sqlite --rounds 3`. A complete that was cut off may be repeated, and then the object is there; what was
called off or never completed is no object, and nothing half written is left behind.
"""

import hashlib
import os
import random
import sys
import threading
import time

from tests.clients.s3.run import with_clients
from tests.kill.options import read
from tests.peers.process import stop_on_signals
from tests.results import Results
from tests.serve import serving

WHOLE, IN_PARTS = 10, 3
KEYS_EACH = 4
SIZES = (0, 100, 5_000, 200_000)
PART = 5 * 1024 * 1024


def tag_of(parts):
    """The entity tag that S3 gives to an object: one part is an object put whole, where `parts` is not a list."""
    if isinstance(parts, bytes):
        return f'"{hashlib.md5(parts).hexdigest()}"'
    return f'"{hashlib.md5(b"".join(hashlib.md5(part).digest() for part in parts)).hexdigest()}-{len(parts)}"'


class Uploaders:
    """Threads that store random objects, and the entity tags each key may have: the last answered, or one sent after it."""

    def __init__(self, s3, bucket):
        self.s3, self.bucket = s3, bucket
        self.possible, self.answered, self.in_parts_answered, self.refused, self.cut_off = {}, set(), set(), [], []
        self.lock, self.stopping = threading.Lock(), threading.Event()
        works = [(self.whole, number) for number in range(WHOLE)] + [(self.in_parts, WHOLE + number) for number in range(IN_PARTS)]
        self.threads = [threading.Thread(target=self.repeat, args=work) for work in works]

    def repeat(self, work, number):
        """One thread's work, until it is stopped or the server is gone."""
        from botocore.exceptions import BotoCoreError, ClientError

        for count in range(1_000_000):
            if self.stopping.is_set():
                return
            try:
                work(f"{number}-{count % KEYS_EACH}", random.Random(f"{number} {count}"))
            except ClientError as error:
                with self.lock:
                    self.refused.append(str(error))
                return
            except (BotoCoreError, OSError):
                return

    def sent(self, key, content):
        """Notes that from now on a key may hold this content too."""
        with self.lock:
            self.possible.setdefault(key, {None}).add(tag_of(content))

    def stands(self, key, content, answer):
        """Notes that a key holds this content."""
        with self.lock:
            if answer["ETag"] != tag_of(content):
                self.refused.append(f"{key}: {answer['ETag']} is not {tag_of(content)}")
            self.possible[key] = {tag_of(content)}
            self.answered.add(key)
            if isinstance(content, list):
                self.in_parts_answered.add(key)

    def whole(self, key, chance):
        """One object by one request."""
        content = os.urandom(chance.choice(SIZES))
        self.sent(key, content)
        self.stands(key, content, self.s3.put_object(Bucket=self.bucket, Key=key, Body=content))

    def in_parts(self, key, chance):
        """One object of two or three parts."""
        place = {"Bucket": self.bucket, "Key": key}
        place["UploadId"] = self.s3.create_multipart_upload(**place)["UploadId"]
        parts = [os.urandom(PART) for _ in range(chance.choice((1, 2)))] + [os.urandom(chance.choice(SIZES[1:]))]
        named = [{"PartNumber": number, "ETag": self.s3.upload_part(**place, PartNumber=number, Body=part)["ETag"]}
                 for number, part in enumerate(parts, 1)]
        self.sent(key, parts)
        with self.lock:
            self.cut_off.append((place, named, parts))
        answer = self.s3.complete_multipart_upload(**place, MultipartUpload={"Parts": named})
        with self.lock:
            self.cut_off.remove((place, named, parts))
        self.stands(key, parts, answer)

    def start(self):
        """Starts every thread."""
        for thread in self.threads:
            thread.start()
        return self

    def stop(self):
        """Waits until every thread has ended."""
        self.stopping.set()
        for thread in self.threads:
            thread.join()


def judge(results, name, s3, bucket, uploaders):
    """Every key against what it may hold."""
    from botocore.exceptions import ClientError

    wrong, of_parts = [], 0
    for key, possible in uploaders.possible.items():
        try:
            got = s3.get_object(Bucket=bucket, Key=key)
            tag, content = got["ETag"], got["Body"].read()
            if tag.endswith('"') and "-" in tag:
                of_parts += 1
                count = int(tag.strip('"').split("-")[1])
                tag = tag_of([content[number * PART:(number + 1) * PART if number + 1 < count else None] for number in range(count)])
            else:
                tag = tag_of(content)
            tag = tag if tag == got["ETag"] else f"{got['ETag']}, but the bytes say {tag}"
        except ClientError as error:
            tag = None if error.response["Error"]["Code"] == "NoSuchKey" else str(error)
        if tag not in possible:
            wrong.append((key, tag, sorted(map(str, possible))))
    results.check(f"{name}: all {len(uploaders.answered)} answered objects are there and whole, {of_parts} of them in parts", not wrong, wrong[:3])


def repeat_what_was_cut_off(results, name, s3, uploaders):
    """A complete without an answer is sent again: the object stands, or stood already and the upload is gone."""
    from botocore.exceptions import ClientError

    wrong = []
    for place, named, parts in uploaders.cut_off:
        try:
            done = s3.complete_multipart_upload(**place, MultipartUpload={"Parts": named})["ETag"]
        except ClientError as error:
            code = error.response["Error"]["Code"]
            done = s3.head_object(Bucket=place["Bucket"], Key=place["Key"])["ETag"] if code == "NoSuchUpload" else code
        if done != tag_of(parts):
            wrong.append((place["Key"], done, tag_of(parts)))
    results.check(f"{name}: {len(uploaders.cut_off)} completes that were cut off can be repeated", not wrong, wrong[:3])


def round_of(results, number, busbar, connect, moment):
    """One crash: upload, kill, start again, compare."""
    bucket = f"round-{number}"
    s3 = connect()
    s3.create_bucket(Bucket=bucket)
    uploaders = Uploaders(s3, bucket).start()
    # A kill before the first answers proves nothing.
    while not uploaders.in_parts_answered and not uploaders.refused:
        time.sleep(0.01)
    time.sleep(moment)
    # Every second one comes while parts are being put together.
    patience = time.monotonic() + 10
    while number % 2 and not uploaders.cut_off and not uploaders.refused and time.monotonic() < patience:
        time.sleep(0.001)
    busbar.kill()
    uploaders.stop()
    busbar.start()
    s3 = connect()
    name = f"round {number}, killed {moment:.2f} s after the first answers"
    results.check(f"{name}: nothing was refused", not uploaders.refused, uploaders.refused[:1])
    judge(results, name, s3, bucket, uploaders)
    repeat_what_was_cut_off(results, name, s3, uploaders)
    left = s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])
    for upload in left:
        s3.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
    results.check(f"{name}: {len(left)} uploads that were not completed can be called off", not s3.list_multipart_uploads(Bucket=bucket).get("Uploads"))
    judge(results, f"{name}, after that", s3, bucket, uploaders)
    incoming = busbar.folder / "data" / "storage" / "incoming"
    halves = [path.name for path in incoming.glob("*/*") if path.name != "alive"]
    results.check(f"{name}: nothing half written is left", not halves, halves[:3])


def main():
    """Runs the rounds on one data folder."""
    with_clients("tests.kill.gateway")
    from tests.clients.s3.connection import access_key, client

    stop_on_signals()
    options = read(__doc__, rounds=3)
    results = Results(f"kill-gateway-{options.database}")
    with serving(options.database) as busbar:
        key = access_key(busbar)
        for number in range(1, options.rounds + 1):
            round_of(results, number, busbar, lambda: client(busbar, key, max_pool_connections=WHOLE + IN_PARTS), options.moments.uniform(0.2, 3.0))
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
