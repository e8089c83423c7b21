"""Files with one JSON object on each line, and values of such objects whatever is in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from autoscreen.formats._base import Chunk
from autoscreen.formats._clean import plain
from autoscreen.formats._source import Source


def json_lines(source: Source) -> Iterator[Chunk]:
    """Yield the lines that are not empty."""
    for line in source.lines():
        if line.text.strip():
            yield Chunk(line.number, line.text)


def json_object(text: str) -> dict[str, Any]:
    """Return the object that a line holds; raise ValueError if it holds none."""
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("JSON that is nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("no JSON object")
    return value


def part(value: object, *names: str) -> dict[str, Any]:
    """Return the object that lies in objects under these names; empty if there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def text(value: object) -> str:
    """Return a text or a number as clean text; nothing for anything else."""
    if isinstance(value, str):
        return plain(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def texts(value: object) -> list[str]:
    """Return the texts of a list."""
    return [said for one in value if (said := text(one))] if isinstance(value, list) else []


def objects(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
