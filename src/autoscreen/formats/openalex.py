"""OpenAlex: works as its API returns them, one JSON object a line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from autoscreen.formats._base import each_record
from autoscreen.formats._clean import doi, pmcid, pmid, unique, year
from autoscreen.formats._json_lines import json_lines, json_object, objects, part, text, texts
from autoscreen.formats._problem import Problem
from autoscreen.formats._publication_notices import implied_notices
from autoscreen.formats._source import Source
from autoscreen.records import Notice, NoticeKind, Record

_SNIFF = re.compile(r'\s*\{\s*"id":\s*"https://openalex\.org/W')
_LONGEST = 20_000
"""Words of an abstract; more are a mistake, such as the text of the whole paper."""


class _Reader:
    """Reads works of OpenAlex."""

    name = "openalex"

    def sniff(self, head: str) -> bool:
        """Return whether the first line begins like a work of OpenAlex."""
        return bool(_SNIFF.match(head))

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records one by one."""
        return each_record(source, json_lines(source), _record)


def _record(line: str, warn: Callable[[str], None]) -> Record:
    work = json_object(line)
    number = text(work.get("id")).rpartition("/")[2]
    if not re.fullmatch(r"W\d+", number):
        raise ValueError("a work without an identifier of OpenAlex")
    ids, biblio = part(work, "ids"), part(work, "biblio")
    venue = part(work, "primary_location", "source")
    title = text(work.get("title")) or text(work.get("display_name"))
    own, own_doi = pmid(text(ids.get("pmid"))), doi(text(work.get("doi")) or text(ids.get("doi")))
    first, last = text(biblio.get("first_page")), text(biblio.get("last_page"))
    notices = (Notice(kind=NoticeKind.RETRACTED),) if work.get("is_retracted") is True else ()
    return Record(
        title=title,
        abstract=_abstract(work.get("abstract_inverted_index"), warn),
        authors=unique(
            text(part(one, "author").get("display_name")) or text(one.get("raw_author_name"))
            for one in objects(work.get("authorships"))
        ),
        year=year(text(work.get("publication_year"))),
        journal=text(venue.get("display_name")),
        volume=text(biblio.get("volume")),
        issue=text(biblio.get("issue")),
        pages=f"{first}-{last}" if first and last and first != last else first,
        publisher=text(venue.get("host_organization_name")),
        pmid=own,
        pmcid=pmcid(text(ids.get("pmcid"))),
        doi=own_doi,
        accession="" if own or own_doi else number,
        mesh=unique(map(_heading, objects(work.get("mesh")))),
        keywords=unique(text(one.get("display_name")) for one in objects(work.get("keywords"))),
        languages=unique([text(work.get("language"))]),
        urls=(f"https://openalex.org/{number}",),
        issns=unique(texts(venue.get("issn"))),
        record_type=text(work.get("type")),
        notices=notices + implied_notices(title, (), notices),
        raw=line,
        raw_format=READER.name,
    )


def _abstract(index: object, warn: Callable[[str], None]) -> str:
    """Return the text of which an index lists the places of each word."""
    if not isinstance(index, dict):
        return ""
    placed = [
        (place, word)
        for word, places in index.items()
        if isinstance(places, list)
        for place in places
        if isinstance(place, int)
    ]
    if len(placed) > _LONGEST:
        warn(f"abstract: {len(placed)} words are no abstract; it was ignored")
        return ""
    return text(" ".join(word for _, word in sorted(placed)))


def _heading(one: dict[str, Any]) -> str:
    star = "*" if one.get("is_major_topic") is True else ""
    name, qualifier = text(one.get("descriptor_name")), text(one.get("qualifier_name"))
    return f"{name}/{star}{qualifier}" if name and qualifier else name and f"{star}{name}"


READER = _Reader()
