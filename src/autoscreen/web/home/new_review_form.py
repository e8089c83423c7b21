"""The answers of the pages of a new review so far; each form contains all of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from starlette.datastructures import FormData

from autoscreen.errors import ConfigError, InputError
from autoscreen.proposal.criteria import read_criteria
from autoscreen.proposal.draft import draft_protocol
from autoscreen.proposal.propose import ProposedConcept, propose
from autoscreen.proposal.proposed_terms import ProposedTerm
from autoscreen.protocol import (
    USUAL_REASONS,
    Element,
    Protocol,
    Reason,
    parse_protocol,
    parse_term,
    protocol_toml,
)

ADDED = "added by you"
_EMPTY_REASONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReviewForm:
    """The answers, and the concepts proposed from them."""

    name: str = ""
    title: str = ""
    question: str = ""
    criteria: str = ""
    similar: str = ""  # The protocol from which concepts are proposed too
    reasons: tuple[str, ...] = tuple(one.text for one in USUAL_REASONS)
    concepts: tuple[ProposedConcept, ...] = ()
    proposed_from: str = ""  # The texts that the concepts were proposed from

    @property
    def empty(self) -> bool:
        """Whether nothing was answered yet."""
        return not any((self.name, self.title, self.question, self.criteria))

    @property
    def texts(self) -> str:
        """All that concepts are proposed from."""
        return "\n".join((self.title, self.question, self.criteria, self.similar))

    @property
    def concepts_json(self) -> str:
        """The concepts, for a hidden field."""
        return json.dumps([asdict(one) for one in self.concepts])

    @property
    def reason_rows(self) -> list[tuple[int, str]]:
        """The number key and text of each reason, and some empty ones."""
        rows = [*self.reasons, *[""] * _EMPTY_REASONS]
        return list(enumerate(rows[:9], start=1))

    def with_proposals(self, similar: Sequence[Protocol]) -> NewReviewForm:
        """Propose concepts if the texts have changed; earlier removals and additions are kept."""
        if self.proposed_from == self.texts:
            return self
        found = propose(self.title, question=self.question, criteria=self.criteria, similar=similar)
        before = {one.label: one for one in self.concepts}
        kept = [_as_before(one, before.pop(one.label, None)) for one in found]
        kept += [one for one in before.values() if one.why == ADDED]
        return replace(self, concepts=tuple(kept), proposed_from=self.texts)

    def protocol(self) -> Protocol:
        """Return the protocol."""
        if not self.title.strip():
            raise InputError("the review needs a title", hint="its words make the first ranking")
        made = draft_protocol(
            self.title,
            self.concepts,
            question=self.question,
            criteria=read_criteria(self.criteria),
            reasons=tuple(_reasons(self.reasons)),
        )
        return parse_protocol(protocol_toml(made), origin="the new protocol")


def read_new_review(data: FormData) -> NewReviewForm:
    """Return the answers as they were submitted."""
    reasons = [" ".join(str(one).split()) for one in data.getlist("reason")]
    form = NewReviewForm(
        name=_text(data, "name"),
        title=_text(data, "title"),
        question=_text(data, "question"),
        criteria=_text(data, "criteria"),
        similar=_text(data, "similar"),
        proposed_from=_text(data, "proposed_from"),
    )
    if reasons:
        form = replace(form, reasons=tuple(filter(None, reasons)))
    concepts = _concepts(_text(data, "concepts"))
    if "choosing" in data:
        concepts = [*_chosen(concepts, data), *_added(data)]
    return replace(form, concepts=tuple(concepts))


def _text(data: FormData, name: str) -> str:
    value = data.get(name, "")
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


def proposed_concepts(found: Iterable[dict[str, Any]]) -> list[ProposedConcept]:
    """Return concepts that were written as JSON."""
    return [_concept(one) for one in found]


def _concepts(text: str) -> list[ProposedConcept]:
    try:
        return proposed_concepts(json.loads(text or "[]"))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError("the concepts cannot be read", hint="go back to the title") from error


def _concept(found: dict[str, Any]) -> ProposedConcept:
    terms = tuple(
        ProposedTerm(text=str(one["text"]), why=str(one["why"]), accepted=one["accepted"] is True)
        for one in found["terms"]
    )
    return ProposedConcept(
        element=Element(found["element"]),
        label=str(found["label"]),
        terms=terms,
        why=str(found["why"]),
        headings=tuple(map(str, found["headings"])),
        searched=found["searched"] is True,
        required=found["required"] is True,
        against=found["against"] is True,
        accepted=found["accepted"] is True,
    )


def _chosen(concepts: Sequence[ProposedConcept], data: FormData) -> list[ProposedConcept]:
    """Return the concepts as accepted, removed and added on the page."""
    accepted, terms = set(data.getlist("concept")), set(data.getlist("term"))
    chosen = []
    for at, one in enumerate(concepts):
        kept = [
            replace(term, accepted=f"{at}.{place}" in terms) for place, term in enumerate(one.terms)
        ]
        known = {term.text for term in kept}
        kept += [term for term in _new_terms(_text(data, f"more-{at}")) if term.text not in known]
        role = _text(data, f"role-{at}")
        chosen.append(
            replace(
                one,
                terms=tuple(kept),
                accepted=str(at) in accepted,
                required=role == "required",
                against=role == "against",
            )
        )
    return chosen


def _added(data: FormData) -> list[ProposedConcept]:
    label, terms = " ".join(_text(data, "new-label").split()), _new_terms(_text(data, "new-terms"))
    if not label and not terms:
        return []
    if not terms:
        terms = _new_terms(label)
    element = _text(data, "new-element")
    return [
        ProposedConcept(
            element=Element(element) if element in tuple(Element) else Element.OTHER,
            label=label or terms[0].text,
            terms=tuple(terms),
            why=ADDED,
        )
    ]


def _new_terms(text: str) -> list[ProposedTerm]:
    terms = [one.strip() for line in text.split("\n") for one in line.split(",")]
    try:
        for term in filter(None, terms):
            parse_term(term)
    except ConfigError as error:
        raise InputError(error.message, hint=error.hint) from None
    return [ProposedTerm(text=term, why=ADDED) for term in dict.fromkeys(filter(None, terms))]


def _as_before(found: ProposedConcept, before: ProposedConcept | None) -> ProposedConcept:
    if before is None:
        return found
    said = {term.text: term for term in before.terms}
    terms = [said.get(term.text, term) for term in found.terms]
    terms += [term for term in before.terms if term.why == ADDED and term not in terms]
    return replace(
        found,
        terms=tuple(terms),
        accepted=before.accepted,
        required=before.required,
        against=before.against,
    )


def _reasons(texts: Sequence[str]) -> list[Reason]:
    """Return the reasons; a usual one keeps its code."""
    usual = {one.text: one.code for one in USUAL_REASONS}
    numbered = enumerate(dict.fromkeys(texts), start=1)
    return [
        Reason(code=usual.get(text, f"REASON_{number}"), key=str(number), text=text)
        for number, text in numbered
    ]
