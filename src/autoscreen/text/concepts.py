"""spaCy component ``autoscreen_concepts``: the concepts of a protocol in a text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from autoscreen.errors import ConfigError
from autoscreen.protocol import Concept, load_protocol, parse_concepts
from autoscreen.text._spacy import add_extension, covering_span
from autoscreen.text.terms import ConceptMatcher

SPANS_KEY = "autoscreen_concepts"
_FILE = "concepts.json"


class ConceptComponent:
    """Marks the concepts of a protocol."""

    def __init__(self, concepts: Iterable[Concept] | None = None, *, protocol: str = "") -> None:
        self._protocol = protocol
        self._matcher = None if concepts is None else ConceptMatcher(concepts)

    @property
    def matcher(self) -> ConceptMatcher:
        """The matcher that finds the concepts."""
        if self._matcher is None:
            self._matcher = ConceptMatcher(load_protocol(self._protocol).concepts)
        return self._matcher

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``doc.spans["autoscreen_concepts"]``."""
        spans = []
        for hit in self.matcher.find(doc.text):
            span = covering_span(doc, (hit.start, hit.end), label=hit.concept)
            # Where two layers mark one place they share what is under `_`, but not these two.
            span.kb_id_, span.id_ = hit.element, hit.term
            span._.negated, span._.compared = hit.negated, hit.compared
            spans.append(span)
        doc.spans[SPANS_KEY] = spans
        return doc

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Return the concepts as JSON."""
        values = {
            concept.key: {
                "element": concept.element.value,
                "label": concept.label,
                "required": concept.required,
                "against": concept.against,
                "terms": list(concept.terms),
            }
            for concept in self.matcher.concepts
        }
        return json.dumps(values, ensure_ascii=False, indent=1).encode()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> ConceptComponent:
        """Take the concepts that :meth:`to_bytes` wrote."""
        self._matcher = ConceptMatcher(parse_concepts(json.loads(data), origin=_FILE))
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the concepts into a folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _FILE).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> ConceptComponent:
        """Take the concepts from a folder."""
        return self.from_bytes((Path(path) / _FILE).read_bytes())


@Language.factory(
    SPANS_KEY,
    assigns=[
        "doc.spans",
        "span._.element",
        "span._.term",
        "span._.negated",
        "span._.compared",
    ],
    default_config={"concepts": None, "protocol": ""},
)
def make_concepts(
    nlp: Language, name: str, concepts: dict[str, Any] | None, protocol: str
) -> ConceptComponent:
    """
    Return the component that marks the concepts of a protocol.

    It fills ``doc.spans["autoscreen_concepts"]`` with the mentions, labelled by concept.
    ``span._.element`` is the part of the question, ``span._.term`` the term that matched,
    ``span._.negated`` and ``span._.compared`` say whether the clause negates it or names it after
    "versus". Spans of different elements may overlap. It needs no model.
    """
    if bool(protocol) == (concepts is not None):
        raise ConfigError(
            f"{SPANS_KEY} needs either concepts or a protocol",
            hint='for example config={"protocol": "rms-pnp"}',
        )
    add_extension("negated", default=False)
    add_extension("compared", default=False)
    add_extension("element", getter=lambda span: span.kb_id_)
    add_extension("term", getter=lambda span: span.id_)
    given = None if concepts is None else parse_concepts(concepts, origin=name)
    return ConceptComponent(given, protocol=protocol)
