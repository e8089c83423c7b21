"""The meaning of table columns, by the names that databases and tools use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from autoscreen.formats import _clean, wos
from autoscreen.formats._author_names import family_first, people, python_list
from autoscreen.formats._clean import plain, unique
from autoscreen.formats._column_names import (
    GIVEN_FIRST,
    NAMES,
    READ_AS,
    SEVERAL,
    SOURCE_IS_JOURNAL,
    normal,
)
from autoscreen.formats._decision_columns import DecisionColumns
from autoscreen.formats._decision_notes import Notes, read_notes, restored
from autoscreen.formats._final_checks import no_identifier
from autoscreen.formats._publication_notices import implied_notices
from autoscreen.formats._shared_values import (
    EMBASE_SOURCE,
    abstract,
    issns,
    links,
    page_range,
)
from autoscreen.formats._source import TableColumns
from autoscreen.records import Notice, NoticeKind, Record, Stage

_DESCRIBING = ("title", "abstract", "pmid", "doi")
_MISSING = frozenset({"NA", "N/A", "#N/A", "nan", "NaN", "NULL", "null", "None"})
_LONGEST_MISSING = max(map(len, _MISSING))
_COMMA = re.compile(r",(?![^()]*\))")  # but not in "cyst (diagnosis, surgery)"
_WHOLE = re.compile(r"(\d+)\.0")
_LONGEST_NAME = 300
_OF_ASREVIEW = ("asreview label", "included", "label included", "final included")  # -1: not yet
_DATE = re.compile(r"(\d{4})[/-](\d\d?)[/-](\d\d?)")
_PUBMED_CITATION = re.compile(r";([^\s;:()]+)?(?:\(([^()]+)\))?:([\w-]+(?:, ?[\w-]+)*)")
_ACCESSION = re.compile(r"[A-Z]{2,}:\S+")  # WOS:000..., in a column for PMIDs
_EXTRA_PMID = re.compile(r"\bPMID: ?(\d{1,8})\b")
_RUN_TOGETHER = re.compile(r"(?<=[a-zß-öø-ÿ.])(?<!Mc)(?<!Mac)(?<!De)(?<!Di)(?<!La)(?<!Le)(?=[A-Z])")


def label_columns(header: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of a table that decisions are read from."""
    decisions = Columns(header).decisions
    votes = [vote.at for vote in decisions.votes]
    return tuple(header[at] for at in decisions.title_abstract or decisions.full_text or votes)


class Columns:
    """The columns of one table."""

    def __init__(
        self, header: Sequence[str], *, unguard: Callable[[str], str] | None = None
    ) -> None:
        # Text without line ends is no name; looking for words in it would take minutes.
        short = [name if len(name) <= _LONGEST_NAME else "" for name in header]
        names = [normal(name) for name in short]
        self.names = tuple(header)
        self.width = len(header)
        self._at = {meaning: _places(names, given) for meaning, given in NAMES.items()}
        self._all = {meaning: _places(names, given) for meaning, given in SEVERAL.items()}
        if not SOURCE_IS_JOURNAL.isdisjoint(names):
            self._at["journal"] += self._at["cited_as"]
        if "abstrackr id" in names:  # whose 0 is "maybe" and whose -1 is "exclude"
            self._at["label"] = ()
        self.decisions = DecisionColumns(names, self._at["label"], short)
        self.unread: list[tuple[str, str]] = []
        """Cells of decisions that were not understood, since the caller emptied it."""
        self._labels_chosen = False
        self._unguard = unguard if self._at["own"] else None
        self._run_together = "item doi" in names  # Springer joins authors without a separator
        # Scopus gives rows a second "Funding Text" when they have one, and the header does not.
        self._slack = names.index("funding text 1") + 1 if "funding text 1" in names else 0
        self._given_first = not GIVEN_FIRST.isdisjoint(names)
        # The tab-delimited files of Web of Science have the tags of its other format for names.
        self._tags = list(header) if names[:1] == ["pt"] and {"ti", "au"} <= set(names) else None

    @property
    def known(self) -> bool:
        """Return whether any column holds what identifies or describes a record."""
        return any(self._at[meaning] for meaning in _DESCRIBING)

    @property
    def count(self) -> int:
        """How many columns have a meaning."""
        return len(self._used())

    @property
    def quoted(self) -> bool:
        """Return whether quotation marks may enclose a cell, which Web of Science does not do."""
        return self._tags is None

    @property
    def summary(self) -> TableColumns:
        """What is read from which columns, and which look like decisions and are not read."""
        used = self._used()
        votes = [vote.at for vote in self.decisions.votes]
        decisions = [*votes, *self.decisions.title_abstract[:1]]
        return TableColumns(
            all=self.names,
            read=tuple((self.names[n], READ_AS.get(used[n], used[n])) for n in sorted(used)),
            decisions=", ".join(self.names[at] for at in decisions),
            unused=tuple(self.names[at] for at in self.decisions.unused),
        )

    def _used(self) -> dict[int, str]:
        decisions = {
            "label": self.decisions.title_abstract,
            "full-text decision": self.decisions.full_text,
        }
        known = {**self._at, **self._all, **decisions}
        used = {n: meaning.replace("_", " ") for meaning, places in known.items() for n in places}
        for vote in self.decisions.votes:
            stage = "full-text " * (vote.stage is Stage.FULL_TEXT)
            used[vote.at] = f"{stage}vote of {vote.reviewer}"
            used |= {vote.names: "reviewer"} if vote.names is not None else {}
        return used

    def take_labels_from(self, name: str) -> bool:
        """Take labels from this column and nowhere else; False if there is none of that name."""
        at = tuple(n for n, given in enumerate(self.names) if normal(given) == normal(name))
        self.decisions.choose(at)
        self._labels_chosen = True
        return bool(at)

    def aligned(self, cells: Sequence[str]) -> Sequence[str]:
        """Return the cells of a row, each below its name."""
        extra = len(cells) - self.width
        if extra > 0 and self._slack and cells[-1].startswith("2-s2.0-"):
            return [*cells[: self._slack], *cells[self._slack + extra :]]
        return cells

    def record(self, cells: Sequence[str], raw: str, raw_format: str) -> Record:
        """Make a record of one row."""
        if self._tags is not None:
            fields = {t: [c] for t, c in zip(self._tags, cells, strict=False) if c.strip()}
            return wos.record_of(fields, raw, raw_format)
        row = _Row(self._at, self._all, [*map(self._unguard, cells)] if self._unguard else cells)
        authors = row.authors(run_together=self._run_together, given_first=self._given_first)
        notes = row.notes()
        if notes.complete and not self._labels_chosen:
            return row.record(raw, raw_format, authors, notes)
        texts = row.decision_texts()
        verdicts = self.decisions.verdicts(row.cells, notes, texts, self._not_read)
        if texts["reason"] and not verdicts:
            self._not_read(self._at["reason"][0], texts["reason"])
        if self._labels_chosen:
            notes = replace(notes, verdicts=())
        record = row.record(raw, raw_format, authors, replace(notes, reasons=()))
        return replace(
            record, verdicts=(*record.verdicts, *(v for v in verdicts if v not in record.verdicts))
        )

    def no_identifiers(self, record: Record, cells: Sequence[str]) -> Iterator[str]:
        """Yield what is in the columns for PMIDs and DOIs of a record that has none."""
        for name, found in (("pmid", record.pmid), ("doi", record.doi)):
            given = [cells[at].strip() for at in self._at[name][:1] if at < len(cells)]
            if not found and given and given[0] != record.accession:
                yield from no_identifier(name, given[0])

    def _not_read(self, at: int, value: str) -> None:
        name = self.names[at]
        if normal(name) not in _OF_ASREVIEW or value.removesuffix(".0") != "-1":
            self.unread.append((name, value))


def _places(names: Sequence[str], wanted: Sequence[str]) -> tuple[int, ...]:
    return tuple(n for name in wanted for n, given in enumerate(names) if given == name)


class _Row:
    """One row, asked for its values by their meaning."""

    def __init__(
        self,
        at: Mapping[str, tuple[int, ...]],
        several: Mapping[str, tuple[int, ...]],
        cells: Sequence[str],
    ) -> None:
        self._at = at
        self._several = several
        self.cells = cells

    def raw(self, meaning: str) -> str:
        """Return the first cell with that meaning that is not empty, as it is."""
        for place in self._at[meaning]:
            if place < len(self.cells):
                cell = self.cells[place].strip()
                if cell and (len(cell) > _LONGEST_MISSING or cell not in _MISSING):
                    return _without_returns(cell) if meaning != "own" else cell
        return ""

    def text(self, meaning: str) -> str:
        cell = self.raw(meaning)
        return plain(cell) if cell else ""

    def number(self, meaning: str) -> str:
        """Return a text, without the decimals that programs add to whole numbers."""
        text = self.text(meaning)
        match = _WHOLE.fullmatch(text) if text.endswith(".0") else None
        return match[1] if match else text

    def every(self, meaning: str) -> tuple[str, ...]:
        """Return the parts of all lists with that meaning."""
        parts = [part for cell in self._cells_of(meaning) for part in _list(cell)]
        return unique(map(plain, parts)) if parts else ()

    def _cells_of(self, meaning: str) -> list[str]:
        cells = (self.cells[n].strip() for n in self._several[meaning] if n < len(self.cells))
        return [_without_returns(cell) for cell in cells if cell and cell not in _MISSING]

    def authors(self, *, run_together: bool, given_first: bool) -> tuple[str, ...]:
        cell = self.raw("authors")
        if run_together and ";" not in cell:
            cell = _RUN_TOGETHER.sub(";", cell)
        names = people(cell)
        return tuple(map(family_first, names)) if given_first else names

    def record(self, raw: str, raw_format: str, authors: tuple[str, ...], notes: Notes) -> Record:
        pmid = _clean.pmid(self.raw("pmid")) or self._pmid_elsewhere()
        title, types = self.text("title"), self._list("publication_types")
        journal, year, volume, issue, pages = self._where()
        accession, key = self._keys()
        record = Record(
            title=title,
            abstract=abstract([self.raw("abstract")]) or self._of_trial(title),
            authors=authors,
            year=year,
            journal=journal,
            volume=volume,
            issue=issue,
            pages=pages,
            publisher=self.text("publisher"),
            pmid=pmid,
            pmcid=_clean.pmcid(self.raw("pmcid")),
            doi=_clean.doi(self.raw("doi")),
            accession=accession if accession != pmid else "",
            mesh=self.every("mesh"),
            keywords=self.every("keywords"),
            publication_types=types,
            languages=self._list("languages"),
            urls=links(self._cells_of("urls"), pmid),
            issns=issns(self.every("issns")),
            record_type=self.text("record_type"),
            entered=self._entered(),
            notices=self._notices(title, types),
            tags=self._list("tags"),
            source_key=key,
            raw=raw,
            raw_format=raw_format,
        )
        return restored(record, notes) if notes != Notes() else record

    def _of_trial(self, title: str) -> str:
        """Return what a registry says of a trial, which ranking reads in place of an abstract."""
        scientific, outcome = self.text("scientific"), self.text("outcome")
        parts = [
            scientific if scientific != title else "",
            outcome and f"Primary outcome: {outcome}",
        ]
        return ". ".join(part.removesuffix(".") for part in parts if part)

    def notes(self) -> Notes:
        values = [value for meaning in ("note", "own") if (value := self.raw(meaning))]
        return read_notes(values) if values else Notes()

    def _list(self, meaning: str) -> tuple[str, ...]:
        cell = self.raw(meaning)
        return unique(map(plain, _list(cell))) if cell else ()

    def _keys(self) -> tuple[str, str]:
        key = self.text("source_key")
        accession = self.text("accession")
        if not accession and key.startswith("https://openalex.org/"):
            accession = key
        if not accession and _ACCESSION.fullmatch(other := self.raw("pmid")):
            accession = other
        return accession.removeprefix("https://openalex.org/"), key

    def _where(self) -> tuple[str, int | None, str, str, str]:
        """Return journal, year, volume, issue and pages, out of the citation if there is one."""
        pages = self.number("pages") or page_range(self.number("start"), self.number("end"))
        pages = pages or self.number("article")
        journal, year = self.text("journal"), _clean.year(self.raw("year"))
        volume, issue = self.number("volume"), self.number("issue")
        cited = self.text("cited_as") if self._at["cited_as"] and not (volume and journal) else ""
        if match := EMBASE_SOURCE.match(cited):
            found = [part or "" for part in match.groups()]
            journal, year = journal or found[0], year or int(found[1])
            volume, issue, pages = volume or found[2], issue or found[3], pages or found[4]
        elif match := _PUBMED_CITATION.search(cited):
            found = [part or "" for part in match.groups()]
            volume, issue, pages = volume or found[0], issue or found[1], pages or found[2]
        return journal, year, volume, issue, pages

    def _pmid_elsewhere(self) -> str | None:
        match = _EXTRA_PMID.search(self.raw("extra")) if self._at["extra"] else None
        return _clean.pmid(match[1]) if match else None

    def _entered(self) -> str:
        cell = self.raw("entered")
        match = _DATE.match(cell) if cell else None
        return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else ""

    def _notices(self, title: str, types: tuple[str, ...]) -> tuple[Notice, ...]:
        value = self.raw("retracted").lower() if self._at["retracted"] else ""
        given = (Notice(kind=NoticeKind.RETRACTED),) if value in ("true", "1", "retraction") else ()
        return given + implied_notices(title, types, given)

    def decision_texts(self) -> dict[str, str]:
        """Return what stands beside a decision."""
        return {name: self.text(name) for name in ("reason", "reviewer", "label_note")}


def _without_returns(cell: str) -> str:
    """Drop what Excel's files have for a carriage return and some programs leave in the text."""
    return cell.replace("_x000D_", "") if "_x000D_" in cell else cell


def _list(cell: str) -> list[str]:
    """Part a cell that holds a list, however it is separated."""
    if (values := python_list(cell)) is not None:
        return values
    for separator in (";", "|", "\n"):
        if separator in cell:
            return cell.split(separator)
    # A single comma may be within a heading, as in "Pain, Postoperative".
    return _COMMA.split(cell) if cell.count(",") > 1 else [cell]
