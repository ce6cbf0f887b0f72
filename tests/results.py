"""What a suite of checks found: a line for each, and one last line that `tests.run` adds up."""

import json


class Results:
    """Counts checks; the last line is `<suite>: N passed, N failed, N skipped`."""

    def __init__(self, suite):
        self.suite = suite
        self.passed = self.failed = self.skipped = 0

    def check(self, name, holds, found=None):
        """One check; `found` is printed when it does not hold."""
        if holds:
            self.passed += 1
            print(f"  ok    {name}", flush=True)
        else:
            self.failed += 1
            print(f"  FAIL  {name}: {found}", flush=True)
        return bool(holds)

    def equal(self, name, found, expected):
        """Two values that must be the same."""
        shown = f"found {json.dumps(found, default=str)[:400]}, expected {json.dumps(expected, default=str)[:400]}"
        return self.check(name, found == expected, shown)

    def skip(self, name, why):
        """A check that cannot run here; named and counted."""
        self.skipped += 1
        print(f"skipped: {name}: {why}", flush=True)

    def finish(self):
        """Prints the last line; answers the exit status."""
        print(f"{self.suite}: {self.passed} passed, {self.failed} failed, {self.skipped} skipped", flush=True)
        return 1 if self.failed else 0
