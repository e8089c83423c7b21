"""Decisions that pages hand in, tags, and what a person adds to a record."""

from __future__ import annotations

import pytest

from autoscreen.errors import (
    ConflictError,
    DecidedMeanwhileError,
    InputError,
    UnknownRecordError,
)
from autoscreen.records import Label, Record
from autoscreen.review import Review
from autoscreen.review.word_evidence import evidence_of

ABSTRACT = "METHODS: We gave magnetic stimulation to <b>twenty</b> people.\nRESULTS: Less pain."


@pytest.fixture
def review(tmp_path, clock, take_in):
    """A review with three records, the last without an abstract."""
    records = [
        Record(
            title="Magnetic stimulation for phantom pain", pmid="11", abstract="Relief of pain."
        ),
        Record(title="Sleep in mice", pmid="12", abstract="Mice slept."),
        Record(title="Coils", pmid="13"),
    ]
    with Review.create(tmp_path / "rms", protocol="rms-pnp", now=clock) as made:
        take_in(made._store, records)
        yield made


def test_what_is_handed_in_twice_is_one_decision(review):
    """A page that did not hear the answer asks again, and hears it, whatever came in between."""
    first = review.decisions.submit("r1", "include", key="k1", seen=0, reviewer="A")
    review.decisions.submit("r2", "exclude", key="k2", seen=0, reviewer="A")
    assert review.decisions.submit("r1", "include", key="k1", seen=0, reviewer="A") == first
    assert [one.id for one in review.decisions.history("r1")] == [first.id]


def test_a_decision_made_at_an_old_page_is_refused(review):
    """Nobody overwrites what they have not seen, be it another's decision or their own."""
    review.decisions.submit("r1", "include", key="k1", seen=0, reviewer="A")
    with pytest.raises(DecidedMeanwhileError, match="decided about r1 meanwhile"):
        review.decisions.submit("r1", "exclude", key="k2", seen=0, reviewer="B")
    assert [one.label for one in review.decisions.history("r1")] == [Label.INCLUDE]
    seen = review.decisions.newest_seen("r1", "B")
    review.decisions.submit("r1", "exclude", key="k3", seen=seen, reviewer="B")
    assert review.record("r1").label is Label.EXCLUDE


def test_a_refused_decision_leaves_its_key_free(review):
    """After an error the same page can hand in again under the same key."""
    with pytest.raises(InputError):
        review.decisions.submit("r1", "exclude", key="k1", seen=0, reason="NO_SUCH")
    assert review.decisions.history("r1") == []
    assert review.decisions.submit("r1", "exclude", key="k1", seen=0).label is Label.EXCLUDE


def test_undo_names_the_decision_of_its_page(review):
    """Undo takes back what was decided at this page, not what the other tab did since."""
    review.decisions.submit("r1", "include", key="k1", seen=0, reviewer="A")
    review.decisions.submit("r2", "exclude", key="k2", seen=0, reviewer="A")
    undone = review.decisions.withdraw(key="u1", of="k1", reviewer="A")
    assert (undone.record_id, undone.label) == ("r1", None)
    assert review.decisions.withdraw(key="u1", of="k1", reviewer="A") == undone
    assert review.decisions.withdraw(key="u2", of="k1", reviewer="A") is None
    assert review.decisions.withdraw(key="u3", of="never handed in", reviewer="A") is None
    assert review.record("r2").label is Label.EXCLUDE


def test_undo_without_a_name_takes_the_newest_of_the_reader(review):
    """It goes back as far as one likes, and never to another's decision."""
    review.decisions.submit("r1", "include", key="k1", seen=0, reviewer="A")
    review.decisions.submit("r2", "include", key="k2", seen=0, reviewer="B")
    assert review.decisions.withdraw(key="u1", reviewer="A").record_id == "r1"
    assert review.decisions.withdraw(key="u2", reviewer="A") is None


def test_nobody_undoes_for_another(review):
    """The key of another's decision does not help."""
    review.decisions.submit("r1", "include", key="k1", seen=0, reviewer="A")
    assert review.decisions.withdraw(key="u1", of="k1", reviewer="B") is None
    assert review.record("r1").label is Label.INCLUDE


def test_tags_are_put_on_and_taken_off(review):
    """A tag is there once, in the order of coming, and the file keeps its history."""
    assert review.decisions.tag("r1", "  full   text ") == ["full text"]
    assert review.decisions.tag("r1", "trial", reviewer="A") == ["full text", "trial"]
    assert review.decisions.tag("r1", "trial", reviewer="B") == ["full text", "trial"]
    assert review.decisions.tag("r1", "full text", on=False) == ["trial"]
    assert review.decisions.tags("11") == ["trial"]
    assert review.decisions.tags("r2") == []
    assert review._store._db.value("SELECT count(*) FROM tagging") == 3
    for bad in ("", "   ", "x" * 101):
        with pytest.raises(InputError, match="not a tag"):
            review.decisions.tag("r1", bad)
    with pytest.raises(UnknownRecordError):
        review.decisions.tag("r9", "x")


def test_tags_go_out_with_their_record(review, tmp_path):
    """An export and a table hold the tags of readers behind those that a record came with."""
    review.decisions.tag("r1", "full text")
    assert "full text" in review.to_frame().loc["r1", "tags"]
    review.export(tmp_path / "out.ris", label="all")
    assert (tmp_path / "out.ris").read_text().count("full text") == 1


def test_a_pasted_abstract_is_a_source_of_its_own(review):
    """Nothing is overwritten, the text is plain, its origin is shown, and it can be removed."""
    review.decisions.add_abstract("13", ABSTRACT, reviewer="A")
    found = review.record("r3").record
    assert found.abstract == (
        "METHODS: We gave magnetic stimulation to twenty people. RESULTS: Less pain."
    )
    assert (found.title, found.pmid) == ("Coils", "13")
    first, second = review.sources("r3")
    assert first.record.abstract == ""
    assert (second.path, second.record.raw) == ("abstract pasted by A", ABSTRACT)
    assert review.status().records == 3
    with pytest.raises(ConflictError, match="has an abstract"):
        review.decisions.add_abstract("r3", ABSTRACT)
    review.merges.undo("r3")
    assert review.record("r3").record.abstract == ""


def test_a_pasted_word_is_no_abstract(review):
    """A slip with the clipboard is refused before anything is kept."""
    with pytest.raises(InputError, match="no abstract"):
        review.decisions.add_abstract("r3", "Coils")
    assert len(review.sources("r3")) == 1


def test_a_decision_stays_with_a_record_that_gets_an_abstract(review):
    """Completing a record changes neither its label nor its number."""
    review.decisions.submit("r3", "unsure", key="k", seen=0)
    review.decisions.add_abstract("r3", ABSTRACT)
    assert review.record("r3").label is Label.UNSURE
    assert review.next().ranked.id in {"r1", "r2"}


def test_what_pubmed_says_is_merged_in(review):
    """MeSH terms come with the abstract; a record without one is named, and not used."""
    with pytest.raises(InputError, match="PubMed has no abstract"):
        review.decisions.add_fetched("r3", Record(title="Coils", pmid="13"))
    fetched = Record(
        title="Coils", pmid="13", abstract="New coils.", mesh=("*Magnets",), raw="<x/>"
    )
    review.decisions.add_fetched("r3", fetched, reviewer="A")
    found = review.record("r3").record
    assert (found.abstract, found.mesh) == ("New coils.", ("*Magnets",))
    assert review.sources("r3")[1].path == "PubMed, asked by A"


def _words(review, ident):
    record = review.record(ident).record
    return {
        getattr(record, one.field)[one.start : one.end].lower(): one.value
        for one in review.ranking.evidence(ident, record)
    }


def test_evidence_points_at_the_words_of_the_score(review):
    """Each marked word stands where it says; the words of what was included move up."""
    review.rank()
    review.label("r1", "include")
    review.label("r2", "exclude")
    review.next(wait=True)
    included = _words(review, "r1")
    assert (
        {"magnetic", "phantom", "relief"}
        <= included.keys()
        <= {*("magnetic", "stimulation", "for", "phantom", "pain", "relief", "of")}
    )
    assert included["phantom"] > 0
    review.label("r1", "exclude")
    review.label("r2", "include")
    review.next(wait=True)
    assert _words(review, "r1")["phantom"] < included["phantom"]


def test_a_word_shares_in_its_pairs():
    """Half of what a pair of neighbours gives goes to each of them, at each place."""
    record = Record(title="Pain relief", abstract="No pain.")
    values = {"pain": 1.0, "pain relief": 3.0, "no": -2.0}
    found = [(one.field, one.start, one.end, one.value) for one in evidence_of(record, values)]
    assert found == [
        ("title", 0, 4, 2.5),
        ("title", 5, 11, 1.5),
        ("abstract", 0, 2, -2.0),
        ("abstract", 3, 7, 1.0),
    ]


def test_progress_counts_what_is_read(review):
    """It adds up, and agrees with the status."""
    review.label("r1", "include")
    review.label("r2", "unsure")
    found = review.progress()
    assert (found.records, found.include, found.exclude, found.unsure) == (3, 1, 0, 1)
    assert (found.labelled, found.unread) == (2, 1)
    assert found.unread == review.status().unlabelled


def test_reading_goes_on_while_new_records_wait_for_their_place(review, take_in):
    """Who is in a hurry reads on in the old order; the others get the order of all."""
    assert review.next().ranked.id == "r1"
    take_in(review._store, [Record(title="rTMS for phantom limb pain", abstract="rTMS.")], path="b")
    assert review.next(hurry=True).ranked.id == "r1"
    review.label("r1", "include")
    review.label("r2", "exclude")
    review.label("r3", "exclude")
    assert review.next(hurry=True).ranked.id == "r4"


def test_a_record_that_was_merged_away_is_not_given_in_a_hurry(review):
    """The old order may name records that are no more."""
    review.rank()
    review._store.merges.join([(1, 3, "by hand")])
    given = set()
    while (found := review.next(hurry=True)) is not None:
        given.add(found.ranked.id)
        review.label(found.ranked.id, "exclude")
    assert given == {"r1", "r2"}
