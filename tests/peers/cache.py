"""What is installed once and kept: npm packages, Python environments and Go programs, outside the clone.

The folder is $BUSBAR_CACHE, by default ~/.cache/busbar. Deleting it costs only time.
"""

import contextlib
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CACHE = pathlib.Path(os.environ.get("BUSBAR_CACHE") or pathlib.Path.home() / ".cache" / "busbar")


@contextlib.contextmanager
def _alone():
    """One installation at a time, whoever else uses this cache."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / "installing.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def npm(name, source):
    """Installs the locked packages of `source` once and links them as its node_modules; answers the cached folder."""
    source = ROOT / source
    fingerprint = hashlib.sha256()
    for part in ("package.json", "package-lock.json"):
        fingerprint.update((source / part).read_bytes())
    version = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True).stdout
    fingerprint.update(version.encode())
    folder = CACHE / "npm" / f"{name}-{fingerprint.hexdigest()[:12]}"
    with _alone():
        _install_npm(folder, source)
    link = source / "node_modules"
    if not link.is_symlink() or os.readlink(link) != str(folder / "node_modules"):
        if link.is_symlink():
            link.unlink()
        elif link.exists():
            shutil.rmtree(link)
        link.symlink_to(folder / "node_modules")
    return folder


def _install_npm(folder, source):
    if not (folder / "installed").exists():
        print(f"installing the npm packages of {source.relative_to(ROOT)} into {folder}", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for part in ("package.json", "package-lock.json", ".npmrc"):
            if (source / part).exists():
                shutil.copy(source / part, folder / part)
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, check=True, env=_compiler_settings(),
                       stdin=subprocess.DEVNULL)
        (folder / "installed").touch()


def _compiler_settings():
    """Packages with native parts compile against the headers beside node, when they are there, instead of fetching them."""
    settings = dict(os.environ)
    prefix = pathlib.Path(os.path.realpath(shutil.which("node") or "/usr/bin/node")).parents[1]
    if (prefix / "include" / "node" / "node.h").exists():
        settings.setdefault("npm_config_nodedir", str(prefix))
    return settings


def python(name, *packages):
    """A Python environment with exactly these pinned packages; answers its bin folder."""
    fingerprint = hashlib.sha256("\n".join([sys.version, *packages]).encode()).hexdigest()[:12]
    folder = CACHE / "python" / f"{name}-{fingerprint}"
    with _alone():
        if not (folder / "installed").exists():
            print(f"installing {', '.join(packages)} into {folder}", flush=True)
            shutil.rmtree(folder, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            subprocess.run([folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", *packages], check=True)
            (folder / "installed").touch()
    return folder / "bin"


def go(name, package):
    """A Go program built from its module at a pinned version; answers the path of the program."""
    folder = CACHE / "go" / package.replace("/", "_").replace("@", "-")
    program = folder / package.split("@")[0].split("/")[-1]
    with _alone():
        if not program.exists():
            print(f"building {name} ({package}) into {folder}; this takes some minutes once", flush=True)
            folder.mkdir(parents=True, exist_ok=True)
            subprocess.run(["go", "install", "-trimpath", "-ldflags=-s -w", package], check=True, stdin=subprocess.DEVNULL,
                           env=dict(os.environ, GOBIN=str(folder), CGO_ENABLED="0"))
    return program


def go_here(name, folder):
    """A Go program of this repository; answers its path."""
    sources = sorted((ROOT / folder).glob("*.go")) + [ROOT / folder / "go.mod", ROOT / folder / "go.sum"]
    fingerprint = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]
    program = CACHE / "go" / f"{name}-{fingerprint}" / name
    with _alone():
        if not program.exists():
            print(f"building {folder} into {program.parent}; this takes some minutes once", flush=True)
            subprocess.run(["go", "build", "-C", ROOT / folder, "-trimpath", "-ldflags=-s -w", "-o", program, "."], check=True, stdin=subprocess.DEVNULL,
                           env=dict(os.environ, CGO_ENABLED="0"))
    return program


if __name__ == "__main__":
    npm(sys.argv[1], sys.argv[2])
