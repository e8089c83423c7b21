"""The rule of double screening, against what it must hold whatever was decided."""

from __future__ import annotations

from dataclasses import replace

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


@given(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from("12")), min_size=1, max_size=6))
def test_two_who_exclude_a_full_text_agree_on_the_reason(said):
    """Different reasons are a conflict; a resolution, or a change of mind, ends it."""
    voices = [
        ReviewerVote(id=number, reviewer=who, label="exclude", reason=reason)
        for number, (who, reason) in enumerate(said, 1)
    ]
    newest = dict(said)
    state = settle(voices, [1], [ON])[1]
    assert (state is PendingState.PENDING) == (len(newest) == 1)
    assert (state is PendingState.CONFLICT) == (len(set(newest.values())) == 2)
    last = ReviewerVote(id=99, reviewer="C", label="exclude", reason="2", resolves=True)
    assert settle([*voices, last], [1], [ON]) == (99, None)
    assert settle(voices, [1], [])[1] is None


IMPORTED = st.lists(
    st.tuples(
        st.sampled_from(["AA", "BB", "import: a.csv", "import: b.csv"]),
        st.sampled_from(["include", "exclude", "unsure"]),
    ),
    min_size=1,
    max_size=6,
)


def of_files(said, first: int = 1) -> list[ReviewerVote]:
    """Votes that each came with a file of its own."""
    return [
        ReviewerVote(id=number, reviewer=who, label=label, import_id=number)
        for number, (who, label) in enumerate(said, first)
    ]


@given(IMPORTED, VOICES.filter(bool))
def test_a_file_never_overrides_a_person(said, voices):
    """What came before a person's decision changes nothing; what comes after may only object."""
    made_here = [replace(vote, id=vote.id + 10, resolves=False) for vote in voices]
    before, after = of_files(said), of_files(said, 20)
    newest = made_here[-1]
    assert settle([*before, *made_here], [1], []) == (newest.id, None)
    label = {**dict(said), newest.reviewer: newest.label}
    unsigned_too = {one for who, one in said if who.startswith("import: ")}
    own = {one for who, one in said if who == newest.reviewer}
    differs = {*label.values(), *unsigned_too} != {newest.label} or bool(
        own and dict(said)[newest.reviewer] != newest.label
    )
    found = settle([*before, *made_here, *after], [1], [])
    assert found == ((None, PendingState.CONFLICT) if differs else (newest.id, None))


@given(IMPORTED, st.randoms())
def test_the_order_of_files_decides_nothing(said, random):
    """Files of different reviewers are in force if they agree, and in conflict if not."""
    said = list({(who if "import" in who else f"{who}{n}", label) for n, (who, label) in
                 enumerate(said)})  # fmt: skip
    random.shuffle(said)
    standing, state = settle(of_files(said), [1], [])
    if len({label for _, label in said}) > 1:
        assert (standing, state) == (None, PendingState.CONFLICT)
    else:
        assert (standing, state) == (len(said), None)


@given(st.permutations(["include", "exclude", "include"]))
def test_one_name_with_two_labels_in_one_file_is_a_conflict(labels):
    """The order of the rows of a file says nothing; a resolution in the file does."""
    votes = [
        ReviewerVote(id=number, reviewer="AA", label=label, import_id=7)
        for number, label in enumerate(labels, 1)
    ]
    assert settle(votes, [1], []) == (None, PendingState.CONFLICT)
    last = ReviewerVote(id=4, reviewer="BB", label="exclude", import_id=7, resolves=True)
    assert settle([*votes, last], [1], []) == (4, None)


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
