"""The terms that are proposed for an idea, each with where it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autoscreen.errors import ConfigError
from autoscreen.proposal.ideas import Idea
from autoscreen.proposal.spelling import spellings
from autoscreen.proposal.stop_words import EMPTY
from autoscreen.proposal.vocabulary import narrower
from autoscreen.protocol import Word, parse_term

_MOST_NARROWER = 60
"""Narrower headings; a broader idea is named by its own terms only."""
_NOT_IN_TERM = re.compile(r"[^\w\s'\u2019-]|_")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedTerm:
    """A proposed term, to accept or reject."""

    text: str  # In the syntax of protocols
    why: str  # Where it comes from
    accepted: bool = True  # False if it is suggested but not preselected


def terms_of(idea: Idea) -> Iterator[ProposedTerm]:
    """Yield the terms of an idea: as it is written, synonyms, and narrower MeSH headings."""
    for written in idea.written:
        yield from _spelled(written, f"in your {idea.places[0]}")
    if idea.entry is None:
        words = idea.written[0].split()
        if len(words) > 2:
            yield from _spelled(
                " ".join(words[-2:]), f"part of \u201c{idea.written[0]}\u201d", accepted=False
            )
        return
    for term in idea.entry.terms:
        yield from _spelled(term, f"synonym of {idea.entry.name}")
    below = [] if is_broad(idea) else narrower(idea.entry)
    for one in below:
        for term in one.terms[: 2 if len(below) <= _MOST_NARROWER // 2 else 1]:
            yield from _spelled(term, f"narrower MeSH heading: {one.name}")


def is_broad(idea: Idea) -> bool:
    """Whether abstracts often name one of very many narrower ideas instead ("psychotherapy")."""
    return idea.entry is not None and len(narrower(idea.entry)) > _MOST_NARROWER


def usable(terms: Iterable[ProposedTerm]) -> list[ProposedTerm]:
    """Return the terms that can match, each once."""
    kept: dict[tuple[Word, ...], ProposedTerm] = {}
    for term in terms:
        try:
            words = parse_term(term.text)
        except ConfigError:
            continue
        if len(words) > 1 or words[0].text not in EMPTY:
            kept.setdefault(words, term)
    return list(kept.values())


def _spelled(text: str, why: str, *, accepted: bool = True) -> Iterator[ProposedTerm]:
    plain = " ".join(_NOT_IN_TERM.sub(" ", text).split())
    if not any(word[1:] != word[1:].lower() for word in plain.split()):  # no abbreviation
        plain = plain.lower()
    for form in spellings(plain) if len(plain) > 1 else ():
        yield ProposedTerm(text=form, why=why, accepted=accepted)
