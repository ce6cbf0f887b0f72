#!/usr/bin/env python3
"""The corpus as one readable file: `corpus.py unpack` makes inputs of corpus.txt, `corpus.py pack` the other way round.

A line is `METHOD table options query`; what is no plain character stands as \\n, \\r, \\t, \\0, \\\\ or \\xNN.
"""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
FOLDER, FILE = HERE / "corpus" / "statements", HERE / "corpus.txt"
METHODS = ["GET", "POST", "PATCH", "DELETE", "PUT"]
TABLES = ["clients", "projects", "tasks", "plans", "people", "work", "messages", "folders", "vault"]
# Everything the options' byte says: which role, and four switches.
OPTIONS = [(role, bits) for role in range(3) for bits in (0, 4, 8, 12, 16, 20, 24, 28)]


def options_byte(number):
    role, bits = OPTIONS[number]
    return next(byte for byte in range(32, 127) if byte % 3 == role and byte & 28 == bits)


def line_of(data):
    method, table, options = METHODS[data[0] % 5], TABLES[data[1] % 9], OPTIONS.index((data[2] % 3, data[2] & 28))
    query = data[3:].decode()
    return f"{method} {table} {options} {query.encode('unicode_escape').decode() if not query.isascii() or not query.isprintable() or chr(92) in query else query}"


def data_of(line):
    method, table, options, query = line.split(" ", 3)
    query = query.encode().decode("unicode_escape") if "\\" in query else query
    head = bytes([50 + METHODS.index(method), 54 + TABLES.index(table), options_byte(int(options))])
    return head + query.encode()


def pack():
    lines = set()
    for file in FOLDER.iterdir():
        data = file.read_bytes()
        try:
            lines.add(line_of(data))
        except (IndexError, UnicodeDecodeError):
            continue
    FILE.write_text("\n".join(sorted(lines)) + "\n")
    print(f"{len(lines)} lines")


def unpack():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for number, line in enumerate(FILE.read_text().splitlines()):
        (FOLDER / f"line-{number}").write_bytes(data_of(line))


if __name__ == "__main__":
    {"pack": pack, "unpack": unpack}[sys.argv[1]]()
