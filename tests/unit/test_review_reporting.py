"""The flow of records as PRISMA 2020 counts it: boxes, dates, studies, origins, stops."""

from __future__ import annotations

import pytest

from autoscreen.errors import ConflictError, InputError
from autoscreen.formats import Problem
from autoscreen.records import Label, Notice, NoticeKind, Record, Verdict
from autoscreen.review import Review
from autoscreen.review.flow import Box


def records(*numbers: int) -> list[Record]:
    return [Record(title=f"Coil {n} for pain", pmid=f"{n}") for n in numbers]


@pytest.fixture
def review(tmp_path, clock, take_in):
    """Two files with five and three records, of which one is a duplicate."""
    with Review.create(tmp_path / "rms", protocol="rms-pnp", now=clock) as made:
        take_in(made._store, records(1, 2, 3, 4, 5), path="pubmed.nbib")
        take_in(made._store, records(6, 7, 8), path="folder/embase 2026.ris")
        made._store.merges.join([(2, 6, "the same DOI")])
        yield made


def test_each_number_of_the_diagram(review):
    """A small review from its files to its included studies."""
    for number in (1, 2, 3, 4):
        review.label(f"r{number}", "include")
    review.label("r5", "exclude", reason="WRONG_POP")
    review.full_text.label("r1", "include")
    review.full_text.label("r2", "exclude", reason="WRONG_TYPE")
    review.full_text.label("r3", "not retrieved")
    flow = review.reporting.flow()
    main = flow.databases
    assert main.by_name == {("database", "PubMed"): 5, ("database", "Embase"): 3}
    assert (main.identified, main.duplicates, main.automation, main.other_reasons) == (8, 1, 0, 0)
    assert (main.screened, main.excluded, main.count(Box.UNSCREENED)) == (5, 1, 2)
    assert (main.sought, main.not_retrieved, main.count(Box.UNASSESSED)) == (4, 1, 1)
    assert (main.assessed, main.reasons, main.included) == (2, {"WRONG_TYPE": 1}, 1)
    assert (flow.studies(), flow.reports()) == (1, 1)
    assert flow.other.identified == 0
    assert flow.inconsistencies == ()


def test_a_stop_removes_what_is_left_and_a_later_import_is_screened(review, take_in):
    """Automation and other reasons are told apart; nothing gets a label."""
    review.label("r1", "include")
    review.reporting.stop_screening(reviewer="AA", note="the audit proved 95%")
    with pytest.raises(ConflictError, match="stopped already"):
        review.reporting.stop_screening()
    take_in(review._store, records(9), path="pubmed2.nbib")
    main = review.reporting.flow().databases
    assert (main.automation, main.other_reasons, main.count(Box.UNSCREENED)) == (6, 0, 1)
    review.reporting.stop_screening(automation=False)
    main = review.reporting.flow().databases
    assert (main.automation, main.other_reasons) == (0, 7)
    review.reporting.resume_screening()
    assert review.reporting.flow().databases.count(Box.UNSCREENED) == 7
    with pytest.raises(ConflictError, match="not stopped"):
        review.reporting.resume_screening()
    assert [one.stopped for one in review.reporting.stops()] == [True, True, False]
    assert review.record("r2").label is None


def test_the_flow_of_a_past_date_and_what_changed_since(review):
    """Days are meant with their end, and moments exactly."""
    assert review.reporting.flow(until="2026-01-01").databases.identified == 0
    assert review.reporting.flow(until="2026-01-02").databases.identified == 8
    at = review.label("r1", "include").at
    assert review.reporting.flow(until=at).databases.sought == 1
    assert review.reporting.changes(at)[0].now is Box.UNASSESSED
    review.full_text.label("r1", "include")
    (change,) = review.reporting.changes(review.full_text.decisions.history("r1")[0].at)
    assert (change.id, change.before, change.now) == ("r1", Box.UNASSESSED, Box.INCLUDED)
    update = review.reporting.flow(since="2026-01-03")
    assert (update.databases.identified, update.reports()) == (0, 1)
    for wrong in ("yesterday", "2026-13-01"):
        with pytest.raises(InputError, match="is no date"):
            review.reporting.flow(until=wrong)


def test_registration_numbers_and_people_group_reports(tmp_path, clock, take_in):
    """PRISMA counts studies and reports; what a person says comes before a number."""
    listed = [Record(title=f"Report {n}", abstract="NCT01234567 was its number.") for n in (1, 2)]
    with Review.create(tmp_path / "rms", protocol="rms-pnp", now=clock) as review:
        take_in(review._store, [*listed, Record(title="Report 3"), Record(title="Report 4")])
        for number in (1, 2, 3, 4):
            review.label(f"r{number}", "include")
            review.full_text.label(f"r{number}", "include")
        reporting = review.reporting
        assert (reporting.flow().studies(), reporting.flow().reports()) == (3, 4)
        assert reporting.link("r3", "r2", note="the same cohort") == ("r1", "r2", "r3")
        assert reporting.flow().studies() == 2
        reporting.link("r1", "r2", same=False)
        assert reporting.studies() == [("r2", "r3")]
        reporting.link("r1", "r3")
        (named,) = reporting.flow().inconsistencies[-1:]
        assert named.startswith("r1 and r2 were separated, but other links join them")
        reporting.link("r1", "r3", same=None)
        reporting.link("r1", "r2", same=None)
        assert reporting.study_of("r1") == ("r1", "r2", "r3")
        assert reporting.study_of("r4") == ("r4",)
        with pytest.raises(InputError, match="are one record"):
            reporting.link("r1", "r1")


def test_origins_are_databases_registers_or_other_methods(review, take_in):
    """Other methods have a column of their own; a record found by both belongs to the search."""
    take_in(review._store, records(11, 12), path="list.csv")
    take_in(review._store, records(13), path="ictrp export.csv")
    review._store.merges.join([(3, 9, "the same PMID")])
    reporting = review.reporting
    assert any("import 3 (list.csv) names no" in one for one in reporting.flow().inconsistencies)
    reporting.set_origin(3, "citation searching", "reference  lists", reviewer="AA")
    flow = reporting.flow()
    assert flow.other.by_name == {("citation searching", "reference lists"): 2}
    assert (flow.other.identified, flow.other.duplicates, len(flow.other.records)) == (2, 1, 1)
    assert flow.databases.by_name["register", "WHO ICTRP"] == 1
    assert not any("names no" in one for one in flow.inconsistencies)
    with pytest.raises(InputError, match="there is no import 9"):
        reporting.set_origin(9, "database", "Embase")
    with pytest.raises(InputError, match="no kind of origin"):
        reporting.set_origin(1, "library", "Embase")
    with pytest.raises(InputError, match="has no name"):
        reporting.set_origin(1, "database", "  ")


def test_what_a_person_added_was_identified_by_nobody(review):
    """A pasted abstract is a source, and no record of a database."""
    review.decisions.add_abstract("r1", "An abstract that somebody pasted into the page.")
    assert review.reporting.flow().databases.identified == 8
    (merge,) = review.merges.of("r1")
    review.merges.undo(merge.id)
    (named,) = review.reporting.flow().inconsistencies
    assert named == "there is no file or search that identified r9"


def test_what_does_not_fit_is_named(review, take_in):
    """A full text whose record is no longer included, one without a reason, records not read."""
    problem = Problem(path="c.ris", line=1, record=1, message="cut off", lost=True)
    take_in(review._store, [], [problem], path="scopus.ris")
    review.label("r1", "include")
    review.full_text.label("r1", "include")
    review.label("r1", "exclude")
    with review._store.writing():
        verdict = Verdict(label=Label.EXCLUDE, reviewer="B")
        review._store.full_text_decisions.add_imported([(3, verdict)], 1)
    review.label("r3", "include")
    flow = review.reporting.flow()
    assert flow.databases.unreadable == flow.databases.other_reasons == 1
    assert flow.inconsistencies == (
        "there is a decision about the full text, but title and abstract do not include r1",
        "there is an exclusion of the full text without a reason, of r3",
        "1 of the records of import 3 (scopus.ris) could not be read",
    )


def test_labels_that_do_not_follow_from_the_log_are_named(review):
    """The file's own tables are compared with the log each time."""
    review.label("r1", "include")
    review._store._db.run("UPDATE record SET decision_id = NULL WHERE id = 1")
    assert review.reporting.flow().inconsistencies == (
        "there is a difference between the log and the labels of r1",
    )


def test_a_correction_is_a_report_of_the_study_that_it_corrects(tmp_path, take_in):
    """By the links of PubMed, or by a title that says so; a comment is none."""
    title = "Peripheral magnetic stimulation in sciatica"
    paper = Record(
        title=title, pmid="1", notices=(Notice(kind=NoticeKind.CORRECTED, pmid="2"),), year=2020
    )
    erratum = Record(title="Erratum", pmid="2", publication_types=("Published Erratum",))
    by_title = Record(title=f"Correction to: {title}", doi="10.5555/c", year=2021)
    comment = Record(title=f"Comment on: {title}", doi="10.5555/d")
    with Review.create(tmp_path / "rms", protocol="rms-pnp") as review:
        take_in(review._store, [paper, erratum, by_title, comment])
        assert review.reporting.studies() == [("r1", "r2", "r3")]
        assert review.reporting.reports_of_same_study("r2") == [("r1", "notice PMID 2")]
        review.reporting.link("r1", "r3", same=False)
        assert review.reporting.studies() == [("r1", "r2")]
