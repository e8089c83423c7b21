"""Comments on records: mentions, blinding in double screening, withdrawal."""

from __future__ import annotations

import pytest

from autoscreen.errors import InputError, UnknownRecordError
from autoscreen.records import Record
from autoscreen.review import Review
from autoscreen.review.review_comments import mentioned
from autoscreen.store.record_filters import Filters


@pytest.fixture
def review(tmp_path, clock, take_in):
    """Two records."""
    with Review.create(tmp_path / "rms", protocol="rms-pnp", now=clock) as made:
        take_in(made._store, [Record(title="Pain"), Record(title="Sleep")])
        yield made


def test_a_comment_mentions_colleagues_who_mark_it_as_done(review):
    """Who is named with @ finds the comment in their list, and nobody else does."""
    made = review.comments.add("r1", "@bob is this the arm trial?", reviewer="ann", people=["bob"])
    assert (made.record_id, made.reviewer, made.mentions) == ("r1", "ann", ("bob",))
    assert [one.id for one in review.comments.mentions("bob")] == [made.id]
    assert review.comments.mentions("ann") == review.comments.mentions("cat") == []
    review.comments.set_done(made.id, reviewer="bob")
    assert [one.done for one in review.comments.mentions("bob")] == [True]
    review.comments.set_done(made.id, reviewer="bob", done=False)
    assert [one.done for one in review.comments.mentions("bob")] == [False]
    with pytest.raises(InputError, match="mentions you"):
        review.comments.set_done(made.id, reviewer="cat")


def test_comments_are_a_thread_that_is_found_by_search(review):
    """All see all comments on a record, oldest first, and their words lead to the record."""
    review.comments.add("r2", "first", reviewer="ann")
    review.comments.add("r2", "second", reviewer="bob")
    assert [one.text for one in review.comments.of("r2")] == ["first", "second"]
    assert review._store.browse.numbers(Filters(text="note:second")) == [2]
    assert review._store.browse.numbers(Filters(noted=True)) == [2]
    (row,) = review._store.browse.rows([2])
    assert row.comments == 2


def test_comments_are_hidden_while_a_record_is_screened_independently(review):
    """In double screening the other reviewer sees neither comment nor mention until the end."""
    review.team.set_double_screening(1.0)
    review.label("r1", "include", reviewer="ann")
    made = review.comments.add("r1", "clearly in, @bob", reviewer="ann", people=["bob"])
    assert review.comments.thread("r1", "ann").blind
    assert [one.id for one in review.comments.of("r1", "ann")] == [made.id]
    assert review.comments.of("r1", "bob") == review.comments.of("r1") == []
    assert review.comments.mentions("bob") == []
    assert review._store.browse.numbers(Filters(text="clearly", viewer="bob")) == []
    review.label("r1", "exclude", reviewer="bob")
    assert [one.id for one in review.comments.mentions("bob")] == [made.id]
    assert review._store.browse.numbers(Filters(text="clearly", viewer="bob")) == [1]


def test_comments_on_a_full_text_are_hidden_while_it_is_assessed_independently(review):
    """Those of title and abstract, which were decided, stay visible."""
    early = review.comments.add("r1", "the trial of 2019", reviewer="ann")
    review.label("r1", "include", reviewer="ann")
    review.full_text.team.set_double_screening(1.0)
    late = review.comments.add("r1", "wrong dose, @bob", reviewer="ann", people=["bob"])
    assert review.comments.thread("r1", "bob").blind
    assert [one.id for one in review.comments.of("r1", "bob")] == [early.id]
    assert review.comments.mentions("bob") == []
    for reviewer in ("ann", "bob"):
        review.full_text.label("r1", "include", reviewer=reviewer)
    assert [one.id for one in review.comments.of("r1", "bob")] == [early.id, late.id]
    assert not review.comments.thread("r1", "bob").blind


def test_a_comment_is_withdrawn_by_its_author_only(review):
    """The thread keeps its place, without the words; a mention is gone from the list."""
    made = review.comments.add("r1", "@bob oops", reviewer="ann", people=["bob"])
    with pytest.raises(InputError, match="no comment"):
        review.comments.withdraw(made.id, reviewer="bob")
    review.comments.withdraw(made.id, reviewer="ann")
    (left,) = review.comments.of("r1")
    assert (left.withdrawn, left.text) == (True, "")
    assert review.comments.mentions("bob") == []
    with pytest.raises(InputError, match="no comment"):
        review.comments.withdraw(made.id, reviewer="ann")


def test_what_is_no_comment_is_refused(review):
    """Empty and endless texts and unknown records are named."""
    for text in ("  ", "x" * 5001):
        with pytest.raises(InputError, match="1 to 5,000"):
            review.comments.add("r1", text)
    with pytest.raises(UnknownRecordError):
        review.comments.add("r9", "hello")


@pytest.mark.parametrize(
    ("text", "found", "unknown"),
    [
        ("@Ann Lee and @bob: look", ["Ann Lee", "Bob"], []),
        ("mail a@bob.org", [], []),
        ("@Annabel", [], ["Annabel"]),
        ("(@ANN)", ["Ann"], []),
        ("@nobody @nobody", [], ["nobody"]),
    ],
)
def test_names_are_found_after_an_at_sign(text, found, unknown):
    """The longest name that fits counts, in any case; names that nobody has are told apart."""
    people, others = mentioned(text, ["Ann", "Ann Lee", "Bob"])
    assert (sorted(people), others) == (found, unknown)
