"""What the benchmarks share: the real data, the times they measure and the tables they print."""

from __future__ import annotations

import csv
import gzip
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("AUTOSCREEN_DATA", ROOT.parent / "shared" / "data"))

csv.field_size_limit(1 << 30)


def skip(reason: str) -> NoReturn:
    """Print why nothing can be measured here; that is no failure."""
    print(f"skipped: {reason}")
    sys.exit()


def need_data() -> None:
    """Skip the benchmark where the real data are missing."""
    if not DATA.exists():
        skip(f"no real data at {DATA} (set AUTOSCREEN_DATA)")


def read_csv(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file, compressed or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def timed(work: Callable[[], Any], *, runs: int = 5) -> float:
    """Return the median time of some runs in milliseconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1000 * sorted(times)[len(times) // 2]


def peak_memory() -> float:
    """Return the largest memory of this process so far in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """Print a table with the numbers aligned to the right."""
    widths = [max(len(line[at]) for line in [head, *lines]) for at in range(len(head))]
    for line in [head, *lines]:
        cells = [line[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        print("  ".join(cells), flush=True)
