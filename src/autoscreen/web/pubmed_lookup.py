"""Requests one record from PubMed; only when a reader asks for it."""

from __future__ import annotations

from collections.abc import Callable

from autoscreen.pubmed import Eutils, Settings
from autoscreen.records import Record

Ask = Callable[[str, Settings], Record | None]
"""Returns the record of a PMID, asked for with these settings; None if PubMed has none."""


def ask_pubmed(pmid: str, settings: Settings) -> Record | None:
    """Return the record of a PMID as PubMed has it; None if it has none."""
    return next(Eutils(settings).records([pmid]), None)
