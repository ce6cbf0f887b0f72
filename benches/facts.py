"""What the machine is, and what its disk can do in this very run."""

import os
import pathlib
import platform
import shutil
import subprocess
import tempfile
import time

from tests.peers import postgres


def _first(command):
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip().splitlines()[0]
    except (OSError, IndexError):
        return "absent"


def machine():
    """Pairs of a name and a fact."""
    processor = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8") if line.startswith("model name")), platform.machine())
    memory = int(next(line.split()[1] for line in open("/proc/meminfo", encoding="utf-8") if line.startswith("MemTotal"))) // 1024
    return [
        ("processor", f"{os.cpu_count()} × {processor}"),
        ("memory", f"{memory} MiB"),
        ("load before the run", " ".join(f"{part:.1f}" for part in os.getloadavg())),
        ("kernel", platform.release()),
        ("Rust", _first(["rustc", "--version"])),
        ("Node", _first(["node", "--version"])),
        ("Go", _first(["go", "version"])),
        ("PostgreSQL", _first([str(postgres.programs() / "postgres"), "--version"])),
        ("generator", _first(["sh", "-c", "wrk -v 2>&1 | head -1"])),
    ]


def sync_times(count=300):
    """Median and 99th percentile, in microseconds, of writing 4 KB and syncing it, one after another."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="busbar-sync-"))
    times = []
    try:
        file = os.open(folder / "file", os.O_RDWR | os.O_CREAT)
        for number in range(count):
            os.pwrite(file, b"x" * 4096, number * 4096)
            began = time.perf_counter()
            os.fdatasync(file)
            times.append((time.perf_counter() - began) * 1e6)
        os.close(file)
    finally:
        shutil.rmtree(folder)
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.99)]


def syncs_per(process_id, act):
    """How many syncs a process makes while `act()` runs, counted by strace; None when strace may not attach."""
    with tempfile.NamedTemporaryFile(prefix="busbar-syncs-") as account:
        tracer = subprocess.Popen(["strace", "-f", "-c", "-e", "trace=fsync,fdatasync", "-o", account.name, "-p", str(process_id)],
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.5)
        result = act()
        if tracer.poll() is not None:
            return result, None
        tracer.send_signal(2)
        tracer.wait(30)
        lines = [line.split() for line in open(account.name, encoding="utf-8")]
    return result, sum(int(parts[3]) for parts in lines if parts and parts[-1] in ("fsync", "fdatasync"))


def resident(process_id):
    """Rss and Pss in MiB."""
    text = pathlib.Path(f"/proc/{process_id}/smaps_rollup").read_text(encoding="utf-8")
    found = {line.split()[0]: int(line.split()[1]) / 1024 for line in text.splitlines()[1:] if len(line.split()) >= 3}
    return found["Rss:"], found["Pss:"]
