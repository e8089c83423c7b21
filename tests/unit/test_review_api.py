"""A review from Python: records, labels, merges, status."""

from __future__ import annotations

import pytest

from autoscreen.errors import ConfigError, ConflictError, InputError, UnknownRecordError
from autoscreen.protocol import Protocol
from autoscreen.records import Label, Record
from autoscreen.review import Review


@pytest.fixture
def review(tmp_path, clock, take_in):
    """A review with four records, which are all different."""
    records = [Record(title=f"Record {n}", pmid=str(n), abstract="Text.") for n in (11, 12, 13)]
    with Review.create(tmp_path / "rms", protocol="rms-pnp", now=clock) as made:
        take_in(made._store, [*records, Record(title="Without identifiers", raw="RAW")])
        yield made


def test_a_review_bears_the_name_of_its_file(tmp_path, monkeypatch):
    """A reviewer creates 'headache' and opens 'headache'."""
    monkeypatch.chdir(tmp_path)
    with Review.create("headache", protocol="rms-pnp") as made:
        assert (made.name, made.path.name) == ("headache", "headache.autoscreen")
    with Review.open("headache") as opened:
        assert opened.protocol.name == "rms-pnp"
        assert list(opened.records()) == []
    with pytest.raises(ConflictError, match="already"):
        Review.create("headache", protocol="rms-pnp")


def test_a_review_can_have_any_name_and_a_protocol_made_in_python(tmp_path):
    """The name may differ from the file's, and a title is enough for a protocol."""
    protocol = Protocol.from_title("Aspirin for headache")
    with Review.create(tmp_path / "a", protocol=protocol, name="Kopfweh & Co") as made:
        assert (made.name, made.protocol) == ("Kopfweh & Co", protocol)


def test_a_review_starts_from_its_title(tmp_path):
    """A title alone makes the protocol."""
    with Review.create(tmp_path / "a", title="Aspirin for headache") as made:
        assert made.protocol == Protocol.from_title("Aspirin for headache")


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({}, "needs a protocol or a title"),
        ({"title": ""}, "needs a protocol or a title"),
        ({"title": "A", "protocol": "rms-pnp"}, "only one"),
    ],
)
def test_a_review_needs_a_protocol_or_a_title(tmp_path, about, said):
    """No topic is assumed, and no file is created without one."""
    with pytest.raises(ConfigError, match=said):
        Review.create(tmp_path / "a", **about)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_protocol_leaves_no_file_behind(tmp_path):
    """A typo in the protocol is answered before anything is created."""
    with pytest.raises(ConfigError, match="no protocol"):
        Review.create(tmp_path / "a", protocol="rms-pmp")
    assert list(tmp_path.iterdir()) == []


def test_another_protocol_is_in_force_at_once(review, tmp_path):
    """A protocol that was edited outside is taken over on demand."""
    path = tmp_path / "mine.toml"
    with Review.create(tmp_path / "b", protocol=Protocol.from_title("Sleep")) as other:
        path.write_text(other._store.protocol()[0])
    review.protocols.set(path)
    assert review.protocol.title == "Sleep"
    assert review.status().protocol == "Sleep"


@pytest.mark.parametrize("ident", ["r2", "R2", "12", "PMID: 12"])
def test_a_label_is_given_by_any_name_of_the_record(review, ident):
    """Id and PMID name the same record; the decision is seen at once and after opening again."""
    made = review.label(ident, "exclude", reviewer="AA", reason="WRONG_POP", note="mice")
    assert (made.record_id, made.label, made.rank, made.model) == ("r2", Label.EXCLUDE, None, "")
    found = review.record(ident)
    assert (found.id, found.label, found.reviewer) == ("r2", Label.EXCLUDE, "AA")
    assert (found.reason, found.note, found.at) == ("WRONG_POP", "mice", made.at)
    with Review.open(review.path) as again:
        assert again.record("r2") == found
        assert again.decisions.history("r2") == [made]


def test_an_unlabelled_record_says_nothing(review):
    """Label and words of a record that nobody read are empty, and its raw text is kept."""
    found = review.record("r4")
    assert (found.label, found.reason, found.note, found.reviewer, found.at) == (None, *[""] * 4)
    assert review.sources("r4")[0].record.raw == "RAW"


@pytest.mark.parametrize(
    ("ident", "label", "reason", "error", "words"),
    [
        ("r9", "include", "", UnknownRecordError, "no record has the id 'r9'"),
        ("r1", "maybe", "", InputError, "'maybe' is not a label; choose one of: include, exc"),
        ("r1", "exclude", "TYPO", InputError, "'TYPO' is not a reason .*WRONG_POP"),
        ("r1", "include", "WRONG_POP", InputError, "goes with exclude or unsure, not with include"),
    ],
)
def test_a_wrong_label_is_refused_with_the_choice(review, ident, label, reason, error, words):
    """What cannot be recorded changes nothing and says what can."""
    with pytest.raises(error, match=words):
        review.label(ident, label, reason=reason)
    assert review.status().labelled == 0


def test_a_protocol_without_reasons_takes_any(tmp_path, take_in):
    """Who has listed no reasons may write their own."""
    with Review.create(tmp_path / "a", protocol=Protocol(name="t", title="T")) as made:
        take_in(made._store, [Record(title="A")])
        assert made.label("r1", "EXCLUDE", reason="mice").reason == "mice"


def test_text_that_is_no_unicode_is_stored_as_far_as_it_is(review):
    """A terminal in another encoding does not stop a decision."""
    made = review.label("r1", "include", reviewer="M\udcfcller", note="\ud800")
    assert (made.reviewer, made.note) == ("M?ller", "?")
    assert review.undo(reviewer="M\udcfcller").withdraws == made.id


def test_undo_takes_back_ones_own(review):
    """The newest decision of the reviewer who asks is withdrawn, and that stays on record."""
    review.label("r1", "include", reviewer="AA")
    review.label("r2", "include", reviewer="BB")
    assert review.undo(reviewer="AA").record_id == "r1"
    assert review.undo(reviewer="AA") is None
    assert [found.id for found in review.records("labelled")] == ["r2"]
    assert [entry.label for entry in review.decisions.history("r1")] == [Label.INCLUDE, None]


def test_records_are_listed_by_label(review):
    """All by default; a label that does not exist is refused before the first record."""
    review.label("r3", "unsure")
    assert [found.id for found in review.records()] == ["r1", "r2", "r3", "r4"]
    assert [found.id for found in review.records("unsure")] == ["r3"]
    assert [found.id for found in review.records("unlabelled")] == ["r1", "r2", "r4"]
    with pytest.raises(InputError, match="'relevant' is not a label; choose one of: all, incl"):
        review.records("relevant")


@pytest.fixture
def merged(review):
    """The same review with r1, r2 and r3 merged into one."""
    review._store.merges.join([(1, 2, "a"), (2, 3, "b")])
    return review


@pytest.mark.parametrize("ident", [2, "2", "r3", "13"])
def test_a_merge_is_undone_by_its_number_or_by_the_record_it_took_away(merged, ident):
    """Each name of the second merge parts the third record from the others."""
    if ident == "13":
        merged.merges.undo("r2")
    undone = merged.merges.undo(ident)
    assert (undone.id, undone.kept, undone.absorbed) == (2, "r1", "r3")
    assert merged.record("r3").id == merged.record("13").id == "r3"


def test_one_of_several_merges_is_asked_for(merged):
    """A record that came of two merges does not say which is meant."""
    with pytest.raises(InputError, match=r"r1 came of 2 merges: 1 \(r2\), 2 \(r3\); name one"):
        merged.merges.undo("r1")
    merged.merges.undo(1)
    assert merged.merges.undo("r1").id == 2


def test_a_record_of_its_own_cannot_be_parted(merged):
    """Neither a record that was never merged nor a number of no merge is guessed at."""
    with pytest.raises(InputError, match="r4 was not merged with another record"):
        merged.merges.undo("r4")
    with pytest.raises(UnknownRecordError):
        merged.merges.undo("99")
    merged.merges.undo(2)
    with pytest.raises(InputError, match="merge 2 was undone already"):
        merged.merges.undo(2)


def test_the_status_counts(merged):
    """Records, labels, imports, merges and reviewers are counted as they stand now."""
    merged.label("r1", "include", reviewer="AA")
    merged.label("r4", "unsure", reviewer="BB")
    status = merged.status()
    assert (status.name, status.path) == ("rms", str(merged.path))
    assert (status.records, status.with_abstract) == (2, 1)
    assert (status.include, status.exclude, status.unsure) == (1, 0, 1)
    assert (status.labelled, status.unlabelled) == (2, 0)
    assert (len(status.imports), status.merges, status.reviewers) == (1, 2, ("AA", "BB"))
    assert status.behind == 2


def test_the_status_tells_what_the_order_was_worth(review):
    """Reading in the order given is set against reading at random."""
    for ident, label in (("r3", "exclude"), ("r1", "include"), ("r3", "include")):
        review.label(ident, label)
    worth = review.status().performance
    assert (worth.read, worth.found, worth.found_at) == (2, 2, (1, 2))
    assert (worth.recent, worth.recent_found) == (2, 2)
    assert worth.random == pytest.approx(2 * 5 / 3)


def test_before_the_first_label_the_order_was_worth_nothing(review):
    """No ratio is made up where nothing was found."""
    worth = review.status().performance
    assert (worth.read, worth.found, worth.found_at, worth.random) == (0, 0, (), None)


def test_labels_that_came_with_files_are_no_reading(review):
    """What was decided elsewhere does not count for this order."""
    from autoscreen.records import Verdict

    run = review.status().imports[0].id
    review._store.decisions.add(1, Verdict(label=Label.INCLUDE), import_id=run)
    review.label("r2", "exclude")
    assert review.status().performance.read == 1
    assert review.status().labelled == 2
