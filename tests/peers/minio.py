"""A private MinIO on a free loopback port: a real S3 server that checks signatures."""

import pathlib
import secrets
import shutil
import tempfile
import urllib.error
import urllib.request

from tests.peers import cache
from tests.peers.process import Process, free_port

# The last release of the community edition as a Go module.
PACKAGE = "github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c"


class Minio:
    """One server with one bucket, made as a folder because MinIO takes a folder for a bucket."""

    checks_signatures = True
    bucket = "busbar-test"

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="busbar-minio-"))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.key, self.secret = f"AK{secrets.token_hex(8)}", secrets.token_hex(20)
        self.process = None

    def __enter__(self):
        program = cache.go("MinIO", PACKAGE)
        data = self.folder / "data"
        data.mkdir()
        environment = {
            "PATH": "/usr/bin:/bin", "HOME": str(self.folder), "MINIO_ROOT_USER": self.key, "MINIO_ROOT_PASSWORD": self.secret,
            "MINIO_BROWSER": "off", "MINIO_UPDATE": "off", "MINIO_CALLHOME_ENABLE": "off",
        }
        command = [program, "server", "--quiet", "--address", f"127.0.0.1:{self.port}", data]
        self.process = Process(command, self.folder / "output.log", env=environment)
        self.process.wait_until(self.is_ready)
        (data / self.bucket).mkdir()
        return self

    def is_ready(self):
        """True when it answers that it is alive."""
        try:
            with urllib.request.urlopen(f"{self.url}/minio/health/ready", timeout=2) as answer:
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False

    def __exit__(self, *_):
        self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
