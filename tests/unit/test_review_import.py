"""Bringing files into a review."""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from autoscreen.errors import FormatError, InputError
from autoscreen.formats import Problem, write
from autoscreen.protocol import Protocol
from autoscreen.records import Label, Record, Verdict
from autoscreen.review import Review, importing

ABSTRACT = (
    "AIM: We asked whether a coil over the motor cortex eases pain that follows an injury of the "
    "spinal cord. METHODS: Thirty people were drawn by lot to real or sham sessions on ten days. "
    "RESULTS: Pain fell by two points more in the real group, and sleep was better too."
)


def study(number: int, **fields) -> Record:
    """An invented study that is like no other."""
    words = ["coil", "nerve", "sleep", "motor", "sham", "cord", "limb", "dose", "trial", "scale"]
    subject = " ".join(words[int(digit)] for digit in f"{number * 7919:08d}")
    given = {
        "title": f"Study {number} of {subject}",
        "abstract": f"{ABSTRACT} {subject} {number}",
        "authors": (f"Family{number}, Ada", f"Other{number}, Bo"),
        "year": 1990 + number % 30,
        "journal": f"Journal of {subject}",
        "volume": str(number),
        "pages": f"{number}01-{number}09",
        "pmid": str(30_000_000 + number),
    }
    return Record(**{**given, **fields})


@pytest.fixture
def review(tmp_path, clock):
    """An empty review."""
    with Review.create(tmp_path / "rms", protocol="rms-pnp", now=clock) as made:
        yield made


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    """Writes records to a file as a database would."""

    def make(name: str, *records: Record) -> Path:
        write(records, tmp_path / name)
        return tmp_path / name

    return make


def test_a_file_brings_its_records(review, export):
    """Each record start is new, merged, already there or lost."""
    (report,) = review.import_files([export("a.nbib", *map(study, range(5)))])
    assert (report.starts, report.new, report.merged) == (5, 5, 0)
    assert (report.already_there, report.lost, report.problems) == (0, 0, ())
    assert report.format == "nbib"
    assert report.seconds > 0
    assert [found.id for found in review.records()] == ["r1", "r2", "r3", "r4", "r5"]
    assert review.record("30000003").record.title == study(3).title


def test_the_very_same_file_brings_nothing_new(review, export):
    """A second import of a file, also under another name or compressed, says so."""
    path = export("a.nbib", *map(study, range(4)))
    other = path.with_name("again.nbib.gz")
    other.write_bytes(gzip.compress(path.read_bytes()))
    review.import_files([path])
    epoch = review._store.pool.epoch()
    for again in (path, other):
        (report,) = review.import_files([again])
        assert (report.starts, report.new, report.merged, report.already_there) == (4, 0, 0, 4)
    assert review._store.pool.epoch() == epoch
    assert len(review.status().imports) == 3
    assert len(list(review.records())) == 4


def test_the_same_records_in_another_file_are_merged(review, export):
    """What another database gives of the same study is one record, with the evidence."""
    review.import_files([export("a.nbib", *map(study, range(4)))])
    (report,) = review.import_files(
        [export("b.ris", study(2, doi="10.1000/two"), study(9), study(3))]
    )
    assert (report.starts, report.new, report.merged) == (3, 1, 2)
    assert len(list(review.records())) == 5
    assert [(m.kept, m.absorbed) for m in review.merges.all()] == [("r3", "r5"), ("r4", "r7")]
    assert all("30000002" in m.evidence for m in review.merges.all()[:1])
    assert review.record("10.1000/two").id == review.record("r5").id == "r3"
    assert [Path(source.path).name for source in review.sources("r3")] == ["a.nbib", "b.ris"]


def test_copies_in_one_file_are_merged(review, export):
    """A file that holds a record twice brings it once."""
    (report,) = review.import_files([export("a.nbib", study(1), study(2), study(1))])
    assert (report.new, report.merged) == (2, 1)
    assert (review.merges.all()[0].kept, review.merges.all()[0].absorbed) == ("r1", "r3")


def test_what_a_person_parted_is_not_merged_again(review, export):
    """A later import, even one that is like both, leaves parted records apart."""
    review.import_files([export("a.nbib", study(1)), export("b.ris", study(1))])
    undone = review.merges.undo("r2")
    assert (undone.kept, undone.absorbed) == ("r1", "r2")
    review.import_files([export("c.ris", study(1, keywords=("x",)))])
    ids = [found.id for found in review.records()]
    assert len(ids) == 2
    assert {"r1", "r2"} == set(ids)
    assert len(review.merges.all()) == 2


def test_a_record_can_bring_two_old_ones_together(review, export):
    """A new record with the identifiers of both joins records that could not be matched."""
    one = study(1, pmid="111", journal="", volume="", pages="")
    other = study(1, pmid=None, doi="10.1000/b", title="Abridged", abstract="", authors=())
    review.import_files([export("a.nbib", one), export("b.ris", other)])
    assert len(list(review.records())) == 2
    (report,) = review.import_files([export("c.ris", study(1, pmid="111", doi="10.1000/b"))])
    assert (report.new, report.merged) == (0, 1)
    assert [found.id for found in review.records()] == ["r1"]
    assert len(review.merges.all()) == 2


def test_decisions_come_with_the_file(review, export):
    """Labels of another tool are taken over with their reviewer, or the file as one."""
    (report,) = review.import_files(
        [
            export(
                "rayyan.ris",
                study(1, verdicts=(Verdict(label=Label.INCLUDE, reviewer="AA"),)),
                study(2, verdicts=(Verdict(label=Label.EXCLUDE, reason="WRONG_POP", note="n"),)),
                study(3),
            )
        ]
    )
    assert report.labels == 2
    first, second, third = review.records()
    assert (first.label, first.reviewer) == (Label.INCLUDE, "AA")
    assert (second.label, second.reason, second.note) == (Label.EXCLUDE, "WRONG_POP", "n")
    assert second.reviewer == "import: rayyan.ris"
    assert third.label is None


def test_decisions_can_be_left_in_the_file_and_fetched_later(review, export):
    """Importing the same file with labels after importing it without brings just these."""
    verdict = Verdict(label=Label.INCLUDE, reviewer="AA")
    path = export("a.ris", study(1, verdicts=(verdict,)))
    (report,) = review.import_files([path], labels=False)
    assert report.labels == 0
    assert review.record("r1").label is None
    (report,) = review.import_files([path])
    assert (report.already_there, report.labels) == (1, 1)
    assert review.record("r1").label is Label.INCLUDE
    assert review.import_files([path])[0].labels == 0


def test_an_export_of_the_review_brings_no_decision_twice(review, export, tmp_path):
    """Reading one's own export leaves newer decisions as they stand."""
    review.import_files([export("a.nbib", study(1), study(2))])
    review.label("r1", "include", reviewer="AA")
    review.export(tmp_path / "out.ris")
    review.label("r1", "exclude", reviewer="AA")
    (report,) = review.import_files([tmp_path / "out.ris"])
    assert (report.merged, report.labels) == (2, 0)
    assert review.record("r1").label is Label.EXCLUDE


def test_a_file_that_disagrees_with_a_reviewer_makes_a_conflict(review, export):
    """Neither overrides the other; the report counts it and the reviewer settles it."""
    review.import_files([export("a.nbib", study(1))])
    review.label("r1", "include", reviewer="AA")
    verdict = Verdict(label=Label.EXCLUDE, reviewer="BB")
    (report,) = review.import_files([export("b.ris", study(1, verdicts=(verdict,)))])
    assert (report.labels, report.conflicts) == (1, 1)
    assert review.record("r1").label is None
    (conflict,) = review.team.conflicts()
    assert [(d.reviewer, d.label) for d in conflict.decisions] == [
        ("AA", Label.INCLUDE),
        ("BB", Label.EXCLUDE),
    ]
    assert "labels differ: r1 include by AA, r2 exclude by BB" in review.merges.all()[0].evidence
    review.merges.undo("r2")
    assert [found.label for found in review.records()] == [Label.INCLUDE, Label.EXCLUDE]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_the_order_of_copies_decides_nothing(review, export, order):
    """Copies of one record with different labels are one record in conflict."""
    labels = (Label.INCLUDE, Label.EXCLUDE, Label.INCLUDE)
    copies = [study(1, verdicts=(Verdict(label=labels[at]),)) for at in order]
    (report,) = review.import_files([export("a.ris", *copies)])
    assert (report.conflicts, review.record("r1").label) == (1, None)
    assert review.status().conflicts == 1
    review.label("r1", "exclude", reviewer="AA")
    assert review.record("r1").label is Label.EXCLUDE
    assert review.team.conflicts() == []
    (report,) = review.import_files([export("b.ris", *copies)])
    assert (report.conflicts, review.record("r1").label) == (1, None)
    review.team.resolve("r1", "include", reviewer="BB")
    assert review.record("r1").label is Label.INCLUDE


def test_a_file_that_agrees_leaves_the_reviewers_reason(review, export):
    """The decision in force stays that of the person."""
    review.import_files([export("a.nbib", study(1))])
    review.label("r1", "exclude", reviewer="AA", note="no coil")
    verdict = Verdict(label=Label.EXCLUDE, reviewer="BB")
    (report,) = review.import_files([export("b.ris", study(1, verdicts=(verdict,)))])
    assert (report.labels, report.conflicts) == (1, 0)
    assert (review.record("r1").note, review.record("r1").reviewer) == ("no coil", "AA")


def test_a_reviewers_later_file_replaces_their_earlier_one(review, export):
    """Somebody who screens on elsewhere and imports again is one voice; two are two."""
    for name, label, who in (
        ("a.ris", Label.INCLUDE, "AA"),
        ("b.ris", Label.EXCLUDE, "AA"),
    ):
        verdict = Verdict(label=label, reviewer=who)
        review.import_files([export(name, study(1, verdicts=(verdict,)))])
    assert review.record("r1").label is Label.EXCLUDE
    verdict = Verdict(label=Label.INCLUDE, reviewer="BB")
    review.import_files([export("c.ris", study(1, verdicts=(verdict,)))])
    assert review.record("r1").label is None


@pytest.mark.parametrize("double", [0.0, 1.0])
def test_a_later_export_resolves_the_conflict_of_an_earlier_one(review, export, double):
    """The same two decisions came before; the resolution of a third settles them, not others."""
    review.team.set_double_screening(double)
    two = [
        Verdict(label=label, reviewer=who)
        for label, who in ((Label.INCLUDE, "AA"), (Label.EXCLUDE, "BB"))
    ]
    final = Verdict(label=Label.EXCLUDE, reviewer="CC", resolves=True)
    review.import_files([export("a.ris", study(1, verdicts=tuple(two)))])
    assert review.team.open_state("r1") == "conflict"
    review.import_files([export("b.ris", study(1, verdicts=(*two, final)))])
    assert review.record("r1").label is Label.EXCLUDE
    other = Verdict(label=Label.INCLUDE, reviewer="DD")
    review.import_files([export("c.ris", study(1, verdicts=(other,)))])
    assert review.team.open_state("r1") == "conflict"
    (again,) = review.import_files([export("d.ris", study(1, verdicts=(*two, final)))])
    assert again.labels == 0


def test_a_resolution_in_a_file_does_not_override_a_person(review, export):
    """With double screening too, what a file resolved differs from a decision made here."""
    review.team.set_double_screening(1.0)
    review.import_files([export("a.ris", study(1))])
    review.label("r1", "include", reviewer="AA")
    final = Verdict(label=Label.EXCLUDE, reviewer="CC", resolves=True)
    votes = (Verdict(label=Label.EXCLUDE, reviewer="BB"), final)
    review.import_files([export("b.ris", study(1, verdicts=votes))])
    assert review.team.open_state("r1") == "conflict"


def test_nobody_is_offered_a_record_in_conflict(review, export):
    """It waits for its resolution, not for a reader."""
    verdicts = (Verdict(label=Label.INCLUDE), Verdict(label=Label.EXCLUDE))
    review.import_files([export("a.ris", study(1, verdicts=verdicts), study(2))])
    assert review.next().ranked.id == "r2"


@pytest.fixture
def damaged(monkeypatch):
    """A reader that loses the second of three records and repairs the third."""

    def read(source, *, format):
        yield study(1)
        yield Problem(path=source.path, line=7, record=2, message="broken off", lost=True)
        yield Problem(path=source.path, line=9, record=3, message="no year", lost=False)
        yield study(3, year=None)

    monkeypatch.setattr(importing, "read", read)
    monkeypatch.setattr(importing, "detect", lambda source: "ris")


def test_a_damaged_file_gives_its_good_records(review, tmp_path, damaged):
    """What was lost or repaired is reported and stays on record."""
    path = tmp_path / "bad.ris"
    path.write_text("x")
    (report,) = review.import_files([path])
    assert (report.starts, report.new, report.lost) == (3, 2, 1)
    assert [problem.message for problem in report.problems] == ["broken off", "no year"]
    run = review.status().imports[0]
    assert [p.line for p in review._store.imports.problems(run.id)] == [7, 9]
    assert [source.ordinal for source in review.sources("r2")] == [3]


def test_strict_refuses_a_damaged_file(review, tmp_path, damaged):
    """Nothing of it is taken in, and the first problems are named."""
    path = tmp_path / "bad.ris"
    path.write_text("x")
    with pytest.raises(FormatError, match=r"2 problems.*line 7: broken off; line 9: no year"):
        review.import_files([path], strict=True)
    assert list(review.records()) == []
    assert review.status().imports == ()


def test_a_file_in_no_known_format_names_what_came_before_it(review, export, tmp_path):
    """Each file comes in as a whole; an error tells which of them are in."""
    good, bad = export("a.nbib", study(1)), tmp_path / "photo.jpg"
    bad.write_bytes(b"\xff\xd8\xff\xe0 no records here")
    with pytest.raises(FormatError, match=r"photo\.jpg.*imported before it: .*a\.nbib"):
        review.import_files([good, bad])
    assert len(list(review.records())) == 1


def test_a_missing_file_is_named(review, tmp_path):
    """A typo in a name is answered with that name."""
    with pytest.raises(InputError, match=r"typo\.ris"):
        review.import_files([tmp_path / "typo.ris"])


def test_standard_input_is_a_file_too(review, export, monkeypatch):
    """A pipe can be imported, and is recognised again by its content."""
    content = export("a.nbib", study(1), study(2)).read_bytes()
    for new in (2, 0):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
        (report,) = review.import_files(["-"])
        assert (report.path, report.new, report.starts) == ("-", new, 2)


def test_a_name_that_is_no_unicode_does_no_harm(review, export):
    """Old archives hold files whose names are in another encoding."""
    path = export("a.nbib", study(1))
    odd = path.with_name("caf\udce9.nbib")
    path.rename(odd)
    (report,) = review.import_files([odd])
    assert report.new == 1
    assert review.status().imports[0].path.endswith("caf�.nbib")


def test_progress_is_heard(review, export):
    """Who listens hears of every record that was read, and of the search for duplicates."""
    heard: list[tuple[str, int]] = []
    review.import_files(
        [export("a.nbib", *(Record(title=f"Record {n}", pmid=str(n + 1)) for n in range(1100)))],
        progress=lambda what, done: heard.append((what, done)),
    )
    assert [(what.split()[0], done) for what, done in heard] == [
        ("reading", 500), ("reading", 500), ("reading", 100), ("finding", 0),
    ]  # fmt: skip


def test_records_that_come_in_meanwhile_are_compared_too(review, export, monkeypatch):
    """When another process imports while this one reads, the same study is still merged."""
    path = export("a.nbib", study(1))
    real = importing._duplicates
    calls = []

    def overtaken(store, file):
        found = real(store, file)
        calls.append(found.pairs)
        if len(calls) == 1:
            with Review.open(review.path) as other:
                other.import_files([export("b.ris", study(1), study(2))])
        return found

    monkeypatch.setattr(importing, "_duplicates", overtaken)
    (report,) = review.import_files([path])
    assert (report.new, report.merged) == (0, 1)
    assert [m.absorbed for m in review.merges.all()] == ["r3"]


def test_an_error_leaves_the_review_ready_for_the_next_file(review, export, monkeypatch):
    """Breaking off in the middle takes nothing in, and a second try works."""
    path = export("a.nbib", study(1))

    def broken(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(importing, "_decide", broken)
        with pytest.raises(KeyboardInterrupt):
            review.import_files([path])
    assert list(review.records()) == []
    assert review.import_files([path])[0].new == 1


TWO_STAGES = (
    "Title,Title/Abstract decision,Full text decision,Reviewer 2 vote,Exclusion reason\n"
    "Alpha one,Include,Exclude,yes,wrong dose\nBeta two,Exclude,,no,\n"
)


def test_full_text_decisions_are_of_their_stage_and_the_report_names_the_columns(review, tmp_path):
    """What is decided about a full text does not change the label of title and abstract."""
    path = tmp_path / "a.csv"
    path.write_text(TWO_STAGES)
    (report,) = review.import_files([path])
    assert (report.labels, report.full_text) == (2, 1)
    assert report.label_column == "Title/Abstract decision"
    assert report.unused_label_columns == ("Reviewer 2 vote",)
    (stored,) = review.status().imports
    assert (stored.full_text, stored.label_column) == (1, "Title/Abstract decision")
    assert stored.unused_label_columns == ("Reviewer 2 vote",)
    first = review.record("r1")
    assert (first.label, first.reason) == (Label.INCLUDE, "")
    (full_text,) = review.full_text.decisions.history("r1")
    assert (full_text.label, full_text.reason) == (Label.EXCLUDE, "wrong dose")
    (again,) = review.import_files([path])
    assert (again.labels, again.full_text) == (0, 0)


def test_votes_of_several_reviewers_are_a_conflict(review, tmp_path):
    """Each reviewer's column is a vote; votes that differ wait for a person."""
    path = tmp_path / "a.csv"
    path.write_text(
        "title,include_AB,include_CD\nAlpha one heat,1,0\nBeta two cold,0,0\nGamma rest,1,\n"
    )
    (report,) = review.import_files([path])
    assert (report.labels, report.conflicts) == (5, 1)
    assert (report.label_column, report.unused_label_columns) == ("include_AB, include_CD", ())
    assert [review.record(f"r{n}").label for n in (1, 2, 3)] == [None, Label.EXCLUDE, Label.INCLUDE]


def test_the_column_of_decisions_can_be_chosen(review, tmp_path, export):
    """A table's other column is used alone; a format without columns is refused."""
    path = tmp_path / "a.csv"
    path.write_text(TWO_STAGES)
    (report,) = review.import_files([path], label_column="full text decision")
    assert (report.labels, report.full_text) == (1, 0)
    first = review.record("r1")
    assert (first.label, first.reason) == (Label.EXCLUDE, "wrong dose")
    with pytest.raises(FormatError, match="no column 'absent'"):
        review.import_files([path], label_column="absent")
    with pytest.raises(FormatError, match="this format has no columns"):
        review.import_files([export("b.ris", study(1))], label_column="included")


def test_a_reason_in_words_is_the_reason_of_the_protocol(tmp_path):
    """Rayyan writes "wrong population" where the protocol has a code; other words stay."""
    file = tmp_path / "votes.csv"
    file.write_text(
        "Title,Abstract,Decision,Exclusion reason\n"
        "Heat for backs,Warm,exclude,wrong population\n"
        "Cold for knees,Cold,exclude,Wrong-Study Design\n"
        "Salt for feet,Salt,exclude,not enough salt\n",
        "utf-8",
    )
    protocol = Protocol.from_title("Heat for backs")
    with Review.create(tmp_path / "backs", protocol=protocol) as made:
        made.import_files([file])
        reasons = [one.reason for one in made.records()]
    assert reasons == ["WRONG_POP", "WRONG_TYPE", "not enough salt"]
