"""The order of a review, from its records to the next one to read."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from autoscreen.errors import UnknownRecordError
from autoscreen.formats import write
from autoscreen.protocol import Protocol
from autoscreen.records import Record
from autoscreen.review import Review
from autoscreen.review.term_count_cache import cache_path

RELEVANT = [
    ("rTMS for phantom limb pain", "Twenty amputees had repetitive magnetic stimulation."),
    ("Peripheral magnetic stimulation in sciatica", "A sham-controlled trial of forty patients."),
    ("Theta burst stimulation for postherpetic neuralgia", ""),
    ("rTMS in painful diabetic neuropathy", "Pain fell in half of the patients."),
]
OTHERS = [
    (f"{what} in {where}", f"{number} patients were followed for {number} weeks.")
    for number, (what, where) in enumerate(
        [
            (a, b)
            for a in ("Surgery", "Exercise", "Aspirin", "Diet")
            for b in ("heart failure", "asthma", "obesity", "gout", "acne")
        ],
        start=10,
    )
]


@pytest.fixture
def review(tmp_path):
    """A review of the built-in protocol with four eligible records among twenty-four."""
    records = [
        Record(title=title, abstract=abstract, pmid=str(90_000_000 + at), year=2000 + at)
        for at, (title, abstract) in enumerate(OTHERS[:10] + RELEVANT + OTHERS[10:])
    ]
    source = tmp_path / "pool.nbib"
    write(records, source)
    with Review.create(tmp_path / "trial", protocol="rms-pnp") as made:
        made.import_files([source])
        yield made


def _is_relevant(ranked):
    return (ranked.record.title, ranked.record.abstract) in RELEVANT


def test_the_protocol_alone_puts_the_eligible_records_first(review):
    """Before any label, the four that meet the criteria lead, one of them a mere title."""
    ranked = review.rank()
    assert all(map(_is_relevant, ranked[:4]))
    assert [one.rank for one in ranked] == list(range(1, 25))
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)
    assert not all(one.has_abstract for one in ranked[:4])


def test_an_empty_review_has_no_order(tmp_path):
    """Without records there is nothing to rank and nothing to read."""
    with Review.create(tmp_path / "empty", protocol="rms-pnp") as empty:
        assert empty.rank() == []
        assert empty.next() is None


def test_a_review_without_concepts_is_ranked_by_its_title(tmp_path, review):
    """A title is protocol enough for a first order."""
    with Review.create(tmp_path / "bare", protocol=Protocol.from_title("Diet in gout")) as bare:
        bare.import_files([tmp_path / "pool.nbib"])
        assert "Diet in gout" in {one.record.title for one in bare.rank(top=3)}


def test_next_gives_unread_records_until_none_is_left(review):
    """Each record is offered once; what was left as unsure comes back at the end."""
    seen = []
    while (found := review.next(wait=True)) and found.strategy != "unsure again":
        seen.append(found.ranked.id)
        label = "include" if _is_relevant(found.ranked) else "exclude"
        review.label(found.ranked.id, "unsure" if len(seen) == 3 else label)
    assert len(seen) == len(set(seen)) == 24
    assert found is not None
    assert found.ranked.id == seen[2]
    review.label(seen[2], "include")
    assert review.next(wait=True) is None


def test_next_asked_twice_is_the_same(review):
    """Looking does not change what comes next."""
    assert review.next(wait=True).ranked.id == review.next(wait=True).ranked.id


def test_a_skipped_record_is_not_offered(review):
    """What the reader does not want now stays away, by id or PMID."""
    first = review.next(wait=True).ranked
    second = review.next(wait=True, skip=[first.record.pmid]).ranked
    assert second.id != first.id


def test_labels_reach_the_order(review):
    """Including diets brings up the other diets, whatever the protocol says."""
    before = {one.id: one.rank for one in review.rank()}
    diets = [one for one in review.rank() if one.record.title.startswith("Diet")]
    for one in diets[:2]:
        review.label(one.id, "include")
    for one in [one for one in review.rank() if one.record.title.startswith("Surgery")][:3]:
        review.label(one.id, "exclude")
    after = {one.id: one.rank for one in review.rank()}
    assert sum(after[one.id] for one in diets[2:]) < sum(before[one.id] for one in diets[2:])


def test_the_order_says_how_far_it_is_behind_and_catches_up(review):
    """A label is learnt behind the reader, and the status tells until it is."""
    review.rank()
    review.label("r1", "exclude")
    assert review.status().behind == 1
    review.rank(wait=True)
    assert review.status().behind == 0


def test_a_decision_keeps_the_place_it_was_made_at(review):
    """Rank, score and model are stored with the decision."""
    first = review.next(wait=True).ranked
    decision = review.label(first.id, "include")
    assert (decision.rank, decision.score) == (1, first.score)
    assert decision.model


def test_the_parts_sum_to_the_score(review):
    """The explanation of each record adds up to what it was ranked by."""
    for label, ident in (("include", "r11"), ("exclude", "r1"), ("exclude", "r2")):
        review.label(ident, label)
    for one in review.rank():
        parts = review.explain(one.id).parts
        assert sum(part.value for part in parts) == pytest.approx(one.score, abs=1e-4)
    with pytest.raises(UnknownRecordError):
        review.explain("r99")


def test_the_order_is_kept_for_the_next_session(review):
    """A review that is opened again answers from the order it had, without refitting."""
    wanted = [one.id for one in review.rank()]
    path = review.path
    review.close()
    cache_path(path).unlink()
    with Review.open(path) as again:
        assert [one.id for one in again.rank()] == wanted
        assert not cache_path(path).exists()


def test_a_damaged_cache_is_made_again(review):
    """What stands beside the review file is never trusted and never needed."""
    wanted = [one.id for one in review.rank()]
    cache = cache_path(review.path)
    review.close()
    for number, damage in enumerate((b"", b"PK\x03\x04 no", cache.read_bytes()[:500]), start=1):
        cache.write_bytes(damage)
        with Review.open(review.path) as again:
            again.label(f"r{number}", "unsure")
            assert [one.id for one in again.rank()] == wanted


def test_records_added_later_are_ranked_like_those_there(review, tmp_path):
    """A pool imported in two parts has the order of one imported at once."""
    review.rank()
    write(
        [Record(title="rTMS for sciatica", abstract="A trial of pain.", pmid="91000000")],
        tmp_path / "more.nbib",
    )
    review.import_files([tmp_path / "more.nbib"])
    in_parts = [(one.id, round(one.score, 5)) for one in review.rank()]
    with Review.create(tmp_path / "whole", protocol="rms-pnp") as whole:
        whole.import_files([tmp_path / "pool.nbib", tmp_path / "more.nbib"])
        assert [(one.id, round(one.score, 5)) for one in whole.rank()] == in_parts


def test_another_protocol_gives_another_order(review):
    """When the protocol changes, the order follows."""
    review.rank()
    review.protocols.set(Protocol.from_title("Aspirin in asthma"))
    assert "Aspirin in asthma" in {one.record.title for one in review.rank(top=3)}


def test_another_process_sees_the_same_order(review):
    """Same input, same version: the same ranking, whatever Python's hash seed."""
    here = [one.id for one in review.rank()]
    review.close()
    code = (
        "import sys; from autoscreen import Review\n"
        "with Review.open(sys.argv[1]) as review:\n"
        "    review.label('r20', 'unsure')\n"
        "    print(*[one.id for one in review.rank()])"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, str(review.path)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "5", "PYTHONPATH": ":".join(filter(None, sys.path))},
    )
    assert out.stdout.split() == here


def test_closing_in_mid_refit_loses_nothing(review):
    """Whoever leaves while labels are being learnt finds them when coming back."""
    review.rank()
    for number in range(1, 9):
        review.label(f"r{number}", "exclude")
        review.next(wait=False)
    begun = time.monotonic()
    review.close()
    assert time.monotonic() - begun < 5
    with Review.open(review.path) as again:
        assert again.status().exclude == 8
        again.rank()
        assert again.status().behind == 0
