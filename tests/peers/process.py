"""A child process on loopback: a free port, a start that waits for an answer, a stop by process id."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)
_given_ports = set()


def free_port():
    """A loopback port that nothing listens on now, never given twice by this program."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if port > 20000 and port not in _given_ports:
            _given_ports.add(port)
            return port


def end_with_parent(stop_signal=signal.SIGTERM):
    """Runs in the child before exec: the child ends even when this program is killed outright."""
    _libc.prctl(PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)


def stop_on_signals():
    """Turns TERM and HUP into a normal exit, so that every `finally` stops what it started."""

    def leave(number, _frame):
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)


class Process:
    """One server process in its own group, its output in a log file."""

    def __init__(self, command, log, *, env=None, cwd=None, user=None, stop_signal=signal.SIGTERM):
        self.command = [str(part) for part in command]
        self.log = str(log)
        self.stop_signal = stop_signal
        identity = {"user": user, "group": user, "extra_groups": []} if user else {}
        with open(self.log, "ab") as output:
            self.child = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=env,
                cwd=cwd,
                start_new_session=True,
                preexec_fn=lambda: end_with_parent(stop_signal),
                **identity,
            )
        self.pid = self.child.pid

    def wait_until(self, answers, seconds=60):
        """Waits until `answers()` is true; raises with the end of the log when the process ends or time is up."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.child.poll() is not None:
                raise RuntimeError(f"{self.command[0]} ended with {self.child.returncode}:\n{self.log_end()}")
            if answers():
                return self
            time.sleep(0.02)
        self.stop()
        raise RuntimeError(f"{self.command[0]} did not answer within {seconds} s:\n{self.log_end()}")

    def log_end(self, characters=4000):
        """The last part of what the process printed."""
        with open(self.log, errors="replace") as log:
            return log.read()[-characters:]

    def kill(self):
        """kill -9, as a crash would."""
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()

    def stop(self, seconds=15):
        """Asks the process to end, then kills its own group when it does not."""
        if self.child.poll() is not None:
            return
        self.child.send_signal(self.stop_signal)
        try:
            self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.pid, signal.SIGKILL)
            self.child.wait()
