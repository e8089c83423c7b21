"""Asks PubMed for one record; only when a reader has said so."""

from __future__ import annotations

from collections.abc import Callable

from autoscreen.records import Record

Ask = Callable[[str], Record | None]
"""Returns the record of a PMID; None if PubMed has none."""


def ask_pubmed(pmid: str) -> Record | None:
    """Return the record of a PMID as PubMed has it; None if it has none."""
    # Loaded when it is needed: most screening never ask.
    from autoscreen.pubmed import Eutils  # noqa: PLC0415

    return next(Eutils().records([pmid]), None)
