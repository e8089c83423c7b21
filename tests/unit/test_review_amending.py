"""Changing the protocol with its effect on the order in view."""

from __future__ import annotations

import pytest

from autoscreen.errors import ConflictError
from autoscreen.protocol import Concept, Element, Protocol, parse_protocol
from autoscreen.records import Record
from autoscreen.review import Review

SLEEP = Protocol(
    name="sleep",
    title="Melatonin for sleep",
    concepts=(
        Concept(
            key="melatonin",
            element=Element.INTERVENTION,
            label="melatonin",
            terms=("melatonin",),
            required=True,
        ),
    ),
)


@pytest.fixture
def review(tmp_path, clock, take_in):
    """Sixty records about magnetic stimulation and sixty about melatonin."""
    with Review.create(tmp_path / "rms", protocol="rms-pnp", now=clock) as made:
        pain = "Magnetic stimulation for neuropathic pain"
        records = [Record(title=f"{pain} {n}", abstract=pain) for n in range(60)]
        records += [Record(title=f"Melatonin for sleep {n}", abstract="Sleep") for n in range(60)]
        take_in(made._store, records)
        yield made


def test_the_effect_of_a_protocol_is_shown_before_it_is_taken(review):
    """It names who comes to the head, who goes, and what happens to the included ones."""
    review.label("r1", "include")
    review.label("r61", "exclude")
    before = [one.id for one in review.rank(unread=True)]
    effect = review.protocols.effect(SLEEP)
    assert (effect.unread, effect.first) == (118, 50)
    assert len(effect.entering) == len(effect.leaving) > 0
    assert all(int(one.id[1:]) > 60 for one in effect.entering)
    assert all(one.id in before[:50] for one in effect.leaving)
    assert [one.before for one in effect.leaving] == sorted(one.before for one in effect.leaving)
    assert len(effect.rising) == len(effect.falling) == 10
    assert effect.rising[0].up == max(one.up for one in effect.rising) > 0 > effect.falling[0].up
    assert [one.id for one in effect.included] == ["r1"]
    assert effect.changes
    assert review.protocol.name == "rms-pnp"
    assert [one.id for one in review.rank(unread=True)] == before


def test_the_order_shown_is_the_order_taken(review):
    """After taking the protocol the reviewer reads on at once, in the order that was shown."""
    review.rank()
    effect = review.protocols.effect(SLEEP)
    review.protocols.apply(effect, reviewer="ann", note="the question changed")
    assert review.protocol == SLEEP
    at_once = [one.id for one in review.rank(wait=False)]
    assert effect.ranking is not None
    assert at_once == [f"r{number}" for number in effect.ranking.records]
    assert at_once == [one.id for one in review.rank()]
    newest, first = review.protocols.versions()
    assert (newest.reviewer, newest.note) == ("ann", "the question changed")
    assert (first.reviewer, parse_protocol(first.text).name) == ("", "rms-pnp")


def test_a_change_of_words_alone_moves_nothing(review):
    """Criteria and reasons are for people; the order does not depend on them."""
    present = review.protocol
    worded = Protocol(
        name=present.name,
        title=present.title,
        question=present.question,
        concepts=present.concepts,
    )
    before = [one.id for one in review.rank()]
    effect = review.protocols.effect(worded)
    assert not effect.changes
    assert (effect.unread, effect.first, effect.ranking) == (120, 50, None)
    review.protocols.apply(effect)
    assert [one.id for one in review.rank(wait=False)] == before


def test_a_protocol_that_was_changed_meanwhile_is_not_replaced(review):
    """Two who change it at the same time do not overwrite each other's change."""
    effect = review.protocols.effect(SLEEP)
    review.protocols.set(Protocol.from_title("Something else"), reviewer="bob")
    with pytest.raises(ConflictError, match="changed meanwhile"):
        review.protocols.apply(effect)
    assert review.protocol.title == "Something else"


def test_records_that_came_meanwhile_are_ranked_too(review, take_in):
    """An order that lacks new records is not kept; all are ranked under the new protocol."""
    effect = review.protocols.effect(SLEEP)
    take_in(review._store, [Record(title="Melatonin for sleep")], path="b")
    review.protocols.apply(effect)
    assert len(review.rank()) == 121


def test_an_empty_review_takes_a_protocol(tmp_path):
    """Without records there is nothing to compare, and nothing in the way."""
    with Review.create(tmp_path / "a", protocol="rms-pnp") as empty:
        effect = empty.protocols.effect(SLEEP)
        assert (effect.unread, effect.changes) == (0, False)
        empty.protocols.apply(effect)
        assert empty.protocol == SLEEP


def test_another_thread_sees_a_new_protocol(review):
    """A review that was opened twice shows the protocol in force on both sides."""
    reopen = review.reopen()
    try:
        assert reopen.protocol.name == "rms-pnp"
        review.protocols.set(SLEEP)
        assert reopen.protocol == SLEEP
    finally:
        reopen.close()
