"""The labels that a page reads by are always those of the file, however they came about."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from autoscreen.dedup import match_fields
from autoscreen.records import SCREENING_LABELS, Label, Record, Verdict
from autoscreen.review.label_cache import EffectiveLabels
from autoscreen.store import Store

NUMBERS = st.integers(1, 4)
WHO = st.sampled_from("AB")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("label"), NUMBERS, st.sampled_from(SCREENING_LABELS), WHO),
        st.tuples(st.just("undo"), WHO),
        st.tuples(st.just("double"), st.sampled_from([0.0, 0.5, 1.0])),
        st.tuples(st.just("merge"), NUMBERS, NUMBERS),
        st.tuples(st.just("look")),
    ),
    max_size=14,
)


@given(STEPS)
def test_labels_kept_up_to_date_are_those_of_the_file(steps: list[tuple[object, ...]]) -> None:
    """Whatever is decided, withdrawn, merged or set, nothing is remembered wrongly."""
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder) / "rms"
        with Store.create(where, name="rms", protocol="title = 'T'", origin="test") as store:
            _four_records(store)
            with store.reopen() as other:
                kept = EffectiveLabels(store)
                for step in steps:
                    _do(other, step)
                    if step[0] == "look":
                        _agree(kept, store)
                _agree(kept, store)


def _agree(kept: EffectiveLabels, store: Store) -> None:
    current = store.decisions.current_labels()
    assert kept.labelled() == {number for number, _ in current}
    assert kept.unsure() == [number for number, label in current if label is Label.UNSURE]
    assert kept.records() == set(store.pool.ids())


def _do(store: Store, step: tuple[object, ...]) -> None:
    match step:
        case ("label", int(number), Label() as label, str(who)):
            store.decisions.add(number, Verdict(label=label, reviewer=who))
        case ("undo", str(who)):
            store.decisions.undo(who)
        case ("double", float(share)):
            store.screening.set(share)
        case ("merge", int(one), int(two)) if one != two:
            store.merges.join([(one, two, "by hand")])


def _four_records(store: Store) -> None:
    incoming = store.incoming()
    for number in range(1, 5):
        record = Record(title=f"Record {number}")
        incoming.add(record, number, match_fields(record))
    with store.writing():
        number = store.imports.open(
            path="a", format="medline", sha256="a", started=store.time(), starts=4
        )
        store.imports.take(number, incoming)
        store.imports.close(number, labels=0)
    incoming.discard()
