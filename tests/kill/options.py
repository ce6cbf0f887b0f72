"""What every kill test is told: which database, how many rounds, and the seed of its moments."""

import argparse
import random

from tests.serve import DATABASES


def read(description, rounds):
    """The options of the command line, with `moments`: the random moments, by a seed that is printed so that a run can be repeated."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--seed", type=int, default=None, help="repeat the moments of an earlier run")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    options.moments = random.Random(seed)
    return options
