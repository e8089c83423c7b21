"""A list of PMIDs: one number a line, or parted by commas; the records have nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autoscreen.formats._clean import pmid
from autoscreen.formats._problem import Problem
from autoscreen.formats._source import Source
from autoscreen.records import Record

_LABEL = re.compile(r"\b(?:PMIDs?|PubMed IDs?|uid|id)\b *[:=]? *", re.IGNORECASE)
_LINES, _SHARE = 200, 0.8
_BETWEEN = re.compile(r"""[\s,;|"'\[\]()]+""")


class _Reader:
    """Reads lists of PMIDs."""

    name = "pmids"

    def sniff(self, head: str) -> bool:
        """Return whether the first line, and nearly all after it, holds nothing but PMIDs."""
        lines = [numbers for line in head.split("\n")[:_LINES] if (numbers := _numbers(line))]
        if _is_table(head):
            return False
        good = sum(all(map(pmid, numbers)) for numbers in lines)
        return bool(lines) and all(map(pmid, lines[0])) and good >= _SHARE * len(lines)

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield a record with nothing but its PMID for each number."""
        for line in source.lines():
            for text in _numbers(line.text):
                source.starts += 1
                if number := pmid(text):
                    yield Record(pmid=number, raw=text, raw_format=self.name)
                else:
                    message = f"{text[:40]!r} is not a PMID, which has up to 8 digits"
                    yield source.problem(message, line=line.number, lost=True)


def _numbers(line: str) -> list[str]:
    return [part for part in _BETWEEN.split(_LABEL.sub(" ", line)) if part]


def _is_table(head: str) -> bool:
    """Return whether each line has the same number of columns, two or more: no list of PMIDs."""
    lines = [line.strip() for line in head.split("\n")[:_LINES] if line.strip()]
    widths = {len(_numbers(line)) for line in lines}
    same = len(lines) > 1 and len(widths) == 1 and widths != {1}
    return same and not lines[0].endswith((",", ";"))


READER = _Reader()
