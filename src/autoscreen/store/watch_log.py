"""The log of the watch: runs, findings, announcements, and unsent mail."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from itertools import groupby

from autoscreen.records import Label, Record
from autoscreen.store.database import Database, Row
from autoscreen.store.pool import stored
from autoscreen.store.record_codec import verified
from autoscreen.store.record_identity import find_record
from autoscreen.store.search_log import NewSearch
from autoscreen.store.stored_values import StoredRecord
from autoscreen.store.watch_values import Announced, Finding, Message, WatchRun

_RUN = (
    "SELECT watch_run.id, source, query, since, until, base, decision, started, ok, whole,"
    " detail, at"
    " FROM watch_run LEFT JOIN watch_end ON run_id = id"
)
_FINDING = (
    "SELECT finding.id, kind, subject, key, detail, base, finding_id IS NOT NULL FROM finding"
    " JOIN watch_run ON watch_run.id = finding.run_id"
    " LEFT JOIN announcement ON finding_id = finding.id ORDER BY finding.id"
)
_NEW = (
    "SELECT DISTINCT source.record_id FROM finding"
    " JOIN watch_run ON watch_run.id = finding.run_id"
    " JOIN identifier ON identifier.kind = 'pmid' AND value = subject"
    " JOIN source ON source.id = source_id"
    " JOIN record ON record.id = source.record_id"
    " WHERE finding.kind = 'new' AND decision_id IS NULL AND record.id > base"
)


class Watches:
    """The watch of a review."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def time(self) -> str:
        """Return the time now, as it is stored."""
        return self._db.time()

    def writing(self) -> AbstractContextManager[None]:
        """Do all that is written inside the block as a whole or not at all."""
        return self._db.writing()

    def runs(self) -> list[WatchRun]:
        """Return all runs, oldest first."""
        return [_run(row) for row in self._db.rows(f"{_RUN} ORDER BY id")]

    def begin(self, *, source: str, query: str, since: str, until: str) -> WatchRun:
        """Note that a run begins, and what it asks for."""
        with self._db.writing():
            number = self._db.run(
                "INSERT INTO watch_run (source, query, since, until, base, decision, started)"
                " VALUES (?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM source),"
                " (SELECT coalesce(max(id), 0) FROM decision), ?)",
                *(source, query, since, until, self._db.time()),
            )
        return _run(self._db.rows(f"{_RUN} WHERE id = ?", number)[0])

    def end(self, run: int, *, ok: bool, whole: bool, detail: str) -> None:
        """Note that a run is over."""
        with self._db.writing():
            self._db.run(
                "INSERT INTO watch_end VALUES (?, ?, ?, ?, ?)",
                *(run, ok, ok and whole, detail, self._db.time()),
            )

    def searched(self, run: int, search: NewSearch) -> None:
        """Log what a run asked a database, and what that made of it."""
        with self._db.writing():
            self._db.run(
                "INSERT INTO watch_search VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                *(run, search.date_type, search.platform, search.query, search.translation),
                *(json.dumps(list(search.warnings), ensure_ascii=False), search.found),
                search.started,
            )

    def note(self, run: int, found: Iterable[tuple[str, str, str, str]]) -> None:
        """Note news, unless it was noted before."""
        at = self._db.time()
        with self._db.writing():
            self._db.run_many(
                "INSERT OR IGNORE INTO finding (run_id, kind, subject, key, detail, at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [(run, *one, at) for one in found],
            )

    def note_imported(self) -> None:
        """
        Note as new what searches of the watch in other databases than PubMed imported.

        Also what a run imported that was then interrupted.
        """
        with self._db.writing():
            self._db.run(
                "INSERT OR IGNORE INTO finding (run_id, kind, subject, key, detail, at)"
                " SELECT (SELECT max(id) FROM watch_run WHERE base < record.id), 'new',"
                " coalesce(pmid, 'r' || record.id), '', '', ?"
                " FROM search JOIN search_hit ON search_id = search.id"
                " JOIN source ON source.import_id = search_hit.import_id"
                " JOIN record ON record.id = source.id"
                " WHERE search.kind = 'watch' GROUP BY record.id ORDER BY record.id",
                self._db.time(),
            )

    def findings(self, kinds: Sequence[str]) -> list[Finding]:
        """Return all findings of some kinds, announced or not, oldest first."""
        return [one for one in self._findings() if one.kind in kinds]

    def waiting(self) -> list[Finding]:
        """Return the findings not yet announced, oldest first."""
        return [one for one in self._findings() if not one.announced]

    def announce(self, run: int, announced: Iterable[Announced]) -> None:
        """Note what is announced in the digest of a run."""
        with self._db.writing():
            self._db.run_many(
                "INSERT INTO announcement (run_id, finding_id, alert, score, in_query)"
                " VALUES (?, ?, ?, ?, ?)",
                [(run, *one) for one in announced],
            )

    def compared_with_query(self) -> list[tuple[int, str, int, int]]:
        """Return of each run its number, day, new records compared, and those the query misses."""
        rows = self._db.rows(
            "SELECT watch_run.id, substr(started, 1, 10), count(in_query), sum(in_query = 0)"
            " FROM announcement JOIN watch_run ON run_id = watch_run.id"
            " WHERE in_query IS NOT NULL GROUP BY 1 ORDER BY 1"
        )
        return [(run, day, compared, missed) for run, day, compared, missed in rows]

    def missed_by_query(self) -> list[StoredRecord]:
        """Return the new records that the PubMed query would not have found, oldest first."""
        rows = self._db.rows(
            "SELECT subject FROM announcement JOIN finding ON finding_id = finding.id"
            " WHERE in_query = 0 ORDER BY finding.id"
        )
        found = (self.about(subject) for (subject,) in rows)
        return [one for one in found if one is not None]

    def announced_by_run(self) -> dict[int, int]:
        """Count the findings announced by each run; a run without any is left out."""
        return dict(self._db.rows("SELECT run_id, count(*) FROM announcement GROUP BY 1"))

    def will_write(self, run: int, paths: Iterable[str]) -> None:
        """Note files before a run writes them."""
        with self._db.writing():
            self._db.run_many(
                "INSERT OR IGNORE INTO watch_digest VALUES (?, ?)", [(run, path) for path in paths]
            )

    def unannounced_files(self) -> list[str]:
        """Return the files that only runs that were not completed may have written."""
        rows = self._db.rows(
            "SELECT DISTINCT path FROM watch_digest AS one WHERE path NOT IN (SELECT path"
            " FROM watch_digest JOIN watch_end USING (run_id) WHERE ok) ORDER BY path"
        )
        return [path for (path,) in rows]

    def queue(self, run: int, recipients: Sequence[str], content: bytes) -> None:
        """Keep a message until it is sent."""
        with self._db.writing():
            self._db.run(
                "INSERT INTO watch_mail (run_id, recipients, message) VALUES (?, ?, ?)",
                *(run, json.dumps(list(recipients)), content),
            )

    def unsent(self) -> list[Message]:
        """Return the messages that wait, oldest first."""
        rows = self._db.rows(
            "SELECT id, run_id, recipients, message FROM watch_mail"
            " WHERE id NOT IN (SELECT mail_id FROM watch_mail_sent) ORDER BY id"
        )
        return [
            Message(id=number, run=run, recipients=tuple(json.loads(names)), content=content)
            for number, run, names, content in rows
        ]

    def sent(self, message: int) -> None:
        """Note that a message was sent."""
        with self._db.writing():
            self._db.run("INSERT INTO watch_mail_sent VALUES (?, ?)", message, self._db.time())

    def read_files(self) -> set[tuple[str, str]]:
        """Return name and MD5 of the update files that were read to the end."""
        return {(name, md5) for name, md5 in self._db.rows("SELECT name, md5 FROM watch_file")}

    def file_read(self, run: int, name: str, md5: str) -> None:
        """Note that an update file was read to the end."""
        with self._db.writing():
            self._db.run("INSERT OR IGNORE INTO watch_file VALUES (?, ?, ?)", name, md5, run)

    def new_records(self) -> set[int]:
        """Return the records that the watch imported and nobody has labelled yet."""
        return {number for (number,) in self._db.rows(_NEW)}

    def known(self, pmids: Iterable[str]) -> dict[str, list[Record]]:
        """Return what each source said under these PMIDs, oldest first, for those that are here."""
        rows = self._db.rows(
            "SELECT identifier.value, content, raw_format, checksum, source_id FROM identifier"
            " JOIN source_text USING (source_id) WHERE kind = 'pmid'"
            " AND identifier.value IN (SELECT value FROM json_each(?)) ORDER BY source_id",
            json.dumps(list(pmids)),
        )
        found: dict[str, list[Record]] = {}
        for pmid, content, name, checksum, number in rows:
            record = verified(content, checksum, number, raw_format=name)
            found.setdefault(pmid, []).append(record)
        return found

    def known_pmids(self, pmids: Iterable[str]) -> set[str]:
        """Return those of some PMIDs that records of the review have."""
        rows = self._db.rows(
            "SELECT DISTINCT value FROM identifier WHERE kind = 'pmid'"
            " AND value IN (SELECT value FROM json_each(?))",
            json.dumps(list(pmids)),
        )
        return {pmid for (pmid,) in rows}

    def included(self) -> list[tuple[int, list[Record]]]:
        """Return each included record with what each of its sources said, oldest first."""
        rows = self._db.rows(
            "SELECT record.id, content, raw_format, checksum FROM record"
            " JOIN decision ON decision.id = record.decision_id"
            " JOIN source ON source.record_id = record.id"
            " JOIN source_text ON source_id = source.id"
            " WHERE label = ? ORDER BY decision.id, source.id",
            Label.INCLUDE,
        )
        return [
            (number, [verified(text, crc, number, raw_format=name) for _, text, name, crc in some])
            for number, some in groupby(rows, key=lambda row: row[0])
        ]

    def retracting(self) -> list[Record]:
        """Return the records of the review that may be notices about others."""
        rows = self._db.rows(
            "SELECT content, checksum, id FROM screened WHERE content LIKE '%\"retraction\"%'"
        )
        return [verified(*row) for row in rows]

    def labels_since(self, decision: int) -> int:
        """Count the decisions made after one of them."""
        sql = (
            "SELECT count(*) FROM decision WHERE id > ? AND label IS NOT NULL"
            " AND stage = 'title-abstract'"
        )
        return int(self._db.value(sql, decision))

    def last_search(self, query: str) -> str:
        """
        Return the day from which the review may lack records, ISO 8601; empty if unknown.

        It is the day up to which the newest search for the same looked, or else that of the newest
        import; if the records that came with files know when they were entered, it is no later
        than the newest of these days: an export may be older than its import.
        """
        searched = self._db.value(
            "SELECT max(CASE until WHEN '' THEN substr(started, 1, 10)"
            " ELSE min(until, substr(started, 1, 10)) END) FROM search"
            " WHERE kind = 'query' AND status IN ('done', 'incomplete') AND query = ?",
            query,
        )
        if searched:
            return str(searched)
        imported, entered = self._db.rows(
            "SELECT (SELECT max(started) FROM import_run),"
            " (SELECT max(json_extract(content, '$.entered')) FROM source_text)"
        )[0]
        return min(filter(None, (str(imported or "")[:10], str(entered or "")[:10])), default="")

    def begun(self, query: str) -> str:
        """
        Return the day of entry before which nothing was ever looked for; empty if there is none.

        There is none if the review had records before it was first watched, or if a search for
        the same had no first day.
        """
        row = self._db.row("SELECT base FROM watch_run WHERE since <> '' ORDER BY id")
        whole = self._db.row(
            "SELECT 1 FROM search WHERE kind = 'query' AND status IN ('done', 'incomplete')"
            " AND since = '' AND query = ?",
            query,
        )
        if row is None or row[0] or whole:
            return ""
        return str(self._db.value("SELECT min(since) FROM watch_run WHERE since <> ''"))

    def review_key(self) -> str:
        """Return what identifies this review and never changes."""
        rows = self._db.rows("SELECT value FROM meta WHERE key IN ('name', 'created') ORDER BY key")
        return " ".join(value for (value,) in rows)

    def about(self, subject: str) -> StoredRecord | None:
        """Return the record with this id or PMID, the first if several have it; None if none."""
        if subject.startswith("r"):
            return stored(self._db, find_record(self._db, subject))
        row = self._db.row(
            "SELECT source.record_id FROM identifier JOIN source ON source.id = source_id"
            " WHERE kind = 'pmid' AND value = ? ORDER BY 1",
            subject,
        )
        return None if row is None else stored(self._db, row[0])

    def _findings(self) -> list[Finding]:
        return [
            Finding(
                id=number,
                kind=kind,
                subject=subject,
                key=key,
                detail=detail,
                base=base,
                announced=bool(announced),
            )
            for number, kind, subject, key, detail, base, announced in self._db.rows(_FINDING)
        ]


def _run(row: Row) -> WatchRun:
    number, source, query, since, until, base, decision, started, ok, whole, detail, ended = row
    return WatchRun(
        id=number,
        source=source,
        query=query,
        since=since,
        until=until,
        base=base,
        decision=decision,
        started=started,
        ok=None if ok is None else bool(ok),
        whole=bool(whole),
        detail=detail or "",
        ended=ended or "",
    )
