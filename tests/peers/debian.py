"""Installs the Debian packages that are missing, and nothing when all are there: `python3 -m tests.peers.debian postgresql wrk`."""

import glob
import os
import pathlib
import shutil
import subprocess
import sys

# Package: how to see that it is there already, whoever installed it.
PRESENT = {
    "postgresql": lambda: bool(glob.glob("/usr/lib/postgresql/*/bin/initdb")) or bool(shutil.which("initdb")),
    "redis-server": lambda: bool(shutil.which("redis-server")),
    "wrk": lambda: bool(shutil.which("wrk")),
    "strace": lambda: bool(shutil.which("strace")),
    "gcc": lambda: bool(shutil.which("cc") or shutil.which("gcc")),
    "rclone": lambda: bool(shutil.which("rclone")),
    "chromium": lambda: bool(shutil.which("chromium") or os.environ.get("CHROMIUM")),
    "curl": lambda: bool(shutil.which("curl")),
    "python3-venv": lambda: subprocess.run([sys.executable, "-c", "import ensurepip"], capture_output=True).returncode == 0,
}


def postgis():
    """The package with PostGIS for the newest PostgreSQL that is installed."""
    versions = [int(path.split("/")[4]) for path in glob.glob("/usr/lib/postgresql/*/bin/initdb") if path.split("/")[4].isdigit()]
    newest = max(versions, default=0)
    package = f"postgresql-{newest}-postgis-3"
    PRESENT[package] = lambda: pathlib.Path(f"/usr/share/postgresql/{newest}/extension/postgis.control").exists()
    return package


POLICY = pathlib.Path("/usr/sbin/policy-rc.d")


def install(*packages):
    """Installs what is missing; the packages' own servers are not started, because tests start private ones."""
    missing = [package for package in packages if not PRESENT[package]()]
    if not missing:
        return
    if not shutil.which("apt-get"):
        sys.exit(f"missing: {', '.join(missing)}; this machine has no apt-get, please install them")
    print(f"installing {', '.join(missing)} with apt-get", flush=True)
    root = [] if os.geteuid() == 0 else ["sudo"]
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    ours = not POLICY.exists() and not root
    if ours:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        subprocess.run([*root, "apt-get", "update", "-qq"], check=True, env=quiet, stdin=subprocess.DEVNULL)
        subprocess.run([*root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing],
                       check=True, env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    finally:
        if ours:
            POLICY.unlink()


if __name__ == "__main__":
    install(*sys.argv[1:])
