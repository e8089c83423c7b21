"""What the address of the records page asks for, and the addresses of what is near it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from autoscreen.review import SORTS, Filters, TableQuery
from autoscreen.store import LABELS
from autoscreen.text import StudyDesign

__all__ = ["PATH", "RecordsQuery", "read_text", "read_wanted"]

PATH = "/records"
_SIZE = 50
_LONGEST = 1000
_FIELDS = (
    *("text", "label", "reviewer", "reason", "source", "from", "to", "since", "bare", "merged"),
    *("design", "watched"),
)
_CONTROL = str.maketrans("\0\r\n", "   ")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsQuery:
    """A page of the table."""

    query: TableQuery
    told: Mapping[str, str]
    after: str = ""
    before: str = ""

    @property
    def size(self) -> int:
        """Lines of a page."""
        return _SIZE

    def says(self, name: str) -> str:
        """Return one value of the address; empty if it does not say."""
        return self.told.get(name, "")

    @property
    def narrowed(self) -> Mapping[str, str]:
        """What narrows the table down, without its order."""
        return {name: value for name, value in self.told.items() if name in _FIELDS}

    @property
    def text(self) -> str:
        """The table as one text, which a form can bear and `read_text` understands."""
        return urlencode(self.told)

    @property
    def address(self) -> str:
        """Address of the first page of this table."""
        return self.page()

    def page(self, **place: str) -> str:
        """Return the address of another page of this table (``after="r17"``)."""
        return _address({**self.told, **place})

    @property
    def any_ending(self) -> str:
        """Return the address of the same search with any ending; empty if that makes no sense."""
        text = self.says("text")
        return _address({**self.told, "text": f"{text}*"}) if text[-1:].isalnum() else ""

    def sorted(self, sort: str) -> str:
        """Return the address of this table in another order, or in the same turned round."""
        told = {name: value for name, value in self.told.items() if name not in ("sort", "down")}
        same = self.query.sort == sort
        down = not self.query.descending if same else sort in ("year", "decided")
        return _address({**told, "sort": sort, **({"down": "1"} if down else {})})

    def direction(self, sort: str) -> str:
        """Return what ``aria-sort`` says of a column."""
        if self.query.sort != sort:
            return "none"
        return "descending" if self.query.descending else "ascending"

    def export(self, format: str) -> str:
        """Return the address of this table as a file."""
        return f"{PATH}/export?{urlencode({**self.told, 'format': format})}"


def read_wanted(given: Mapping[str, str], viewer: str | None = None) -> RecordsQuery:
    """Understand an address; what makes no sense in it narrows nothing down."""
    told = {name: _clean(given.get(name, "")) for name in (*_FIELDS, "sort", "down")}
    label = told["label"] if told["label"] in LABELS else "all"
    sort = told["sort"] if told["sort"] in SORTS else "rank"
    if told["design"] not in tuple(StudyDesign):
        told["design"] = ""
    filters = Filters(
        text=told["text"],
        label=label,
        reviewer=given.get("reviewer") or None,
        reason=told["reason"],
        import_id=_number(told["source"]),
        from_year=_number(told["from"]),
        to_year=_number(told["to"]),
        no_abstract=told["bare"] == "1",
        since=told["since"] if _is_day(told["since"]) else "",
        merged=told["merged"] == "1",
        design=told["design"],
        watched=told["watched"] == "1",
        viewer=viewer,
    )
    told["label"] = "" if label == "all" else label
    told["sort"] = "" if sort == "rank" else sort
    return RecordsQuery(
        query=TableQuery(filters=filters, sort=sort, descending=told["down"] == "1"),
        told={name: value for name, value in told.items() if value},
        after=_clean(given.get("after", "")),
        before=_clean(given.get("before", "")),
    )


def read_text(text: str, viewer: str | None = None) -> RecordsQuery:
    """Understand what `RecordsQuery.text` gave."""
    return read_wanted(dict(parse_qsl(text)), viewer)


def _address(told: Mapping[str, Any]) -> str:
    return f"{PATH}?{urlencode(told)}" if told else PATH


def _clean(text: str) -> str:
    return text.translate(_CONTROL).strip()[:_LONGEST]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _is_day(text: str) -> bool:
    return len(text) == 10 and text.replace("-", "").isdecimal() and text[4] == text[7] == "-"
