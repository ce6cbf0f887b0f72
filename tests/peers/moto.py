"""A private moto on a free loopback port: S3 as the authors of moto read its reference. It checks no signature."""

import pathlib
import shutil
import tempfile
import urllib.error
import urllib.request

from tests.peers import cache
from tests.peers.process import Process, free_port

PACKAGES = ("moto[server]==5.2.5", "boto3==1.44.5")


class Moto:
    """One server with one bucket; everything is in its memory."""

    checks_signatures = False
    bucket = "busbar-test"
    key, secret = "AKIAMOTO", "any"

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="busbar-moto-"))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None

    def __enter__(self):
        programs = cache.python("moto", *PACKAGES)
        command = [programs / "python", programs / "moto_server", "-H", "127.0.0.1", "-p", str(self.port)]
        self.process = Process(command, self.folder / "output.log", cwd=self.folder)
        self.process.wait_until(self.is_ready)
        request = urllib.request.Request(f"{self.url}/{self.bucket}", method="PUT", headers={"authorization": self.authorization()})
        urllib.request.urlopen(request, timeout=10).close()
        return self

    def authorization(self):
        """Enough of a signature for moto to tell the service by."""
        return f"AWS4-HMAC-SHA256 Credential={self.key}/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"

    def is_ready(self):
        """True when it answers at all."""
        try:
            urllib.request.urlopen(f"{self.url}/moto-api/data.json", timeout=2).close()
            return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def __exit__(self, *_):
        self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
