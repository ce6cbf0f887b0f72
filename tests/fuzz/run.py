"""schemathesis against /openapi.json of a running Busbar: no 5xx, and no answer that the description does not allow.

`python3 -m tests.fuzz.run`; EXAMPLES sets how many requests each operation gets at most, SECONDS the time for the whole run.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

from tests.peers import cache
from tests.peers.process import stop_on_signals
from tests.results import Results
from tests.serve import serving

PACKAGE = "schemathesis==4.32.5"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# Operations that take the tester's own credentials away.
LEFT_OUT = r"/(logout|rotate)$"


def fuzz(busbar, report):
    """Runs the fuzzer; answers its exit status and what it printed."""
    program = cache.python("fuzz", PACKAGE) / "schemathesis"
    command = [
        program, "run", f"{busbar.url}/openapi.json", "--url", busbar.url, "--header", f"x-api-key: {busbar.api_key}", "--checks", CHECKS,
        "--phases", "examples,coverage,fuzzing", "--max-examples", os.environ.get("EXAMPLES", "15"), "--seed", "1",
        # Two threads in Python 3.11's parser raise "AST constructor recursion depth mismatch", and its one lock leaves them no faster than one.
        "--workers", "1",
        "--exclude-path-regex", LEFT_OUT, "--request-timeout", "30", "--suppress-health-check", "all", "--continue-on-failure", "--no-shrink",
        "--report", "junit", "--report-junit-path", report,
    ]
    # Its data base of examples goes to a folder of its own, not into the clone.
    return subprocess.run([str(part) for part in command], cwd=pathlib.Path(report).parent, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=float(os.environ.get("SECONDS", "900")))


def main():
    """One line per operation; the fuzzer's own account of a failure follows."""
    stop_on_signals()
    results = Results("fuzz")
    with tempfile.TemporaryDirectory(prefix="busbar-fuzz-") as folder, serving("sqlite") as busbar:
        report = pathlib.Path(folder) / "report.xml"
        done = fuzz(busbar, report)
        if report.exists():
            for case in xml.etree.ElementTree.parse(report).getroot().iter("testcase"):
                if case.find("skipped") is not None:
                    results.skip(case.get("name"), (case.find("skipped").get("message") or "skipped by the fuzzer"))
                else:
                    failure = case.find("failure") if case.find("failure") is not None else case.find("error")
                    results.check(case.get("name"), failure is None, None if failure is None else (failure.get("message") or "").strip()[:3000])
        if results.failed or not results.passed:
            print(re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)[-20000:] + done.stderr[-2000:])
        results.check("the server is still up", busbar.is_ready(), busbar.process.log_end())
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
