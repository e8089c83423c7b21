"""A review that two people read: what each is given, sees and leaves behind."""

from __future__ import annotations

import pytest

from autoscreen.errors import ConflictError
from autoscreen.records import Label
from autoscreen.review import Review
from autoscreen.review.records_table import TableQuery
from autoscreen.store.record_filters import Filters

MEDLINE = "".join(
    f"PMID- {number}\nTI  - {title}\nAB  - {text}\n\n"
    for number, title, text in [
        (101, "Repetitive magnetic stimulation for neuropathic pain", "A randomised trial."),
        (102, "Magnetic stimulation of peripheral nerves", "Pain fell."),
        (103, "Neuropathic pain after amputation", "A cohort."),
        (104, "A survey of nurses", "Answers were counted."),
        (105, "Diet of the honey bee", "Pollen was weighed."),
    ]
)


@pytest.fixture
def review(tmp_path, clock):
    """A review of five records that two read."""
    path = tmp_path / "five.nbib"
    path.write_text(MEDLINE)
    with Review.create(tmp_path / "five", protocol="rms-pnp", now=clock) as made:
        made.import_files([path])
        made.team.set_double_screening(1.0, reviewer="OO")
        yield made


def order_of(review: Review) -> list[str]:
    return [one.id for one in review.rank()]


def test_both_reviewers_read_in_the_order_of_the_ranking(review):
    """Who comes second gets what the first has read, first and in the same order."""
    best = order_of(review)
    for ident in best[:3]:
        assert review.next(reviewer="AA").ranked.id == ident
        review.label(ident, "exclude", reviewer="AA")
    for ident in best[:3]:
        suggestion = review.next(reviewer="BB", wait=True)
        assert (suggestion.ranked.id, suggestion.strategy) == (ident, "most likely")
        review.label(ident, "exclude", reviewer="BB")
    assert review.next(reviewer="BB").ranked.id == review.next(reviewer="AA").ranked.id


def test_an_undecided_record_moves_nothing(review):
    """The order that the second reviewer sees knows nothing of what the first has decided."""
    before = [(one.id, one.score) for one in review.rank()]
    review.label(order_of(review)[0], "include", reviewer="AA")
    review.label(order_of(review)[4], "include", reviewer="AA")
    assert [(one.id, one.score) for one in review.rank(wait=True)] == before


def test_a_record_read_out_of_turn_goes_to_both(review):
    """What the first reviewer got out of turn comes to the second at once."""
    last = order_of(review)[-1]
    review.label(last, "exclude", reviewer="AA")
    assert review.next(reviewer="BB").ranked.id == last


def test_nobody_is_given_a_conflict_or_the_same_record_twice(review):
    """When all is read or waits for somebody else, there is nothing next."""
    for ident in order_of(review):
        review.label(ident, "exclude", reviewer="AA")
    assert review.next(reviewer="AA") is None
    review.label(order_of(review)[0], "include", reviewer="BB")
    assert review.next(reviewer="BB").ranked.id == order_of(review)[1]
    status = review.status()
    assert (status.labelled, status.pending, status.conflicts) == (0, 4, 1)


def test_the_history_is_hidden_until_both_have_decided(review):
    """A reviewer sees their own entries only, also withdrawn ones, until the record is settled."""
    review.label("r1", "include", reviewer="AA")
    review.undo(reviewer="AA")
    assert review.decisions.seen_history("r1", "BB") == []
    review.label("r1", "exclude", reviewer="AA")
    assert review.decisions.seen_history("r1", "BB") == []
    assert [d.label for d in review.decisions.seen_history("r1", "AA")] == [
        "include",
        None,
        "exclude",
    ]
    review.label("r1", "include", reviewer="BB")
    assert len(review.decisions.seen_history("r1", "BB")) == 4
    assert len(review.decisions.seen_history("r1", "CC")) == 4


def test_a_resolution_may_say_why(review):
    """Its note is in the history; without one it resolves the conflict, too."""
    review.label("r1", "include", reviewer="AA")
    review.label("r1", "exclude", reviewer="BB")
    review.team.resolve("r1", "include", reviewer="CC")
    review.team.withdraw_resolution("r1", "CC")
    assert review.record("r1").label is None
    made = review.team.resolve("101", "include", reviewer="CC", note="see the methods")
    assert review.record("r1").label is Label.INCLUDE
    assert (made.note, review.team.resolutions()[-1]) == ("see the methods", made.id)
    with pytest.raises(ConflictError):
        review.team.resolve("r1", "exclude", reviewer="DD", note="no")


def test_agreement_is_measured_on_what_both_have_read(review):
    """The overlap, the labels and the measures of each pair."""
    for number, (one, other) in enumerate(
        [("include", "include"), ("exclude", "exclude"), ("include", "exclude")], 1
    ):
        review.label(f"r{number}", one, reviewer="AA")
        review.label(f"r{number}", other, reviewer="BB")
    review.label("r4", "exclude", reviewer="AA")
    (pair,) = review.team.agreement()
    assert (pair.one, pair.other, pair.n) == ("AA", "BB", 3)
    assert pair.table == ((1, 1, 0), (0, 1, 0), (0, 0, 0))
    assert pair.values["agreement"].mean == pytest.approx(2 / 3)


def test_an_export_carries_each_label_and_the_final_one(review, tmp_path):
    """Another review that takes the file in knows who said what, and ends with the same labels."""
    for who, label in (("AA", "include"), ("BB", "exclude")):
        review.label("r1", label, reviewer=who)
        review.label("r2", label, reviewer=who)
        review.label("r3", "exclude", reviewer=who)
    review.label("r4", "include", reviewer="AA")
    review.team.resolve("r1", "include", reviewer="CC", note="both looked again")
    out = tmp_path / "out.ris"
    review.export(out)
    text = out.read_text()
    assert "waits for a resolution" in text
    assert "waits for a second reviewer" in text
    with Review.create(tmp_path / "other", protocol="rms-pnp") as other:
        other.import_files([out])
        found = {one.id: one.label for one in other.records()}
        assert found == {"r1": "include", "r2": None, "r3": "exclude", "r4": None, "r5": None}
        assert [(d.reviewer, d.label) for d in other.decisions.history("r1")] == [
            ("AA", "include"), ("BB", "exclude"), ("CC", "include"),
        ]  # fmt: skip
        assert [(d.reviewer, d.label) for d in other.decisions.history("r3")] == [
            ("AA", "exclude"), ("BB", "exclude"),
        ]  # fmt: skip


def test_one_reader_needs_none_of_it(review):
    """Switched off, a decision is a label at once, as for a person working alone."""
    review.team.set_double_screening(0, reviewer="OO")
    review.label("r1", "include", reviewer="AA")
    assert review.record("r1").label is Label.INCLUDE
    assert review.next(reviewer="BB").ranked.id != "r1"
    assert review.team.double_screening == 0
    assert [setting.share for setting in review.team.settings()] == [1.0, 0.0]


def test_no_table_tells_who_has_read_what_waits_for_a_second_reviewer(review, tmp_path):
    """Marks, filters, counts, exports and days say nothing of it to anybody but who decided."""
    review.label("r1", "include", reviewer="AA")
    review.label("r2", "include", reviewer="AA")
    review.label("r2", "include", reviewer="BB")

    def shown_to(viewer):
        def ids(**filters):
            query = TableQuery(filters=Filters(viewer=viewer, **filters), sort="came")
            return review.table.select(query)

        choices = review.table.choices(viewer=viewer)
        page = review.table.page(TableQuery(filters=Filters(viewer=viewer), sort="came"))
        out = tmp_path / "out.ris"
        review.table.export(TableQuery(filters=Filters(viewer=viewer)), out)
        return (
            [str(row.open) for row in page.rows[:2]],
            ids(label="pending"),
            ids(reviewer="AA"),
            choices.labels.get("pending", 0),
            choices.reviewers["AA"],
            "waits for a second" in out.read_text(),
        )

    assert shown_to("AA") == (["pending", "None"], ["r1"], ["r1", "r2"], 1, 2, True)
    assert shown_to("BB") == (["None", "None"], [], ["r2"], 0, 1, False)
    assert shown_to("observer") == shown_to("BB")
    assert shown_to(None) == shown_to("AA")
    assert [day["include"] for day in review.table.labels_per_day().values()] == [2]
