"""A private Redis on a free loopback port, with a password, nothing on disk unless asked for."""

import pathlib
import secrets
import shutil
import socket
import tempfile

from tests.peers import debian
from tests.peers.process import Process, free_port


class Redis:
    """One server; `append_only` writes every change to disk before answering, as a durable queue needs."""

    def __init__(self, *, append_only=False):
        debian.install("redis-server")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="busbar-redis-"))
        self.port = free_port()
        self.password = secrets.token_hex(16)
        self.append_only = append_only
        self.process = None

    @property
    def url(self):
        """The address with the password."""
        return f"redis://default:{self.password}@127.0.0.1:{self.port}/0"

    def start(self):
        """Starts the server and waits until it takes connections."""
        settings = self.folder / "redis.conf"
        settings.write_text(
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\nsave \"\"\ndir {self.folder}\n"
            f"maxmemory-policy noeviction\nappendonly {'yes' if self.append_only else 'no'}\nappendfsync always\n")
        settings.chmod(0o600)
        self.process = Process(["redis-server", settings], self.folder / "log")
        self.process.wait_until(self._answers)
        return self

    def _answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while b"PONG" not in answer:
                    part = connection.recv(64)
                    if not part:
                        return False
                    answer += part
                return True
        except OSError:
            return False

    def remove(self):
        """Stops the server and deletes its folder."""
        if self.process:
            self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.remove()
            raise

    def __exit__(self, *_failure):
        self.remove()
