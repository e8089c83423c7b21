"""Labels by identifier, and the texts that go with them."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from autoscreen.errors import InputError
from autoscreen.formats import doi, label_of, pmid
from autoscreen.records import Label, Record
from autoscreen.training.model_training import LabelledRecord

_KEYS = ("pmid", "doi", "title_sha256", "title")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRow:
    """A label for a record that is known by an identifier."""

    line: int  # Line in the file, from 1
    label: Label
    pmid: str = ""  # Identifiers in canonical form; empty if not given
    doi: str = ""
    title: str = ""  # The `title_digest` of the title; empty if not given
    reason: str = ""  # Reason of an exclusion
    year: int | None = None  # Year of publication; None if not given

    @property
    def keys(self) -> tuple[str, ...]:
        """All identifiers of the record."""
        named = (("pmid", self.pmid), ("doi", self.doi), ("title", self.title))
        return tuple(f"{kind}:{value}" for kind, value in named if value)

    def __str__(self) -> str:
        known = [f"PMID {self.pmid}"] * bool(self.pmid) + [f"doi {self.doi}"] * bool(self.doi)
        return known[0] if known else f"line {self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedLabels:
    """Labels with their texts."""

    # Training records: each label whose text is known, then the records without a label
    examples: tuple[LabelledRecord, ...]
    missing: tuple[LabelRow, ...]  # Labels whose text no record has
    copies: int  # Records left out as duplicates of a labelled record


def title_digest(title: str) -> str:
    """
    Return a digest that is the same for a title however its case and punctuation are written.

    A file of labels can name a record by it where there is no identifier, without its text.

    Examples
    --------
    >>> title_digest("Pain: a trial.") == title_digest("PAIN - A Trial")
    True
    """
    words = " ".join(_WORD.findall(title.casefold()))
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32] if words else ""


def read_labels(path: str | Path) -> list[LabelRow]:
    """Read a CSV file of labels."""
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=str(path)) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"is not UTF-8 (byte {error.start + 1})", path=str(path), hint="save it as UTF-8"
        ) from error
    reader = csv.DictReader(text.splitlines())
    columns = {(name or "").strip().casefold(): name for name in reader.fieldnames or ()}
    if "label" not in columns or not set(_KEYS) & set(columns):
        raise InputError(
            "needs a column label, and one of " + ", ".join(_KEYS),
            path=str(path),
            line=1,
            hint=f"it has {', '.join(columns) or 'no columns'}",
        )
    found = []
    for row in reader:
        cells = {name: (row[given] or "").strip() for name, given in columns.items()}
        if any(cells.values()):
            found.append(_given(cells, reader.line_num, str(path)))
    if not found:
        raise InputError("holds no label", path=str(path))
    _check_agreement(found, str(path))
    return found


def join_labels(
    labels: Sequence[LabelRow],
    records: Iterable[Record],
    *,
    fetch: Callable[[Sequence[str]], Iterable[Record]] | None = None,
) -> JoinedLabels:
    """Find the text of each label."""
    pool = list(records)
    known = _Known(labels)
    texts: dict[int, Record] = {}
    unlabelled, copies = [], 0
    for record in pool:
        at = known.find(record)
        if at is None:
            unlabelled.append(record)
            continue
        copies += at in texts
        _keep_longest(texts, at, record)
    wanted = [one.pmid for at, one in enumerate(labels) if at not in texts and one.pmid]
    if fetch is not None and wanted:
        for record in fetch(wanted):
            at = known.find(record)
            if at is not None:
                _keep_longest(texts, at, record)
    examples = [LabelledRecord(record=texts[at], label=labels[at].label) for at in sorted(texts)]
    examples += [LabelledRecord(record=one, label=None) for one in unlabelled]
    missing = tuple(one for at, one in enumerate(labels) if at not in texts)
    return JoinedLabels(examples=tuple(examples), missing=missing, copies=copies)


def _given(cells: Mapping[str, str], line: int, path: str) -> LabelRow:
    label = label_of(cells["label"])
    if label is None:
        raise InputError(
            f"{cells['label']!r} is not a label",
            path=path,
            line=line,
            hint="include, exclude, unsure",
        )
    digest = cells.get("title_sha256", "").lower() or title_digest(cells.get("title", ""))
    year = cells.get("year", "")
    identifiers = {}
    for name, canonical in (("pmid", pmid), ("doi", doi)):
        cell = cells.get(name, "")
        identifiers[name] = canonical(cell) or ""
        if cell and not identifiers[name]:
            raise InputError(
                f"{cell!r} is no {name.upper()}",
                path=path,
                line=line,
                hint="correct it, or leave it out",
            )
    given = LabelRow(
        line=line,
        label=label,
        pmid=identifiers["pmid"],
        doi=identifiers["doi"],
        title=digest,
        reason=cells.get("reason", ""),
        year=int(year) if year.isdecimal() else None,
    )
    if not given.keys:
        raise InputError(
            "identifies no record", path=path, line=line, hint=f"fill {', '.join(_KEYS)}"
        )
    return given


def _check_agreement(labels: Sequence[LabelRow], path: str) -> None:
    seen: dict[str, LabelRow] = {}
    for label in labels:
        # Different records may share a title ("Low back pain"), so it is the last resort.
        ids = [key for key in label.keys if not key.startswith("title:")]
        for key in ids or label.keys:
            first = seen.setdefault(key, label)
            if first.label is not label.label:
                raise InputError(
                    f"{label.label} for a record that is {first.label} in line {first.line}",
                    path=path,
                    line=label.line,
                    hint="remove one of the two",
                )


class _Known:
    """Finds the label of a record by its identifiers."""

    def __init__(self, labels: Sequence[LabelRow]) -> None:
        self._labels = labels
        self._by_id: dict[str, int] = {}
        self._by_title: dict[str, list[int]] = {}
        for at, label in enumerate(labels):
            for key in label.keys:
                if key.startswith("title:"):
                    self._by_title.setdefault(key, []).append(at)
                else:
                    self._by_id.setdefault(key, at)

    def find(self, record: Record) -> int | None:
        """Index of the label; titles count where no identifier contradicts it."""
        for key in (f"pmid:{record.pmid}", f"doi:{record.doi}"):
            if key in self._by_id:
                return self._by_id[key]
        same = self._by_title.get(f"title:{title_digest(record.title)}", [])
        fitting = [at for at in same if not self._differs(self._labels[at], record)]
        return fitting[0] if len(fitting) == 1 else None

    @staticmethod
    def _differs(label: LabelRow, record: Record) -> bool:
        pairs = ((label.pmid, record.pmid), (label.doi, record.doi))
        return any(one and other and one != other for one, other in pairs)


def _keep_longest(texts: dict[int, Record], at: int, record: Record) -> None:
    if at not in texts or len(record.abstract) > len(texts[at].abstract):
        texts[at] = record
