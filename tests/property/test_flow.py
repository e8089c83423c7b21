"""Whatever happens in a review, each number of its flow follows from the log, now and for ever."""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from autoscreen.dedup import match_fields
from autoscreen.errors import AutoscreenError
from autoscreen.records import SCREENING_LABELS, Label, Record, Stage, Verdict
from autoscreen.review import Review
from autoscreen.review.flow import Box, Flow
from autoscreen.store.database import stamp

NUMBERS = st.integers(1, 6)
WHO = st.sampled_from(["AA", "BB"])
STAGES = st.sampled_from(list(Stage))
REASONS = st.sampled_from(["", "WRONG_TYPE", "WRONG_POP"])
STEPS = st.one_of(
    st.tuples(st.just("import"), st.integers(1, 3), st.sampled_from(["embase.ris", "web.csv"])),
    st.tuples(st.just("label"), NUMBERS, st.sampled_from(SCREENING_LABELS), WHO),
    st.tuples(st.just("assess"), NUMBERS, st.sampled_from(list(Label)), WHO, REASONS),
    st.tuples(st.just("file"), NUMBERS, st.sampled_from(SCREENING_LABELS), STAGES),
    st.tuples(st.just("undo"), WHO, STAGES),
    st.tuples(st.just("double"), st.sampled_from([0.0, 0.5, 1.0]), STAGES),
    st.tuples(st.just("resolve"), NUMBERS, st.sampled_from(SCREENING_LABELS), STAGES),
    st.tuples(st.just("merge"), NUMBERS, NUMBERS),
    st.tuples(st.just("part"), st.integers(1, 3)),
    st.tuples(st.just("stop"), st.booleans()),
    st.tuples(st.just("resume")),
    st.tuples(st.just("link"), NUMBERS, NUMBERS, st.sampled_from([True, False, None])),
    st.tuples(st.just("origin"), st.integers(1, 2), st.sampled_from(["register", "website"])),
    st.tuples(st.just("abstract"), NUMBERS),
)


class History:
    """A review to which things happen, each at its own second."""

    def __init__(self, folder: str) -> None:
        seconds = count()
        start = datetime(2026, 1, 2, tzinfo=UTC)
        self.now = lambda: start + timedelta(seconds=next(seconds))
        self.review = Review.create(Path(folder) / "rms", protocol="rms-pnp", now=self.now)
        self.store = self.review._store
        self.imports = 0
        self.do(("import", 4, "pubmed.nbib"))

    def do(self, step: tuple[Any, ...]) -> None:
        """Take a step; one that is refused changes nothing."""
        try:
            getattr(self, f"_{step[0]}")(*step[1:])
        except (AutoscreenError, IndexError):
            return

    def _import(self, size: int, path: str) -> None:
        incoming = self.store.incoming()
        self.imports += 1
        for n in range(1, size + 1):
            title = f"Record {self.imports} {n}"
            study = f"NCT0000000{n}" if n < 3 else ""
            record = Record(title=title, accession=study)
            incoming.add(record, n, match_fields(record))
        with self.store.writing():
            run = self.store.imports.open(
                path, "ris", sha256=path, started=self.store.time(), starts=size
            )
            self.store.imports.take(run, incoming)
            self.store.imports.close(run, labels=0)
        incoming.discard()

    def _label(self, number: int, label: Label, who: str) -> None:
        self.review.label(f"r{number}", label, reviewer=who)

    def _assess(self, number: int, label: Label, who: str, reason: str) -> None:
        code = reason if label is Label.EXCLUDE else ""
        self.review.full_text.label(f"r{number}", label, reviewer=who, reason=code)

    def _file(self, number: int, label: Label, stage: Stage) -> None:
        verdict = Verdict(label=label, reviewer="CC", stage=stage)
        found = self.store.pool.find(f"r{number}")
        with self.store.writing():
            self.store.decisions_of(stage).add_imported([(found, verdict)], 1)

    def _undo(self, who: str, stage: Stage) -> None:
        self.store.decisions_of(stage).undo(who)

    def _double(self, share: float, stage: Stage) -> None:
        self.store.screening_of(stage).set(share)

    def _resolve(self, number: int, label: Label, stage: Stage) -> None:
        self.store.screening_of(stage).resolve(number, Verdict(label=label, reviewer="DD"))

    def _merge(self, one: int, other: int) -> None:
        find = self.store.pool.find
        self.store.merges.join([(find(f"r{one}"), find(f"r{other}"), "drawn")])

    def _part(self, number: int) -> None:
        self.store.merges.undo(number)

    def _stop(self, automation: bool) -> None:
        self.review.reporting.stop_screening(automation=automation)

    def _resume(self) -> None:
        self.review.reporting.resume_screening()

    def _link(self, one: int, other: int, same: bool | None) -> None:
        self.review.reporting.link(f"r{one}", f"r{other}", same=same)

    def _origin(self, number: int, kind: str) -> None:
        self.review.reporting.set_origin(number, kind, f"a {kind}")

    def _abstract(self, number: int) -> None:
        self.review.decisions.add_abstract(f"r{number}", "An abstract that somebody pasted here.")


@contextmanager
def history() -> Iterator[History]:
    """Give a review with four records."""
    with tempfile.TemporaryDirectory() as folder:
        made = History(folder)
        try:
            yield made
        finally:
            made.review.close()


BOX_OF_EACH_RECORD = """
SELECT CASE
  WHEN first.label = 'include' THEN CASE
    WHEN later.label = 'include' THEN 'reports of included studies'
    WHEN later.label = 'exclude' THEN 'reports excluded'
    WHEN later.label = 'not retrieved' THEN 'reports not retrieved'
    WHEN later.label = 'awaiting classification' THEN 'reports of studies awaiting classification'
    WHEN later.label = 'ongoing' THEN 'reports of ongoing studies'
    WHEN later.label = 'unsure' OR full_text_open IS NOT NULL
      THEN 'reports whose assessment is not decided yet'
    ELSE 'reports not assessed yet' END
  WHEN first.label = 'exclude' THEN 'records excluded'
  WHEN first.label = 'unsure' OR open IS NOT NULL
    THEN 'records whose screening is not decided yet'
  WHEN (SELECT stopped FROM screening_stop ORDER BY id DESC LIMIT 1) = 1
    AND record.id <= (SELECT source FROM screening_stop ORDER BY id DESC LIMIT 1)
    THEN CASE (SELECT reason FROM screening_stop ORDER BY id DESC LIMIT 1)
      WHEN 'automation' THEN 'records marked as ineligible by automation tools'
      ELSE 'records removed for other reasons' END
  ELSE 'records not screened yet' END AS box, count(*)
FROM record
LEFT JOIN decision AS first ON first.id = record.decision_id
LEFT JOIN decision AS later ON later.id = record.full_text_id
WHERE EXISTS (SELECT 1 FROM source JOIN import_run ON import_run.id = import_id
  WHERE source.record_id = record.id AND NOT addition)
GROUP BY 1
"""
IDENTIFIED = "SELECT sum(starts - already_there) FROM import_run WHERE NOT addition"


def in_sql(path: Path) -> tuple[int, dict[str, int]]:
    """Count what was identified, and the records of each box, by SQL alone."""
    with sqlite3.connect(path) as connection:
        (identified,) = connection.execute(IDENTIFIED).fetchone()
        boxes = dict(connection.execute(BOX_OF_EACH_RECORD).fetchall())
    connection.close()
    return identified, boxes


def adds_up(flow: Flow) -> None:
    """Each level holds what the level above lets through."""
    for column in (flow.databases, flow.other):
        removed = column.duplicates + column.automation + column.other_reasons
        waiting = column.count(Box.UNSCREENED)
        assert column.duplicates >= 0
        assert column.identified == sum(column.by_name.values())
        assert column.identified == removed + waiting + column.screened
        open_first = column.count(Box.SCREENING)
        assert column.screened == column.excluded + open_first + column.sought
        unassessed = column.count(Box.UNASSESSED)
        assert column.sought == column.not_retrieved + unassessed + column.assessed
        others = column.count(Box.ASSESSING, Box.AWAITING, Box.ONGOING)
        assert column.assessed == sum(column.reasons.values()) + others + column.included
    assert flow.studies() <= flow.reports()
    assert (flow.studies() == 0) == (flow.reports() == 0)
    assert flow.reports() == flow.databases.included + flow.other.included


@settings(max_examples=settings().max_examples // 2)  # each makes every flow twice
@given(steps=st.lists(STEPS, min_size=1, max_size=25))
def test_the_flow_is_that_of_sql_adds_up_and_can_be_made_again(steps):
    """At each moment it is what SQL counts in the tables; later the log gives the same again."""
    with history() as made:
        then: list[tuple[str, Flow]] = []
        for step in steps:
            made.do(step)
            flow = made.review.reporting.flow()
            identified, boxes = in_sql(made.store.path)
            assert flow.databases.identified + flow.other.identified == identified
            assert Counter(str(one.box) for one in flow.records) == boxes
            assert not any("between the log" in one for one in flow.inconsistencies)
            adds_up(flow)
            then.append((stamp(made.now()), flow))
        for moment, flow in then:
            again = made.review.reporting.flow(until=moment)
            assert (again.databases, again.other) == (flow.databases, flow.other)
            assert again.records == flow.records
        since = then[0][0]
        update = made.review.reporting.flow(since=since)
        adds_up_update(update)
        moved = {one.id for one in made.review.reporting.changes(since)}
        before = {one.id: one.box for one in made.review.reporting.flow(until=since).records}
        now = {one.id: one.box for one in made.review.reporting.flow().records}
        assert moved == {one for one in before | now if before.get(one) != now.get(one)}


def adds_up_update(flow: Flow) -> None:
    """Also of what is new, each level holds what the level above lets through."""
    for column in (flow.databases, flow.other):
        removed = column.duplicates + column.automation + column.other_reasons
        assert column.identified == removed + column.count(Box.UNSCREENED) + column.screened
