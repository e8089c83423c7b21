"""Calls EFetch until every available record has been fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autoscreen.http_client.failures import MalformedAnswer
from autoscreen.http_client.http_client import TRIES, Say
from autoscreen.pubmed._answers import (
    HistoryLost,
    UnknownPmids,
    records_in,
    salvaged,
)
from autoscreen.pubmed._search_results import Slice
from autoscreen.pubmed._transport import Transport

PAGE = 200
"""Records fetched with one request."""
_ROUNDS = 2
"""How often a missing record is requested by its PMID."""
_AGAIN = 2
"""After how many damaged responses the missing records are no longer requested."""


class Fetcher:
    """Fetches records."""

    def __init__(self, transport: Transport, *, say: Say) -> None:
        self._transport = transport
        self._say = say

    def page(
        self, asked: Sequence[str], history: Slice | None, start: int
    ) -> tuple[dict[str, str], Slice | None]:
        """Fetch records from the history of a search, and the missing ones by PMID."""
        wanted = set(asked)
        records: dict[str, str] = {}
        again = False
        if history is not None:
            records, history = self._kept(history, start, len(asked))
            records = {pmid: xml for pmid, xml in records.items() if pmid in wanted}
            again = bool(records) or history is not None
        for turn in range(1, _ROUNDS + 1):
            missing = [pmid for pmid in asked if pmid not in records]
            if not missing:
                break
            if again:
                counts = f"{len(missing)} of {len(asked)} records"
                self._say(f"{counts} are missing; they are requested by PMID")
            found = self._records(
                {"id": ",".join(missing)},
                patience=_AGAIN if again else TRIES,
                damaged=turn == _ROUNDS,
            )
            records |= {pmid: xml for pmid, xml in found.items() if pmid in wanted}
            again = True
        return records, history

    def _kept(self, history: Slice, start: int, count: int) -> tuple[dict[str, str], Slice | None]:
        """Fetch from the history of a search; drop it if the server no longer has it."""
        try:
            records = self._records(
                {
                    "WebEnv": history.web_env,
                    "query_key": history.query_key,
                    "retstart": start,
                    "retmax": count,
                }
            )
        except HistoryLost as lost:
            self._say(f"{lost.message}; the records are asked for by PMID")
            return {}, None
        expected = history.ids[start : start + count]
        # Whole pages of other records: its order is not that of the PMIDs.
        strange = len(records) == count and not records.keys() & set(expected)
        return records, None if strange else history

    def _records(
        self, which: Mapping[str, str | int], *, patience: int = TRIES, damaged: bool = False
    ) -> dict[str, str]:
        """Fetch records; of responses that stay damaged keep the complete records."""
        asked = {"db": "pubmed", "retmode": "xml", **which}
        try:
            return self._transport.ask("efetch", records_in, asked, patience=patience)
        except UnknownPmids:
            return {}
        except MalformedAnswer as error:
            if b"<Pubmed" not in error.body:
                raise
            taken = salvaged(error.body, damaged=damaged)
            what = "records" if damaged else "whole records"
            self._say(f"{error.message}; {what} taken from it: {len(taken)}")
            return taken
