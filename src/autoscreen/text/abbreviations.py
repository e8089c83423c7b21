"""spaCy component ``autoscreen_abbreviations``: the abbreviations that a text introduces."""

from __future__ import annotations

from collections.abc import Callable

from spacy.language import Language
from spacy.tokens import Doc

from autoscreen.text._match_resolution import places_of_short_form
from autoscreen.text._schwartz_hearst import Abbreviation, find_abbreviations
from autoscreen.text._spacy import add_extension, covering_span

__all__ = ["SPANS_KEY", "Abbreviation", "find_abbreviations", "make_abbreviations"]

SPANS_KEY = "autoscreen_abbreviations"


@Language.factory(SPANS_KEY, assigns=["doc.spans", "span._.long_form"])
def make_abbreviations(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Return the component that marks the abbreviations of a text.

    It fills ``doc.spans["autoscreen_abbreviations"]`` with every place of a short form, labelled by
    the short form; ``span._.long_form`` is its meaning. It has no settings and needs no model.
    """
    add_extension("long_form")
    return _mark


def _mark(doc: Doc) -> Doc:
    spans = []
    for pair in find_abbreviations(doc.text):
        for place in places_of_short_form(doc.text, pair.short):
            span = covering_span(doc, place, label=pair.short)
            span._.long_form = pair.long
            spans.append(span)
    doc.spans[SPANS_KEY] = sorted(spans, key=lambda span: (span.start, span.end, span.label_))
    return doc
