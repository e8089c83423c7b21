"""The query in the address of the records page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from autoscreen.records import StudyDesign
from autoscreen.review.records_table import SORTS, TableQuery
from autoscreen.store.record_filters import LABELS, Filters
from autoscreen.store.text_search import search_problems

PATH = "/records"
_SIZE = 50
_LONGEST = 1000
_FIELDS = (
    *("text", "label", "reviewer", "reason", "source", "from", "to", "since", "bare", "merged"),
    *("design", "watched", "tag", "noted", "assigned", "unassigned"),
)
_CONTROL = str.maketrans("\0\r\n", "   ")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsQuery:
    """A page of the table."""

    query: TableQuery
    params: Mapping[str, str]
    after: str = ""
    before: str = ""

    @property
    def size(self) -> int:
        """Lines of a page."""
        return _SIZE

    def value(self, name: str) -> str:
        """Return one value of the address; empty if it does not say."""
        return self.params.get(name, "")

    @property
    def active_filters(self) -> Mapping[str, str]:
        """What narrows the table down, without its order."""
        return {name: value for name, value in self.params.items() if name in _FIELDS}

    @property
    def text(self) -> str:
        """The table as one text, which a form can bear and `parse_text` understands."""
        return urlencode(self.params)

    @property
    def address(self) -> str:
        """Address of the first page of this table."""
        return self.page()

    def page(self, **place: str) -> str:
        """Return the address of another page of this table (``after="r17"``)."""
        return _address({**self.params, **place})

    @property
    def any_ending(self) -> str:
        """Return the address of the same search with any ending; empty if that makes no sense."""
        text = self.value("text")
        return (
            _address({**self.params, "text": f"{text}*"})
            if text[-1:].isalnum() and '"' not in text
            else ""
        )

    @property
    def problems(self) -> list[str]:
        """What in the search text has no effect, or another one than was probably meant."""
        return search_problems(self.value("text"))

    def sorted(self, sort: str) -> str:
        """Return the address of this table in another order, or in the reverse of the same."""
        params = {
            name: value for name, value in self.params.items() if name not in ("sort", "down")
        }
        same = self.query.sort == sort
        down = not self.query.descending if same else sort in ("year", "decided")
        return _address({**params, "sort": sort, **({"down": "1"} if down else {})})

    def direction(self, sort: str) -> str:
        """Return the ``aria-sort`` of a column."""
        if self.query.sort != sort:
            return "none"
        return "descending" if self.query.descending else "ascending"

    def export(self, format: str) -> str:
        """Return the address of this table as a file."""
        return f"{PATH}/export?{urlencode({**self.params, 'format': format})}"


def parse_query(given: Mapping[str, str], viewer: str | None = None) -> RecordsQuery:
    """Parse an address; invalid values are ignored."""
    params = {name: _clean(given.get(name, "")) for name in (*_FIELDS, "sort", "down")}
    label = params["label"] if params["label"] in LABELS else "all"
    sort = params["sort"] if params["sort"] in SORTS else "rank"
    if params["design"] not in tuple(StudyDesign):
        params["design"] = ""
    filters = Filters(
        text=params["text"],
        label=label,
        reviewer=given.get("reviewer") or None,
        reason=params["reason"],
        import_id=_number(params["source"]),
        from_year=_number(params["from"]),
        to_year=_number(params["to"]),
        no_abstract=params["bare"] == "1",
        since=params["since"] if _is_day(params["since"]) else "",
        merged=params["merged"] == "1",
        design=params["design"],
        watched=params["watched"] == "1",
        tag=params["tag"],
        noted=params["noted"] == "1",
        assigned=params["assigned"],
        unassigned=params["unassigned"] == "1",
        viewer=viewer,
    )
    params["label"] = "" if label == "all" else label
    params["sort"] = "" if sort == "rank" else sort
    return RecordsQuery(
        query=TableQuery(filters=filters, sort=sort, descending=params["down"] == "1"),
        params={name: value for name, value in params.items() if value},
        after=_clean(given.get("after", "")),
        before=_clean(given.get("before", "")),
    )


def parse_text(text: str, viewer: str | None = None) -> RecordsQuery:
    """Parse `RecordsQuery.text`."""
    return parse_query(dict(parse_qsl(text)), viewer)


def _address(params: Mapping[str, Any]) -> str:
    return f"{PATH}?{urlencode(params)}" if params else PATH


def _clean(text: str) -> str:
    return text.translate(_CONTROL).strip()[:_LONGEST]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _is_day(text: str) -> bool:
    return len(text) == 10 and text.replace("-", "").isdecimal() and text[4] == text[7] == "-"
