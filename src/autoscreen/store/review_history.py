"""The whole log of a review at once: all that its numbers at any date are computed from."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from autoscreen.records import Stage
from autoscreen.store.database import Database, Row
from autoscreen.store.effective_label import Setting, settings
from autoscreen.store.reporting import ElsewhereSearch, OriginKind, Reporting, ScreeningStop

_NOTICE = '%"kind":"notice"%'
"""In the match key of a record whose title says that it corrects or retracts another one."""
_PREFIX = re.compile(
    r"^(?:published |author |publisher )?(?:erratum|errata|corrigend(?:um|a)|corrections?"
    r"|addend(?:um|a)|retraction|retracted|expression of concern)"
    r"(?: note| notice)?(?: to| for| of| on)? "
)
"""The beginning of a folded title that says so."""
_SHORTEST_TITLE = 20
"""Letters of a title that two papers hardly share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedImport:
    """One import, as the flow of records counts it."""

    id: int
    path: str
    format: str
    at: str
    identified: int  # Records of the file that had not come with the same file before
    again: int  # Records that had come before exactly as they are
    lost: int  # Records that could not be read
    addition: bool  # Whether a person added it to a record, so that no search identified it
    database: str  # The database of the search that it came from; empty if it is a file
    search: str  # The kind of that search: ``query``, ``pmids`` or ``citations``; else empty


@dataclass(frozen=True, slots=True)
class LoggedOrigin:
    """What a person said of where an import came from."""

    import_id: int
    kind: OriginKind
    name: str
    at: str
    search: ElsewhereSearch


@dataclass(frozen=True, slots=True)
class LoggedMerge:
    """One merge, with its time and that of its undoing; decision: the newest one before it."""

    kept: int
    absorbed: int
    at: str
    undone_at: str | None
    decision: int


@dataclass(frozen=True, slots=True)
class LoggedDecision:
    """One entry of the history of decisions."""

    id: int
    record: int
    reviewer: str
    label: str | None
    reason: str
    at: str
    import_id: int | None
    withdraws: int | None
    stage: Stage
    resolves: bool


@dataclass(frozen=True, slots=True)
class LoggedLink:
    """What a person said of two records: reports of one study or not, or neither any more."""

    low: int
    high: int
    same: bool | None
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """All rows that the numbers of a report depend on, each list in its order."""

    imports: tuple[LoggedImport, ...]
    origins: tuple[LoggedOrigin, ...]
    sources: tuple[tuple[int, int], ...]  # Each source with its import
    merges: tuple[LoggedMerge, ...]
    decisions: tuple[LoggedDecision, ...]
    settings: dict[Stage, tuple[Setting, ...]]
    stops: tuple[ScreeningStop, ...]
    links: tuple[LoggedLink, ...]
    # Registration numbers and notices, each with a source that names it
    studies: tuple[tuple[str, int], ...]


class ReviewHistory:
    """Reads the log of a review."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def read(self) -> Log:
        """Return the log as it is at one moment."""
        with self._db.reading():
            return self._read()

    def _read(self) -> Log:
        rows = self._db.rows
        return Log(
            imports=self._imports(),
            origins=tuple(
                LoggedOrigin(
                    number,
                    OriginKind(kind),
                    name,
                    at,
                    ElsewhereSearch(platform=platform, searched=day, limits=limits, query=query),
                )
                for number, kind, name, at, platform, day, limits, query in rows(
                    "SELECT import_id, kind, name, at, platform, searched, limits, query"
                    " FROM import_origin ORDER BY id"
                )
            ),
            sources=tuple(rows("SELECT id, import_id FROM source ORDER BY id")),
            merges=tuple(
                LoggedMerge(*row)
                for row in rows(
                    "SELECT kept, absorbed, at, undone_at, decision FROM merge ORDER BY id"
                )
            ),
            decisions=tuple(
                _decision(row)
                for row in rows(
                    "SELECT id, record_id, reviewer, label, reason, at, import_id, withdraws,"
                    " stage, EXISTS (SELECT 1 FROM resolution WHERE decision_id = decision.id)"
                    " FROM decision ORDER BY id"
                )
            ),
            settings={stage: tuple(settings(self._db, stage)) for stage in Stage},
            stops=tuple(Reporting(self._db).stops()),
            links=tuple(
                LoggedLink(low, high, None if same is None else bool(same), at)
                for low, high, same, at in rows(
                    "SELECT low, high, is_same, at FROM study_link ORDER BY id"
                )
            ),
            studies=(
                *rows("SELECT value, source_id FROM identifier WHERE kind = 'study' ORDER BY 1, 2"),
                *self._corrected_titles(),
            ),
        )

    def _corrected_titles(self) -> list[tuple[str, int]]:
        """Return titles that a correction repeats, each with the sources that have it."""
        corrected = [
            (_PREFIX.sub("", title), source)
            for title, source in self._db.rows(
                "SELECT json_extract(key, '$.title'), source_id FROM match_key WHERE key LIKE ?",
                _NOTICE,
            )
        ]
        titles = {title for title, _ in corrected if len(title) >= _SHORTEST_TITLE}
        if not titles:
            return []
        papers = self._db.rows(
            "SELECT json_extract(key, '$.title') AS title, source_id FROM match_key"
            " WHERE title IN (SELECT value FROM json_each(?)) AND key NOT LIKE ?",
            *(json.dumps(sorted(titles)), '%"kind":"%'),
        )
        return sorted(
            (f"notice of {title}", source)
            for title, source in (*corrected, *papers)
            if title in titles
        )

    def stored(self) -> dict[int, tuple[Any, ...]]:
        """
        Return what the file says of each record now, to be compared with the log.

        That is for each stage the number of the decision in force, and why there is none.
        """
        rows = self._db.rows(
            "SELECT id, decision_id, open, full_text_id, full_text_open FROM record"
        )
        return {number: tuple(state) for number, *state in rows}

    def _imports(self) -> tuple[LoggedImport, ...]:
        rows = self._db.rows(
            "SELECT import_run.id, path, format, import_run.finished, starts - already_there,"
            " already_there, lost, addition, coalesce(database, ''), coalesce(kind, '')"
            " FROM import_run"
            " LEFT JOIN (SELECT import_id, min(search_id) AS search FROM search_hit"
            " WHERE import_id IS NOT NULL GROUP BY 1) ON import_id = import_run.id"
            " LEFT JOIN search ON search.id = search ORDER BY import_run.id"
        )
        return tuple(
            LoggedImport(
                id=number,
                path=path,
                format=format,
                at=at,
                identified=identified,
                again=again,
                lost=lost,
                addition=bool(addition),
                database=database,
                search=search,
            )
            for number, path, format, at, identified, again, lost, addition, *of_search in rows
            for database, search in [of_search]
        )


def _decision(row: Row) -> LoggedDecision:
    return LoggedDecision(
        id=row[0],
        record=row[1],
        reviewer=row[2],
        label=row[3],
        reason=row[4],
        at=row[5],
        import_id=row[6],
        withdraws=row[7],
        stage=Stage(row[8]),
        resolves=bool(row[9]),
    )
