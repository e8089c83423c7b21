"""Texts are cut at their highlights, and nothing of them is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from autoscreen.presentation.marked_text import Segment, paragraphs, segments
from autoscreen.review.word_evidence import WordEvidence
from autoscreen.text.highlights import Highlight

TEXTS = st.text("abc rTMS.:\u0130\n<>&", max_size=60)


def _concept(start: int, end: int, element: str = "population", **more: object) -> Highlight:
    values = {
        "field": "abstract",
        "start": start,
        "end": end,
        "element": element,
        "term": "t",
        "negated": False,
        "concept": "k",
        "against": False,
    }
    return Highlight(**values | more)  # type: ignore[arg-type]


def _moved(start: int, end: int, value: float) -> WordEvidence:
    return WordEvidence(field="abstract", start=start, end=end, value=value)


def _shown(found: list[Segment]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    return [(p.text, p.element, [(text, kind) for text, kind in p.parts]) for p in found]


def test_two_layers_lie_over_each_other() -> None:
    """A mention stays in one piece, with the words that moved the record marked inside."""
    found = segments(
        "old facial pain now", "abstract", [_concept(4, 15)], [_moved(11, 15, 2.0)], 2.0
    )
    assert _shown(found) == [
        ("old ", "", [("old ", "")]),
        ("facial pain", "population", [("facial ", ""), ("pain", "up3")]),
        (" now", "", [(" now", "")]),
    ]


def test_what_speaks_for_exclusion_has_its_own_colour() -> None:
    """A cue for exclusion is shown as such, whatever its element, and negations are marked."""
    (piece,) = segments("rats", "abstract", [_concept(0, 4, against=True, negated=True)])
    assert (piece.element, piece.negated) == ("against", True)


def test_where_mentions_overlap_the_longer_one_is_shown() -> None:
    """Two mentions of one stretch do not cut each other up."""
    found = segments("nerve pain", "abstract", [_concept(0, 5, "outcome"), _concept(0, 10)])
    assert _shown(found) == [("nerve pain", "population", [("nerve pain", "")])]


def test_words_that_hardly_moved_the_record_are_not_marked() -> None:
    """Strength is shown in three steps of the strongest word, and below the first not at all."""
    moved = [_moved(0, 1, 0.2), _moved(1, 2, -0.4), _moved(2, 3, 0.5), _moved(3, 4, -1.0)]
    (piece,) = segments("abcd", "abstract", [], moved)
    assert [part.evidence for part in piece.parts] == ["", "down1", "up2", "down3"]


def test_sections_stand_under_their_labels() -> None:
    """A structured abstract becomes paragraphs; what comes before the first label is one too."""
    text = "First. METHODS: We looked. RESULTS: We saw rTMS."
    at = text.index("rTMS")
    found = paragraphs(text, [_concept(at, at + 4, "intervention")])
    shown = [(p.label, "".join(piece.text for piece in p.segments).strip()) for p in found]
    assert shown == [("", "First."), ("METHODS", "We looked."), ("RESULTS", "We saw rTMS.")]
    assert [piece.element for piece in found[2].segments] == ["", "intervention", ""]


def test_an_abstract_without_labels_is_one_paragraph() -> None:
    """Nothing is made up where nothing is labelled, and no abstract gives no paragraph."""
    assert [p.label for p in paragraphs("We saw.", [])] == [""]
    assert paragraphs("", []) == []


@given(
    TEXTS,
    st.lists(st.tuples(st.integers(0, 59), st.integers(1, 20)), max_size=6),
    st.lists(st.tuples(st.integers(0, 59), st.integers(1, 9), st.floats(-1, 1)), max_size=6),
)
def test_no_letter_is_lost_or_doubled(
    text: str, mentions: list[tuple[int, int]], words: list[tuple[int, int, float]]
) -> None:
    """Whatever is highlighted, the pieces together are the text."""
    size = len(text)
    concepts = [_concept(at, min(size, at + n)) for at, n in mentions if at < size]
    moved, done = [], 0
    for at, n, value in sorted(words):
        if done <= at < size:
            done = min(size, at + n)
            moved.append(_moved(at, done, value))
    found = segments(text, "abstract", concepts, moved)
    assert "".join(piece.text for piece in found) == text


def test_direction_marks_are_removed() -> None:
    """A title could otherwise say one thing and show another."""
    title = "Coils \u202efor niap\u202c \u2066x\u2069"
    assert segments(title, "title", [])[0].text == "Coils for niap x"


def test_headings_are_kept_as_written() -> None:
    """Headings and text together are the abstract."""
    text = "First words. Methods: We gave rTMS. RESULTS - Pain fell."
    found = paragraphs(text, [])
    assert [part.heading for part in found] == ["", "Methods:", "RESULTS -"]
    joined = "".join(p.heading + "".join(s.text for s in p.segments) for p in found)
    assert "".join(joined.split()) == "".join(text.split())
