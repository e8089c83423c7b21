"""spaCy component ``autoscreen_sections``: the labelled sections of an abstract."""

from __future__ import annotations

from collections.abc import Callable

from spacy.language import Language
from spacy.tokens import Doc

from autoscreen.text._abstract_sections import Section, SectionKind, find_sections
from autoscreen.text._spacy import add_extension, covering_span

__all__ = ["SPANS_KEY", "Section", "SectionKind", "find_sections", "make_sections"]

SPANS_KEY = "autoscreen_sections"


@Language.factory(SPANS_KEY, assigns=["doc.spans", "span._.section_label"])
def make_sections(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """
    Return the component that marks the sections of an abstract.

    It fills ``doc.spans["autoscreen_sections"]`` with the sections without their labels; the
    label of a span is its kind (``background``, ``objective``, ``methods``, ``results``,
    ``conclusions``, ``other``) and ``span._.section_label`` is the label as written. A section
    without text has no span. It has no settings and needs no model.
    """
    add_extension("section_label")
    return _mark


def _mark(doc: Doc) -> Doc:
    spans = []
    for section in find_sections(doc.text):
        if section.start < section.end:
            span = covering_span(doc, (section.start, section.end), label=section.kind.value)
            span._.section_label = section.label
            spans.append(span)
    doc.spans[SPANS_KEY] = spans
    return doc
