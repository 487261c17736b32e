"""``python -m tests.bench``: measures Ostiary with real processes and prints one table. It fails nothing.

The exit code is 0 whatever the numbers are, and 1 when something did not work at all.
"""

from __future__ import annotations

import argparse
import os
import sys

from tests.bench import activity, code, files, host_files, relay, rest
from tests.bench.at_rest import at_rest
from tests.bench.effort import FULL, QUICK, TINY
from tests.bench.line_client import BrokenError
from tests.bench.prompting import prompting
from tests.bench.surroundings import DIRECT, HANDED_OVER, running_bench
from tests.bench.table import table
from tests.support.relay import how_it_runs


def main() -> int:
    """Measure and print. Gives the exit code. ``files``, ``code``, ``activity`` or ``hosts`` as first: it alone."""
    match sys.argv[1:]:
        case ["files", *rest_of_line]:
            return files.main(rest_of_line)
        case ["code", *rest_of_line]:
            return code.main(rest_of_line)
        case ["activity", *rest_of_line]:
            return activity.main(rest_of_line)
        case ["hosts"]:
            print(table([host_files.section(FULL)]))
            return 0
    parser = argparse.ArgumentParser(prog="bench", description=__doc__.splitlines()[0] if __doc__ else None)
    amount = parser.add_mutually_exclusive_group()
    amount.add_argument(
        "--quick", dest="effort", action="store_const", const=QUICK, default=FULL, help="in three minutes"
    )
    amount.add_argument("--tiny", dest="effort", action="store_const", const=TINY, help="only to see that it works")
    effort = parser.parse_args().effort
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    try:
        with running_bench(others=effort.others) as bench:
            plain = bench.houses[HANDED_OVER]
            sections = [
                *relay.latency(bench, effort),
                relay.throughput(bench, effort),
                relay.crowd(plain, bench.lanes[DIRECT], effort),
                rest.start(plain, effort),
                rest.change(plain, effort),
                rest.memory(bench, effort),
                rest.others(bench),
            ]
        sections.append(at_rest(effort))
        sections.append(prompting(effort))
        sections.append(host_files.section(effort))
    except BrokenError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    print(f"The relay runs {how_it_runs()}.\n")
    print(table(sections))
    return 0


if __name__ == "__main__":
    sys.exit(main())
