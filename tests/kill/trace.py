"""Reads strace's account of a server: did a sync of the log lie between the write of a row and the answer?"""

import dataclasses
import re

CALLS = "read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg,pwrite64,pwritev,pwritev2,fsync,fdatasync"
OPTIONS = ["-D", "-f", "-ttt", "-T", "-y", "-s", "4096", "-e", f"trace={CALLS}"]

_LINE = re.compile(r"^(?P<task>\d+) +(?P<time>\d+\.\d+) (?P<rest>.*)$")
_CALL = re.compile(r"^(?P<name>\w+)\((?P<file>\d+)<(?P<path>(?:[^<>]|->)*)>(?P<rest>.*)$", re.S)
_RESUMED = re.compile(r"^<\.\.\. \w+ resumed>(?P<rest>.*)$", re.S)
_TOOK = re.compile(r"<(\d+\.\d+)>$")


@dataclasses.dataclass
class Call:
    """One finished system call on an open file; times are seconds of the wall clock."""

    name: str
    path: str
    text: str
    began: float
    ended: float


def calls(path):
    """Every finished call in one strace file, in the order they began."""
    begun = {}
    found = []
    with open(path, errors="replace") as trace:
        for line in trace:
            parts = _LINE.match(line.rstrip("\n"))
            if not parts:
                continue
            task, time, rest = parts["task"], float(parts["time"]), parts["rest"]
            resumed = _RESUMED.match(rest)
            if rest.endswith("<unfinished ...>"):
                begun[task] = (time, rest.removesuffix("<unfinished ...>"))
                continue
            if resumed:
                if task not in begun:
                    continue
                began, start = begun.pop(task)
                rest = start + resumed["rest"]
                took = _TOOK.search(rest)
                ended = began + float(took.group(1)) if took else time
            else:
                began = time
                took = _TOOK.search(rest)
                ended = began + float(took.group(1)) if took else time
            call = _CALL.match(rest)
            if call:
                found.append(Call(call["name"], call["path"], call["rest"], began, ended))
    return sorted(found, key=lambda one: one.began)


def is_socket(call):
    """True for a network connection; strace shows it as a socket, not as a path."""
    return not call.path.startswith("/")


def unsynced_answers(server, log, marks, is_log):
    """The marks whose answer left before a sync that followed the last write of the log.

    `server` are the calls of the process that answers, `log` those of the processes that write the log (the same, for SQLite),
    `marks` the request ids, asked one after another, and `is_log` tells the log's path.
    """
    unsynced = []
    for mark in marks:
        asked = next((call for call in server if call.name.startswith(("read", "recv")) and is_socket(call) and mark in call.text), None)
        answered = next((call for call in server if asked and call.began >= asked.began and call.name.startswith(("write", "send"))
                         and is_socket(call) and "HTTP/1.1 201 " in call.text), None)
        if not asked or not answered:
            unsynced.append(f"{mark}: request or answer not seen")
            continue
        between = [call for call in log if asked.began <= call.began <= answered.began and is_log(call.path)]
        writes = [call for call in between if "write" in call.name]
        syncs = [call for call in between if "sync" in call.name and call.ended <= answered.began]
        if not writes:
            unsynced.append(f"{mark}: no write of the log seen")
        elif not any(sync.began >= writes[-1].ended and sync.path == writes[-1].path for sync in syncs):
            unsynced.append(f"{mark}: answered without a sync after the write of {writes[-1].path}")
    return unsynced
