"""Asks PubMed for one record, if this autoscreen can; only when a reader has said so."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from autoscreen.records import Record

__all__ = ["Ask", "pubmed"]

Ask = Callable[[str], Record | None]
"""Gives the record of a PMID; None if PubMed has none."""


def pubmed() -> Ask | None:
    """Give what asks PubMed; None if this autoscreen does not talk to it."""
    return _ask if find_spec("autoscreen.pubmed") else None


def _ask(pmid: str) -> Record | None:
    # Loaded when it is needed: most sittings never ask.
    client = import_module("autoscreen.pubmed").Eutils()
    found: Record | None = next(client.records([pmid]), None)
    return found
