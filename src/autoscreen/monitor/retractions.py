"""The retraction watch: compares notices about included studies with those already announced."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autoscreen.monitor.digest import ABOUT_INCLUDED, Kind
from autoscreen.records import Notice, NoticeKind, Record

_LONG_ENOUGH = 30
"""Minimum letters of a title that identify it inside another one."""
_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Included:
    """An included study."""

    id: str
    sources: Sequence[Record]

    @property
    def pmids(self) -> tuple[str, ...]:
        """Its PMIDs, without repetition."""
        return tuple(dict.fromkeys(one.pmid for one in self.sources if one.pmid))

    @property
    def subject(self) -> str:
        """Its name in findings: its first PMID, or its id."""
        return next(iter(self.pmids), self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A notice about an included study that was not announced yet."""

    kind: Kind
    subject: str
    key: str
    notice: Notice


def news_of(
    included: Iterable[Included], fetched: Sequence[Record], known: set[tuple[str, str, str]]
) -> list[News]:
    """Find what is new about included studies."""
    retracting = [(one, notice) for one in fetched for notice in one.notices if _retracts(notice)]
    found: dict[tuple[str, str, str], News] = {}
    for study in included:
        notices = [n for source in study.sources for n in source.notices]
        notices += [
            _as_announced(one) for one, notice in retracting if _is_about(one, notice, study)
        ]
        announced = {
            (kind, key) for kind, subject, key in known if subject in (study.id, *study.pmids)
        }
        for notice in sorted(notices, key=_vagueness):
            kind = ABOUT_INCLUDED.get(notice.kind)
            if kind is None or announced.intersection((kind, key) for key in _keys(kind, notice)):
                continue
            announced |= {(kind, key) for key in _keys(kind, notice)}
            one = News(kind=kind, subject=study.subject, key=_keys(kind, notice)[0], notice=notice)
            found[one.kind, one.subject, one.key] = one
    return list(found.values())


def _keys(kind: Kind, notice: Notice) -> tuple[str, ...]:
    """Return every key by which a notice may be found again; a study is retracted once."""
    if kind is Kind.RETRACTED:
        return ("",)
    return tuple(filter(None, (notice.pmid, _folded(notice.reference)))) or ("",)


def _vagueness(notice: Notice) -> tuple[bool, bool]:
    """Sort notices, those with more information first."""
    return not notice.pmid, not notice.reference


def _retracts(notice: Notice) -> bool:
    return notice.kind is NoticeKind.RETRACTION


def _is_about(one: Record, notice: Notice, study: Included) -> bool:
    """Return whether a record that retracts another one retracts this study."""
    if notice.pmid:
        return notice.pmid in study.pmids
    title = _folded(one.title)
    named = (_folded(source.title) for source in study.sources)
    return any(len(part) >= _LONG_ENOUGH and part in title and part != title for part in named)


def _as_announced(one: Record) -> Notice:
    """Return a record that retracts another one as a notice."""
    parts = (one.title.rstrip("."), one.journal, str(one.year or ""))
    reference = ". ".join(filter(None, parts))
    return Notice(kind=NoticeKind.RETRACTED, reference=reference, pmid=one.pmid)


def _folded(text: str) -> str:
    return _LETTERS.sub(" ", text.casefold()).strip()
