"""Swaps a folder and a link for one another as fast as it can, until it is ended: ``python swapping.py FOLDER NAME``.

In FOLDER lie NAME, a folder, and NAME.link, a link. A program of its own, because a thread would take turns with ours.
"""

import itertools
import sys
from pathlib import Path


def main(folder: str, name: str) -> None:
    """Never ends by itself. Prints a line when it has begun."""
    there, link, aside = Path(folder, name), Path(folder, f"{name}.link"), Path(folder, f"{name}.folder")
    for count in itertools.count():
        there.rename(aside)
        link.rename(there)
        there.rename(link)
        aside.rename(there)
        if count == 0:
            print("swapping", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
