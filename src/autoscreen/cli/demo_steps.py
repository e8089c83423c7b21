"""The demo's parts: the shipped records, the replay of their labels, and its text."""

from __future__ import annotations

import csv
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autoscreen.cli.common.output import Column, format_table
from autoscreen.cli.common.progress import progress
from autoscreen.cli.common.terminal_card import card, why
from autoscreen.cli.common.terminal_curve import draw, expected_reading, reading_until
from autoscreen.cli.rank import ranked_row
from autoscreen.records import Label
from autoscreen.resources import resource

if TYPE_CHECKING:
    from autoscreen.review import Review

PROTOCOL = "rms-pnp"
REVIEWER = "demo"
FIRST = 10
UNSURE_AGAIN = "unsure again"
COLUMNS = (
    Column("rank", "rank", right=True),
    Column("id", "id"),
    Column("score", "score", right=True),
    Column("title", "title", shrinks=True),
    Column("truth", "a reviewer says"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What happened when the labels were given in the ranked order."""

    path: Path
    relevant: tuple[bool, ...]
    seconds: float


def start(path: str) -> Review:
    """Create the demo review and import its records."""
    from autoscreen.review import Review

    review = Review.create(path, protocol=PROTOCOL)
    review.import_files([str(resource("data", "demo", "demo.nbib"))])
    return review


def first_order(review: Review, *, width: int, paint: bool) -> list[str]:
    """Lines of the first record with highlights, and of the first ten as a table."""
    truth = _labels()
    top = review.rank(top=FIRST)
    first = top[0]
    lines = card(first.id, first.record, review.highlights(first.id), width=width, paint=paint)
    lines += ["", *why(review.explain(first.id), first.record, width=width), ""]
    rows = [{**ranked_row(one), "truth": truth[one.record.pmid or ""][0]} for one in top]
    lines += [format_table(rows, COLUMNS, width=width, bold=paint), ""]
    relevant = sum(label == Label.INCLUDE for label, _ in truth.values())
    hits = sum(row["truth"] == Label.INCLUDE for row in rows)
    lines.append(f"{hits} of these {len(rows)} are relevant; of all {len(truth)}, {relevant} are")
    return lines


def replay(review: Review) -> Replay:
    """Label every record in the order in which the review proposes them."""
    truth = _labels()
    relevant = []
    began = time.perf_counter()
    with progress(total=len(truth)) as tick:
        while (found := review.next(wait=True)) is not None:
            if found.strategy == UNSURE_AGAIN:
                break
            label, reason = truth[found.ranked.record.pmid or ""]
            review.label(found.ranked.id, label, reviewer=REVIEWER, reason=reason)
            relevant.append(label == Label.INCLUDE)
            tick("reading", 1)
    seconds = time.perf_counter() - began
    return Replay(path=review.path, relevant=tuple(relevant), seconds=seconds)


def report(path: Path, folder: str) -> Path:
    """Include the full text of each included record, and write the report; return its page."""
    from autoscreen.report.report_folder import PAGE, write_report
    from autoscreen.review import Review

    with Review.open(path) as review:
        for one in review.full_text.records():
            review.full_text.label(one.id, Label.INCLUDE, reviewer=REVIEWER)
        write_report(review, folder)
    return Path(folder) / PAGE


def outcome(done: Replay, *, width: int) -> list[str]:
    """Lines of the curve and of how well the ranking worked."""
    records, found = len(done.relevant), sum(done.relevant)
    lines = [*draw(done.relevant, width=min(60, width - 12)), ""]
    for share, name in ((0.5, f"half of the {found}"), (1.0, f"all {found}")):
        lines.append(
            f"{name} relevant records: after {reading_until(done.relevant, share)} of {records} "
            f"read; in random order after about {expected_reading(records, found, share):.0f}"
        )
    per_label = 1000 * done.seconds / max(1, records)
    speed = f"{done.seconds:.1f} s, {per_label:.0f} ms each"
    return [*lines, f"{records} labels, each followed by a new ranking: {speed}"]


def _labels() -> Mapping[str, tuple[Label, str]]:
    with resource("data", "demo", "labels.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["pmid"]: (Label(row["label"]), row["reason"] or "") for row in csv.DictReader(file)
        }
