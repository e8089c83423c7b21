"""The rule of double screening, against what it must hold whatever was decided."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from autoscreen.store.effective_label import PendingState, ReviewerVote, Setting, settle

ON = Setting(share=1.0, seed=0, reviewer="", at="", decision=0)
OFF = Setting(share=0.0, seed=0, reviewer="", at="", decision=0)

VOICES = st.lists(
    st.tuples(
        st.sampled_from(["AA", "BB", "CC"]),
        st.sampled_from(["include", "exclude", "unsure"]),
        st.booleans(),
    ),
    max_size=7,
).map(
    lambda said: [
        ReviewerVote(id=number, reviewer=who, label=label, resolves=resolves and number > 2)
        for number, (who, label, resolves) in enumerate(said, 1)
    ]
)


@given(VOICES)
def test_without_it_the_newest_decision_stands(voices):
    """No setting, or one that samples nothing, leaves the rule for one reader."""
    expected = (voices[-1].id if voices else None, None)
    assert settle(voices, [1], []) == expected
    assert settle(voices, [1], [OFF]) == expected


@given(VOICES)
def test_a_label_is_never_that_of_one_reader_alone(voices):
    """What stands was said by two, or resolves a conflict; else the record is open."""
    standing, state = settle(voices, [1], [ON])
    assert (standing is None) == (state is not None or not voices)
    if standing is not None:
        label = next(voice.label for voice in voices if voice.id == standing)
        sayers = {voice.reviewer for voice in voices if voice.label == label}
        assert len(sayers) >= 2 or any(voice.resolves for voice in voices)


@given(VOICES, st.sampled_from(["include", "exclude", "unsure"]))
def test_a_resolution_always_settles(voices, label):
    """Whatever was said before, the newest resolution stands."""
    last = ReviewerVote(id=99, reviewer="DD", label=label, resolves=True)
    assert settle([*voices, last], [1], [ON]) == (99, None)


@given(VOICES)
def test_two_who_differ_are_never_settled_in_silence(voices):
    """While the newest words of two reviewers differ and nobody resolved it, nothing stands."""
    said = {voice.reviewer: voice.label for voice in voices}
    if len(set(said.values())) > 1 and not any(voice.resolves for voice in voices):
        for known in ([ON], [ON, Setting(share=0.0, seed=0, reviewer="", at="", decision=9)]):
            assert settle(voices, [1], known) == (None, PendingState.CONFLICT)
