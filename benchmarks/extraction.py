"""How good the proposals of the extraction form of `rms-pnp` are, on invented abstracts.

    python benchmarks/extraction.py [--misses]

For each field: of the proposed values, how many are right (precision); of the values that the
abstract has, how many are proposed (recall). Two sets, both invented and annotated by hand: the 18
included demonstration records, on which the hints in the protocol were tuned
(`extraction_demo.toml`), and 15 abstracts of another style, which were written before the rules
and on which nothing was tuned (`extraction_heldout.toml`). --misses lists what is wrong or missing.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from _common import ROOT, table
from autoscreen.formats import read
from autoscreen.protocol import load_protocol
from autoscreen.text.extraction import Passage, propose_values

FOLDER = Path(__file__).parent


class Annotated(NamedTuple):
    """An abstract with the values that it states, by field."""

    name: str
    passages: tuple[Passage, ...]
    values: dict[str, list[str]]


class Counts(NamedTuple):
    """Of one field: values proposed, right ones among them, and values that the abstracts have."""

    proposed: int
    right: int
    stated: int


def main() -> None:
    fields = [(one.key, one.label) for one in load_protocol("rms-pnp").extraction]
    sets = {"demo": list(demo()), "held out": list(held_out())}
    counted = {
        name: count(records, listed="--misses" in sys.argv) for name, records in sets.items()
    }
    lines = [
        (label, *(cell for by_field in counted.values() for cell in _cells(by_field[key])))
        for key, label in fields
    ]
    sums = (
        cell
        for by_field in counted.values()
        for cell in _cells(Counts(*(sum(n) for n in zip(*by_field.values(), strict=True))))
    )
    head = [f"{what}, {name}" for name in sets for what in ("precision", "recall")]
    table(["field", *head], [*lines, ("all", *sums)])


def demo() -> Iterator[Annotated]:
    """Yield the included demonstration records."""
    values = tomllib.loads((FOLDER / "extraction_demo.toml").read_text("utf-8"))
    for record in read(ROOT / "data" / "demo" / "demo.nbib"):
        if record.pmid in values:
            passages = (Passage("title", record.title), Passage("abstract", record.abstract))
            yield Annotated(record.pmid, passages, values[record.pmid])


def held_out() -> Iterator[Annotated]:
    """Yield the abstracts on which nothing was tuned."""
    text = (FOLDER / "extraction_heldout.toml").read_text("utf-8")
    for one in tomllib.loads(text)["record"]:
        passages = (Passage("title", one["title"]), Passage("abstract", one["abstract"]))
        yield Annotated(one["id"], passages, one["values"])


def count(records: list[Annotated], *, listed: bool = False) -> dict[str, Counts]:
    """Compare what is proposed with what was annotated, for each field."""
    fields = load_protocol("rms-pnp").extraction
    found: dict[str, Counter[str]] = {one.key: Counter() for one in fields}
    for record in records:
        for key, proposed in propose_values(fields, record.passages).items():
            values = {one.value for one in proposed}
            stated = set(record.values.get(key, ()))
            found[key].update(proposed=len(values), right=len(values & stated), stated=len(stated))
            if listed and values != stated:
                print(f"{record.name} {key}: wrong {values - stated}, missing {stated - values}")
    return {key: Counts(n["proposed"], n["right"], n["stated"]) for key, n in found.items()}


def _cells(counts: Counts) -> tuple[str, str]:
    proposed, right, stated = counts
    return (_share(right, proposed), _share(right, stated))


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f} ({part}/{whole})" if whole else "-"


if __name__ == "__main__":
    main()
