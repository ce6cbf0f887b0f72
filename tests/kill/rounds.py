"""kill -9 at a random moment under 64 writers, restart, every answered insert is there exactly once, and so is its change event.

`python3 -m tests.kill.rounds --database sqlite --rounds 20`. On PostgreSQL the cluster syncs, and every second round kills it too.
"""

import sys
import time

from tests.kill import writers as writing
from tests.kill.options import read
from tests.peers import postgres
from tests.peers.process import stop_on_signals
from tests.results import Results
from tests.serve import Busbar


def round_of(results, number, busbar, cluster, moment):
    """One crash: write, kill, start again, compare."""
    table = writing.make_table(busbar, f"round_{number}")
    writing.publish(busbar, table)
    writers = writing.Writers(busbar, table).start()
    time.sleep(moment)
    busbar.kill()
    both = cluster is not None and number % 2 == 0
    if both:
        cluster.kill()
    writers.stop()
    if both:
        cluster.start()
    started = time.monotonic()
    busbar.start()
    again = time.monotonic() - started
    victims = "Busbar and PostgreSQL" if both else "Busbar"
    name = f"round {number}, {victims} killed after {moment:.2f} s, up again after {again:.2f} s"
    results.check(f"{name}: something was answered", writers.acknowledged, writers.refused[:1])
    found = writing.markers(busbar, table)
    writing.judge(results, name, found, writers)
    results.equal(f"{name}: one change event for each of the {len(found)} rows", writing.recorded(busbar, table), sorted(found))


def main():
    """Runs the rounds on one data folder, so that later rounds crash a database that has crashed before."""
    stop_on_signals()
    options = read(__doc__, rounds=20)
    results = Results(f"kill-{options.database}")
    cluster = None
    busbar = None
    try:
        database_url = None
        if options.database == "postgres":
            cluster = postgres.Postgres(durable=True).start()
            database_url = postgres.new_database(cluster.url)
        busbar = Busbar(database_url=database_url).start()
        for number in range(1, options.rounds + 1):
            round_of(results, number, busbar, cluster, options.moments.uniform(0.05, 2.0))
    finally:
        if busbar:
            busbar.remove()
        if cluster:
            cluster.remove()
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
