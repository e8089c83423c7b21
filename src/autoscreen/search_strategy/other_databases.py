"""Queries for Europe PMC and ClinicalTrials.gov, built from the concepts of a protocol."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice, product

from autoscreen.protocol import Protocol
from autoscreen.search_strategy.from_concepts import searched_concepts
from autoscreen.search_strategy.mesh_tree import mesh_tree

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?\*?")
_MOST = 2
"""Phrases searched for one truncated term."""


def europe_pmc_query(protocol: Protocol) -> str:
    """
    Return a query of titles and abstracts for Europe PMC; empty without concepts.

    The terms of a concept are joined by OR, the concepts by AND. A ``*`` is searched in single
    words only, so the words of a phrase with one are joined by AND.

    Examples
    --------
    >>> from autoscreen.protocol import Concept, Element
    >>> knee = Concept(key="knee", element=Element.POPULATION, label="Knee", required=True,
    ...                terms=("knee pain", "gonalg*"))
    >>> europe_pmc_query(Protocol(name="k", title="K", concepts=(knee,)))
    '(TITLE_ABS:"knee pain" OR TITLE_ABS:gonalg*)'
    """
    blocks = (_block(map(_for_europe_pmc, one.terms)) for one in searched_concepts(protocol))
    return " AND ".join(filter(None, blocks))


def clinicaltrials_query(protocol: Protocol) -> str:
    """
    Return a query for ClinicalTrials.gov; empty without concepts.

    The registry has no truncation, and finds plurals and synonyms by itself. For a word with ``*``
    the words of MeSH that begin with it are searched. A term without such words is left out
    (`unsearched_terms`), and so are terms that another one finds.

    Examples
    --------
    >>> from autoscreen.protocol import Concept, Element
    >>> knee = Concept(key="knee", element=Element.POPULATION, label="Knee", required=True,
    ...                terms=("knee pain", "neuralgia*", "chronic knee pain"))
    >>> clinicaltrials_query(Protocol(name="k", title="K", concepts=(knee,)))
    '("knee pain" OR "neuralgia")'
    """
    blocks = []
    for concept in searched_concepts(protocol):
        phrases = [phrase for term in concept.terms for phrase in _whole_phrases(term)]
        blocks.append(_block(f'"{phrase}"' for phrase in _not_found_by_another(phrases)))
    return " AND ".join(filter(None, blocks))


def unsearched_terms(protocol: Protocol) -> tuple[str, ...]:
    """Return the terms with ``*`` that `clinicaltrials_query` leaves out."""
    terms = (term for one in searched_concepts(protocol) for term in one.terms)
    return tuple(dict.fromkeys(term for term in terms if not _whole_phrases(term)))


def _block(terms: Iterable[str]) -> str:
    kept = list(dict.fromkeys(filter(None, terms)))
    return f"({' OR '.join(kept)})" if kept else ""


def _for_europe_pmc(term: str) -> str:
    if "*" not in term:
        return f'TITLE_ABS:"{term}"'
    fields = [
        f"TITLE_ABS:{word}" if word.endswith("*") else f'TITLE_ABS:"{word}"'
        for word in _WORD.findall(term)
    ]
    return fields[0] if len(fields) == 1 else f"({' AND '.join(fields)})"


def _whole_phrases(term: str) -> list[str]:
    """Return a term with whole words in place of truncated ones; none if MeSH has no such word."""
    if "*" not in term:
        return [term]
    choices = [
        _endings(word[:-1]) if word.endswith("*") else [word] for word in _WORD.findall(term)
    ]
    return [" ".join(words) for words in islice(product(*choices), _MOST)]


def _endings(stem: str) -> list[str]:
    words = mesh_tree().words_with_stem(stem)
    kept = [word for word in words if not _is_plural(word, words)]
    # Names of methods and diseases come before procedures.
    return sorted(kept, key=lambda word: word.endswith(("ed", "ing")))[:_MOST]


def _is_plural(word: str, words: list[str]) -> bool:
    """Return whether a word is the plural of another one, which the registry finds with it."""
    return word.removesuffix("s") in words[: words.index(word)] or (
        word.endswith("ies") and f"{word[:-3]}y" in words
    )


def _not_found_by_another(phrases: list[str]) -> list[str]:
    """Return phrases that contain no other one."""
    spaced = dict.fromkeys(f" {phrase.casefold()} " for phrase in phrases)
    kept = [one for one in spaced if not any(other in one for other in spaced if other != one)]
    written = {f" {phrase.casefold()} ": phrase for phrase in reversed(phrases)}
    return [written[one] for one in kept]
