"""The meaning of table columns, by the names that databases and tools use."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from unicodedata import combining, normalize

from autoscreen.formats import _clean, wos
from autoscreen.formats._author_names import family_first, people, python_list
from autoscreen.formats._clean import plain, unique
from autoscreen.formats._decision_columns import DecisionColumns
from autoscreen.formats._decision_notes import Notes, read_notes, restored
from autoscreen.formats._publication_notices import implied_notices
from autoscreen.formats._shared_values import abstract, issns, links, page_range
from autoscreen.records import Notice, NoticeKind, Record

OWN = "autoscreen"
"""The column in which autoscreen keeps what its others cannot hold; it marks a table as its own."""

# For each meaning the names, best first, in lower case with single spaces for what is no letter
# or digit. PubMed, Embase, Scopus, Web of Science, Cochrane, Ovid, ProQuest, EBSCO, IEEE, Springer,
# Lens, OpenAlex, Dimensions, ClinicalTrials.gov, ICTRP, Zotero, EndNote, Rayyan, Covidence,
# colandr, ASReview, EPPI-Reviewer, DistillerSR, rispy.
_NAMES: Mapping[str, str] = {
    "title": "title|article title|document title|item title|primary title|display name|ti"
    "|study title|brief title|public title|scientific title|citation title|original title"
    "|short title"
    "|titel|titre|titulo|titel des artikels|titre de l article|titulo del articulo|titolo"
    "|artikeltitel",
    "abstract": "abstract|abstract note|ab|abstract text|brief summary|summary|notes abstract"
    "|citation abstract|original abstract"
    "|zusammenfassung|kurzfassung|resume|resumen|resumo|riassunto|detailed description",
    "authors": "author full names|authors|author names|author|author s|af|au"
    "|authorships author display name|first authors|creators|contributors|citation authors"
    "|book authors|first author"
    "|autoren|autor|auteurs|auteur|autores|autor en|auteur s|autor es|verfasser|autori",
    "year": "year|publication year|published year|year published|pub year|py|year of publication"
    "|pubyear|citation pub year|publication date|date published|date|publicationdate|pubdate"
    "|originalpaperdate"
    "|jahr|erscheinungsjahr|publikationsjahr|annee|annee de publication|ano|ano de publicacion"
    "|anno|date registration3|date registration|registration date|date of registration"
    "|study first posted|first posted|study first submitted|start date",
    "journal": "journal|journal title|source title|journal book|publication title|publicationname"
    "|publication name|container title|secondary title|primary location source display name"
    "|alternate title3|journal name|venue|so|booktitle|book title|abbreviated source title"
    "|journal abbreviation|alternate title2|series title|alternatename|pubtitle|parenttitle"
    "|anthology title|citation journal name"
    "|zeitschrift|revue|revista|periodique|titre de la revue|titulo de la revista"
    "|zeitschriftentitel|rivista",
    "volume": "volume|vl|journal volume|citation journal volume|band|jahrgang|tome|volumen",
    "issue": "issue|issue number|number|journal issue|is|heft|ausgabe|numero|fascicule|fasciculo",
    "pages": "pages|page range|pagination|page numbers|seiten|seite|paginas|pagina",
    "start": "start page|page start|pagestart|first page|bp",
    "end": "end page|page end|pageend|last page|ep",
    "article": "art no|article number|ar",
    "publisher": "publisher|pu|pb|book publisher|verlag|editeur",
    "pmid": "pmid|pubmed id|pubmedid|medline pmid|pubmed pmid|ids pmid|pubmed|medline id|pm"
    "|originalpaperpubmedid",
    "pmcid": "pmcid|pmc id|pmc|ids pmcid|pubmed central id",
    "doi": "doi|item doi|digital object identifier|article doi|di|ids doi"
    "|digitalobjectidentifier|citation doi|originalpaperdoi",
    "accession": "accession|accession number|embase accession id|ut unique wos id|ut|eid|lens id"
    "|openalex id|pui|cochrane review id|central id|cochrane library number|an|wos id|nct number"
    "|nct id|trialid|accessionnumber|publication id"
    "|trial id|registry number|main id",
    "source_key": "record id|covidence|key|citation key|refid|ref id|reference id|itemid|study id"
    "|abstrackr id|id|ref|custom id|customid",
    "record_type": "record type|item type|type of reference|reference type|referencetype|type",
    "publication_types": "publication types|document type|publication type|article type"
    "|articletype|documenttype|type of work|content type|doctype|doctypes"
    "|publikationstyp|dokumenttyp|type de document|type de publication|tipo de documento",
    "languages": "languages|language of original document|article language|language of article"
    "|language|la"
    "|sprache|langue|idioma|lengua",
    "entered": "entered|create date|full record entry date|aip ip entry date|entry date",
    "note": "notes|note|notizen|notiz|anmerkungen|remarques|notas",
    "tags": "tags|labels",
    "label": "label|asreview label|label included|included label|included|final included"
    "|final inclusions|final inclusion|included final|include|final decision|consensus|decision"
    "|screening decision|inclusion|relevant|is relevant|abstract decision|title abstract decision"
    "|citation screening status|citation status|label abstract|label fulltext",
    "reason": "reason|exclusion reason|exclude reason|reason for exclusion|exclusion reasons"
    "|reasons|citation exclude reasons",
    "reviewer": "reviewer|screener|reviewer name|decided by",
    "label_note": "label note|asreview note|decision note",
    "scientific": "scientific title|official title|public title|brief title|study title",
    "outcome": "primary outcome|primary outcomes|primary outcome measures",
    "retracted": "is retracted|retractionnature",
    "cited_as": "source|citation",
    "extra": "extra",
    "own": OWN,
}
_READ_AS = {"label": "decision", "label_note": "note on the decision", "own": "autoscreen's notes"}
# All columns with one of these names count.
_SEVERAL: Mapping[str, str] = {
    "keywords": "author keywords|keywords|keyword|keywords plus|index keywords|index terms|de"
    "|manual tags|automatic tags|emtree drug index terms major focus|emtree drug index terms"
    "|emtree medical index terms major focus|emtree medical index terms|ieee terms"
    "|inspec controlled terms|inspec non controlled terms|subjects|subject headings|descriptors"
    "|subjectterms|identifierkeywords|citation keywords|conditions"
    "|schlagworter|schlagworte|stichworter|schlusselworter|mots cles|mots clefs|palabras clave"
    "|palavras chave|condition|interventions|intervention",
    "mesh": "mesh|mesh terms|mesh headings|mesh heading|mh",
    "urls": "url|urls|link|links|source urls|external url|embase link|documenturl|plink|articleurl"
    "|study url|dimensions url|web address",
    "issns": "issns|issn|eissn|e issn|print issn|electronic issn|isbn issn|issn isbn|isbn|isbns"
    "|primary location source issn l",
}
# Columns of Lens, OpenAlex and Springer, who write given names first.
_GIVEN_FIRST = frozenset(["lens id", "authorships author display name", "item doi"])
# Columns of EBSCO and Publish or Perish, whose "source" is no citation but the journal.
_SOURCE_IS_JOURNAL = frozenset(["longdbname", "gsrank"])
_DESCRIBING = ("title", "abstract", "pmid", "doi")
_MISSING = frozenset({"NA", "N/A", "#N/A", "nan", "NaN", "NULL", "null", "None"})
_LONGEST_MISSING = max(map(len, _MISSING))
_NOT_NAME = re.compile(r"[^a-z0-9]+")
_COMMA = re.compile(r",(?![^()]*\))")  # but not in "cyst (diagnosis, surgery)"
_WHOLE = re.compile(r"(\d+)\.0")
_DATE = re.compile(r"(\d{4})[/-](\d\d?)[/-](\d\d?)")
_EMBASE_SOURCE = re.compile(
    r"(.+?) \((\d{4})\)(?:[ .]|$) ?(?:([^\s:(.]+)(?::(\S+))?)?(?: ?\(([^()]+)\))?"
)
_PUBMED_CITATION = re.compile(r";([^\s;:()]+)?(?:\(([^()]+)\))?:([\w-]+(?:, ?[\w-]+)*)")
_ACCESSION = re.compile(r"[A-Z]{2,}:\S+")  # WOS:000..., in a column for PMIDs
_EXTRA_PMID = re.compile(r"\bPMID: ?(\d{1,8})\b")
_RUN_TOGETHER = re.compile(r"(?<=[a-zß-öø-ÿ.])(?<!Mc)(?<!Mac)(?<!De)(?<!Di)(?<!La)(?<!Le)(?=[A-Z])")


def normal(name: str) -> str:
    """Return a column's name in the form in which names are compared."""
    bare = "".join(char for char in normalize("NFKD", name.lower()) if not combining(char))
    return _NOT_NAME.sub(" ", bare).strip()


def label_columns(header: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of a table that decisions are read from."""
    decisions = Columns(header).decisions
    return tuple(header[at] for at in decisions.title_abstract or decisions.full_text)


class Columns:
    """The columns of one table."""

    def __init__(
        self, header: Sequence[str], *, unguard: Callable[[str], str] | None = None
    ) -> None:
        names = [normal(name) for name in header]
        self.names = tuple(header)
        self.width = len(header)
        self._at = {meaning: _places(names, given) for meaning, given in _NAMES.items()}
        self._all = {meaning: _places(names, given) for meaning, given in _SEVERAL.items()}
        if not _SOURCE_IS_JOURNAL.isdisjoint(names):
            self._at["journal"] += self._at["cited_as"]
        if "abstrackr id" in names:  # whose 0 is "maybe" and whose -1 is "exclude"
            self._at["label"] = ()
        self.decisions = DecisionColumns(names, self._at["label"])
        self.unread: list[tuple[str, str]] = []
        """Cells of decisions that were not understood, since the caller emptied it."""
        self._labels_chosen = False
        self._unguard = unguard if self._at["own"] else None
        self._run_together = "item doi" in names  # Springer joins authors without a separator
        # Scopus gives rows a second "Funding Text" when they have one, and the header does not.
        self._slack = names.index("funding text 1") + 1 if "funding text 1" in names else 0
        self._given_first = not _GIVEN_FIRST.isdisjoint(names)
        # The tab-delimited files of Web of Science have the tags of its other format for names.
        self._tags = list(header) if names[:1] == ["pt"] and {"ti", "au"} <= set(names) else None

    @property
    def known(self) -> bool:
        """Return whether any column holds what identifies or describes a record."""
        return any(self._at[meaning] for meaning in _DESCRIBING)

    @property
    def count(self) -> int:
        """How many columns have a meaning."""
        return sum(map(len, self._at.values())) + sum(map(len, self._all.values()))

    @property
    def quoted(self) -> bool:
        """Return whether quotation marks may enclose a cell, which Web of Science does not do."""
        return self._tags is None

    @property
    def meanings(self) -> tuple[tuple[str, str], ...]:
        """The columns that are read, in their order, each with what it is read as."""
        decisions = {
            "label": self.decisions.title_abstract,
            "full-text decision": self.decisions.full_text,
        }
        known = {**self._at, **self._all, **decisions}
        used = {n: meaning for meaning, places in known.items() for n in places}
        return tuple(
            (self.names[n], _READ_AS.get(used[n], used[n].replace("_", " "))) for n in sorted(used)
        )

    def take_labels_from(self, name: str) -> bool:
        """Take labels from this column and nowhere else; False if there is none of that name."""
        at = tuple(n for n, given in enumerate(self.names) if normal(given) == normal(name))
        self.decisions.choose(at)
        self._labels_chosen = True
        return bool(at)

    @property
    def decision_names(self) -> tuple[str, tuple[str, ...]]:
        """Return the name of the column of decisions, and the unused ones that look like it."""
        used = self.decisions.title_abstract[:1]
        return "".join(self.names[at] for at in used), tuple(
            self.names[at] for at in self.decisions.unused
        )

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
        verdicts = self.decisions.verdicts(row.cells, notes, row.decision_texts(), self._not_read)
        if self._labels_chosen:
            notes = replace(notes, verdicts=())
        record = row.record(raw, raw_format, authors, replace(notes, reasons=()))
        return replace(
            record, verdicts=(*record.verdicts, *(v for v in verdicts if v not in record.verdicts))
        )

    def _not_read(self, at: int, value: str) -> None:
        self.unread.append((self.names[at], value))


def _places(names: Sequence[str], wanted: str) -> tuple[int, ...]:
    return tuple(n for name in wanted.split("|") for n, given in enumerate(names) if given == name)


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
        if match := _EMBASE_SOURCE.match(cited):
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
