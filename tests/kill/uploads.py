"""kill -9 under 16 uploaders, restart: every answered file is there, whole, and nothing half written is left behind.

`python3 -m tests.kill.uploads --database sqlite --rounds 3`. The same keys are replaced again and again, so that a crash meets replacements too.
"""

import hashlib
import os
import random
import sys
import threading
import time

from tests.kill.forms import get_file, put_file
from tests.kill.options import read
from tests.peers.process import stop_on_signals
from tests.results import Results
from tests.serve import serving

UPLOADERS = 16
KEYS_EACH = 5
SIZES = (0, 100, 5_000, 200_000)


class Uploaders:
    """Threads that store random files, and what each key may hold: the last answered file, or one sent after it."""

    def __init__(self, busbar, bucket):
        self.busbar, self.bucket = busbar, bucket
        self.possible, self.answered = {}, set()
        self.refused = []
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.upload, args=(number,)) for number in range(UPLOADERS)]

    def upload(self, number):
        """One thread's work, until it is stopped or the server is gone."""
        sizes = random.Random(number)
        for count in range(1_000_000):
            if self.stopping.is_set():
                return
            key, content = f"{number}-{count % KEYS_EACH}", os.urandom(sizes.choice(SIZES))
            digest = hashlib.md5(content).hexdigest()
            with self.lock:
                self.possible.setdefault(key, {None}).add(digest)
            try:
                status, answer = put_file(self.busbar, self.bucket, key, content)
            except OSError:
                return
            with self.lock:
                if status == 200:
                    self.possible[key] = {digest}
                    self.answered.add(key)
                else:
                    self.refused.append((status, answer))

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


def round_of(results, number, busbar, moment):
    """One crash: upload, kill, start again, compare."""
    bucket = f"round-{number}"
    status, answer, _ = busbar.call("POST", "/api/storage/buckets", {"bucketName": bucket})
    results.check(f"round {number}: a bucket", status == 201, answer)
    uploaders = Uploaders(busbar, bucket).start()
    # A kill before the first answer proves nothing.
    while not uploaders.answered and not uploaders.refused:
        time.sleep(0.01)
    time.sleep(moment)
    busbar.kill()
    uploaders.stop()
    busbar.start()
    name = f"round {number}, killed {moment:.2f} s after the first answer"
    results.check(f"{name}: nothing was refused", not uploaders.refused, uploaders.refused[:1])
    wrong = []
    for key, possible in uploaders.possible.items():
        status, content, tag = get_file(busbar, bucket, key)
        digest = hashlib.md5(content).hexdigest() if status == 200 else None
        if status not in (200, 404) or digest not in possible or (digest and tag != f'"{digest}"'):
            wrong.append((key, status, digest))
    results.check(f"{name}: all {len(uploaders.answered)} answered files are there and whole", not wrong, wrong[:3])
    incoming = busbar.folder / "data" / "storage" / "incoming"
    left = [path.name for path in incoming.glob("*/*") if path.name != "alive"]
    results.check(f"{name}: nothing half written is left", not left, left[:3])


def main():
    """Runs the rounds on one data folder."""
    stop_on_signals()
    options = read(__doc__, rounds=3)
    results = Results(f"kill-uploads-{options.database}")
    with serving(options.database) as busbar:
        for number in range(1, options.rounds + 1):
            round_of(results, number, busbar, options.moments.uniform(0.05, 1.5))
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
