"""Sentence embeddings of a review: computed once, kept, and used when they are complete."""

from __future__ import annotations

import sqlite3
from unittest import mock
from zlib import crc32

import pytest

from autoscreen.errors import ConflictError, SchemaError
from autoscreen.formats import write
from autoscreen.protocol import Protocol
from autoscreen.records import Record
from autoscreen.report.report_folder import write_report
from autoscreen.review import Review
from topic_encoder import TOPICS, TopicEncoder


def records(first=0, count=40):
    """Invented studies; one in four is about a coil, which only the encoder's topic shows."""
    return [
        Record(title=f"Study {n}", abstract=f"Of a {TOPICS[n % 4]}.", pmid=str(n + 1))
        for n in range(first, first + count)
    ]


def import_records(review, folder, some):
    path = folder / "more.nbib"
    write(some, path)
    return review.import_files([path])[0]


def order_of(review):
    return [(one.id, round(one.score, 6)) for one in review.rank()]


@pytest.fixture
def encoder():
    return TopicEncoder()


@pytest.fixture
def review(tmp_path, clock):
    with Review.create(tmp_path / "a", protocol=Protocol.from_title("A coil"), now=clock) as made:
        import_records(made, tmp_path, records())
        yield made


def test_each_record_is_encoded_once(review, encoder):
    """Title and abstract; running it again computes nothing."""
    progress = mock.Mock()
    assert (review.embeddings.coverage().embedded, review.embeddings.coverage().records) == (0, 40)
    assert review.embeddings.compute(encoder=encoder, progress=progress) == 40
    assert sum(call.args[1] for call in progress.call_args_list) == 40
    progress.expect.assert_called_once_with(40)
    assert encoder.texts[0] == "Study 0. Of a kidney."
    assert review.embeddings.compute(encoder=encoder) == 0
    assert len(encoder.texts) == 40


def test_the_ranking_uses_them_when_they_are_complete(review, encoder):
    """Before that it is as without; the decision from which on is kept, and so is the name."""
    before = order_of(review)
    for ident, _ in before[:3]:
        review.label(ident, "exclude")
    encoder.encode = _stop_after(encoder.encode, 2)
    with pytest.raises(KeyboardInterrupt):
        review.embeddings.compute(encoder=encoder)
    assert 0 < review.embeddings.coverage().embedded < 40
    assert review.embeddings.uses() == []
    rest = TopicEncoder()
    review.embeddings.compute(encoder=rest)
    assert len(rest.texts) < 40
    assert order_of(review) != before
    ranked = review.rank()
    (use,) = review.embeddings.uses()
    assert (use.encoder, use.decision, use.embedded, use.records) == ("topics", 3, 40, 40)
    assert review.label(ranked[0].id, "include").model.endswith("+sentences/1")
    explained = review.explain(ranked[5].id)
    assert explained.score == pytest.approx(sum(part.value for part in explained.parts))


def _stop_after(encode, calls):
    made = 0

    def limited(texts):
        nonlocal made
        made += 1
        if made > calls:
            raise KeyboardInterrupt
        return encode(texts)

    return limited


def test_an_order_of_an_earlier_session_is_replaced_too(review, encoder):
    """Also if nothing was decided since."""
    first = order_of(review)
    path = review.path
    review.close()
    with Review.open(path) as opened:
        opened.embeddings.compute(encoder=encoder)
    with Review.open(path) as opened:
        assert order_of(opened) != first
    with Review.open(path) as opened:
        assert opened.ranking.place("r1").model.endswith("+sentences/1")


def test_only_new_records_are_computed_and_the_ranking_goes_on(review, encoder, tmp_path):
    """Those without an embedding are ranked by the rest; the log says so."""
    review.embeddings.compute(encoder=encoder)
    review.rank()
    import_records(review, tmp_path, records(40, 4))
    assert review.embeddings.coverage().missing == 4
    assert len(review.rank()) == 44
    review.embeddings.compute(encoder=encoder)
    assert len(encoder.texts) == 44
    review.rank()
    assert [(one.embedded, one.records) for one in review.embeddings.uses()] == [
        (40, 40),
        (40, 44),
        (44, 44),
    ]


def test_a_record_whose_text_changes_is_computed_again(review, encoder, tmp_path):
    """A merge that adds the abstract, and its undoing."""
    import_records(review, tmp_path, [Record(title="Study of a gland", pmid="900")])
    review.embeddings.compute(encoder=encoder)
    import_records(
        review, tmp_path, [Record(title="Study of a gland", pmid="900", abstract="Of a valve.")]
    )
    assert review.embeddings.coverage().missing == 1
    encoder.texts.clear()
    assert review.embeddings.compute(encoder=encoder) == 1
    assert encoder.texts == ["Study of a gland. Of a valve."]
    (merge,) = review.merges.all()
    review.merges.undo(merge.id)
    encoder.texts.clear()
    assert review.embeddings.compute(encoder=encoder) == 2
    assert sorted(encoder.texts) == ["Study of a gland. ", "Study of a gland. Of a valve."]


def test_a_text_that_changes_while_it_is_encoded_is_computed_again(review, encoder, tmp_path):
    """What was computed from the text before is not kept."""
    encode, other = encoder.encode, review.reopen()

    def change_meanwhile(texts):
        vectors = encode(texts)
        if len(texts) > 1 and not other.merges.all():
            longer = Record(title="Study 0", pmid="1", abstract="Of a valve, all of it.")
            import_records(other, tmp_path, [longer])
        return vectors

    encoder.encode = change_meanwhile
    assert review.embeddings.compute(encoder=encoder) == 41
    assert review.embeddings.coverage().missing == 0
    assert encoder.texts[-1] == "Study 0. Of a valve, all of it."
    other.close()


def test_the_effect_of_a_new_title_uses_them(review, encoder):
    """So that it is compared by the ranking that the review has."""
    review.embeddings.compute(encoder=encoder)
    effect = review.protocols.effect(Protocol.from_title("A valve"))
    assert effect.ranking.model.endswith("+sentences/1")


def test_another_encoder_replaces_all(review, encoder):
    """Vectors of two encoders cannot be compared."""
    review.embeddings.compute(encoder=encoder)
    other = TopicEncoder()
    other.name = "topics, longer"
    assert review.embeddings.compute(encoder=other) == 40
    encoder.encode = lambda texts: pytest.fail("another one came first")
    review._store.embeddings.begin("third")
    with pytest.raises(ConflictError, match="another process"):
        review._store.embeddings.save("topics", [])


def test_deleting_them_takes_the_ranking_back(review, encoder):
    """The log says from which decision on."""
    before = order_of(review)
    review.embeddings.compute(encoder=encoder)
    assert order_of(review) != before
    review.embeddings.clear()
    assert order_of(review) == before
    assert [one.encoder for one in review.embeddings.uses()] == ["topics", ""]
    assert review.embeddings.coverage().use is None


def test_the_same_decisions_give_the_same_order_whenever_they_were_computed(
    review, encoder, tmp_path, clock
):
    """Before the first decision or after the tenth: from then on nothing differs."""
    orders = []
    for name in ("early", "late"):
        with Review.create(
            tmp_path / name, protocol=Protocol.from_title("A coil"), now=clock
        ) as one:
            import_records(one, tmp_path, records())
            if name == "early":
                one.embeddings.compute(encoder=encoder)
            for number in range(1, 9):
                one.label(f"r{number}", "include" if number % 4 == 0 else "exclude")
                one.rank(top=1)
            if name == "late":
                one.embeddings.compute(encoder=encoder)
            orders.append(order_of(one))
    assert orders[0] == orders[1]


def test_similar_records_are_those_that_mean_the_same(review, encoder):
    """All are alike in their words; of the labelled ones, the other one on valves is closest."""
    for ident, label in (("r3", "include"), ("r1", "exclude"), ("r2", "exclude")):
        review.label(ident, label)
    review.embeddings.compute(encoder=encoder)
    review.rank()
    assert review.explain("r7").similar[0].id == "r3"
    assert review.explain("r7").similar[0].similarity == pytest.approx(1, abs=1e-3)


def test_the_report_says_since_when_they_were_used(review, encoder, tmp_path):
    """In the methods, with the encoder."""
    review.label("r4", "include")
    review.embeddings.compute(encoder=encoder)
    review.rank()
    write_report(review, tmp_path / "report")
    methods = (tmp_path / "report" / "methods.txt").read_text("utf-8")
    assert (
        "After decision 1 (2026-01-02), the ranking used sentence embeddings (topics)." in methods
    )


def test_damage_is_found_and_named(review, encoder):
    """By the check of the file, and before the ranking uses it."""
    review.embeddings.compute(encoder=encoder)
    assert review.damage() == []
    with sqlite3.connect(review.path) as other:
        other.execute("UPDATE embedding SET vector = zeroblob(8) WHERE record_id = 3")
    other.close()
    (found,) = review.damage()
    assert found.startswith("the sentence embedding of r3 is damaged (autoscreen embed")
    with pytest.raises(SchemaError, match="embedding of r3 is damaged; autoscreen embed"):
        review.rank()
    review.embeddings.clear()
    review.embeddings.compute(encoder=encoder)
    assert len(review.rank()) == 40


def test_a_vector_takes_two_bytes_for_each_number(review, encoder):
    """With a checksum."""
    review.embeddings.compute(encoder=encoder)
    with sqlite3.connect(review.path) as other:
        rows = other.execute("SELECT vector, checksum FROM embedding").fetchall()
    other.close()
    assert {len(vector) for vector, _ in rows} == {2 * len(TOPICS)}
    assert all(crc32(vector) == checksum for vector, checksum in rows)


def test_an_empty_review_needs_none(tmp_path, encoder):
    """And ranks nothing."""
    with Review.create(tmp_path / "empty", protocol=Protocol.from_title("A coil")) as empty:
        assert empty.embeddings.compute(encoder=encoder) == 0
        assert empty.rank() == []
