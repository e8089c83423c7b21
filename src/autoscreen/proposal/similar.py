"""Finds the protocols of similar reviews."""

from __future__ import annotations

from collections.abc import Iterable

from autoscreen.proposal.spelling import normal
from autoscreen.proposal.stop_words import EMPTY, GENERIC
from autoscreen.protocol import Protocol

_ENOUGH = 0.25


def similar_protocols(title: str, question: str, known: Iterable[Protocol]) -> list[Protocol]:
    """
    Return the protocols that share words with a title and question, the most similar first.

    Examples
    --------
    >>> from autoscreen.protocol import builtin_protocols, load_protocol
    >>> known = [load_protocol(name) for name in builtin_protocols()]
    >>> [one.name for one in similar_protocols("Magnetic stimulation for pain", "", known)]
    ['rms-pnp']
    """
    said = _words(f"{title} {question}")
    scored = [(_share(said, _words(f"{one.title} {one.question}")), one) for one in known]
    near = [pair for pair in scored if pair[0] >= _ENOUGH]
    return [one for _, one in sorted(near, key=lambda pair: (-pair[0], pair[1].name))]


def _words(text: str) -> set[str]:
    return {word for word in normal(text) if word not in EMPTY | GENERIC and len(word) > 1}


def _share(some: set[str], others: set[str]) -> float:
    return len(some & others) / max(1, min(len(some), len(others)))
