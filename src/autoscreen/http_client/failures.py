"""What can be wrong with an answer, and how it is shown."""

from __future__ import annotations

import re
from html import unescape

from autoscreen.errors import SourceError

_TITLE = re.compile(r"<(title|h1)[^>]*>(.*?)</\1", re.DOTALL | re.IGNORECASE)
_TAGGED = re.compile(r"<[^>]*>")
_SHOWN = 160


class Transient(SourceError):
    """An answer, or none, after which asking again may help."""


class MalformedAnswer(Transient):
    """An answer that is damaged, cut off or something else altogether."""

    def __init__(self, message: str, body: bytes) -> None:
        super().__init__(message)
        self.body = body


class Refused(SourceError):
    """A request that the server does not accept; asking again is of no use."""


def shown(body: bytes) -> str:
    """Describe an unexpected answer in a few words."""
    text = body[:20_000].decode("utf-8", "replace")
    if not text.strip():
        return "an empty answer"
    if re.match(r"\s*(<!doctype html|<html)", text, re.IGNORECASE):
        title = _TITLE.search(text)
        return f"a web page ({one_line(title[2])!r})" if title else "a web page"
    return repr(one_line(text))


def one_line(text: str) -> str:
    """Put what a server wrote on one line, without mark-up and control characters."""
    words = " ".join(unescape(_TAGGED.sub(" ", text)).split())
    clean = "".join(one for one in words if one.isprintable())
    return clean if len(clean) <= _SHOWN else clean[: _SHOWN - 3] + "..."
