"""A digest as plain text of 72 columns, for mail and for the terminal."""

from __future__ import annotations

from textwrap import wrap

from autoscreen.monitor.digest import IN_FULL, Digest, DigestEntry
from autoscreen.monitor.digest_wording import (
    day_words,
    expected,
    headline,
    link,
    looked_through,
    marks,
    notice_words,
    threshold_words,
    why_words,
)
from autoscreen.presentation.wording import citation

WIDTH = 72


def as_text(digest: Digest) -> str:
    """Write a digest as lines of at most 72 columns, but for addresses, which are never broken."""
    lines = [*_wrapped(f"{digest.review}: {headline(digest)}"), day_words(digest.day), ""]
    lines += _wrapped(looked_through(digest))
    lines += _wrapped(threshold_words(digest))
    lines += _section("ABOUT RECORDS OF THE REVIEW", digest.warnings)
    lines += _section("TO READ", digest.alerts[:IN_FULL])
    lines += _titles("MORE TO READ", digest.alerts[IN_FULL:])
    lines += _titles("BELOW THE THRESHOLD", digest.below)
    for note in digest.notes:
        lines += ["", *_wrapped(f"Note: {note}")]
    return "\n".join(lines).rstrip() + "\n"


def _section(title: str, entries: tuple[DigestEntry, ...]) -> list[str]:
    if not entries:
        return []
    lines = ["", title, "-" * len(title)]
    for number, entry in enumerate(entries, 1):
        lines += ["", *_entry(number, entry)]
    return lines


def _entry(number: int, entry: DigestEntry) -> list[str]:
    record = entry.record
    parts = [
        f"[{', '.join([*marks(entry), *entry.designs])}]",
        notice_words(entry),
        citation(record),
        "; ".join(filter(None, (expected(entry), f"label: {entry.label}" if entry.label else ""))),
        why_words(entry),
    ]
    head = f"{number}. "
    lines = _wrapped(head + _line(record.title or "(no title)"), indent=len(head))
    for text in filter(None, parts):
        lines += _wrapped(" " * len(head) + _line(text), indent=len(head))
    address = " ".join(filter(None, (entry.id, link(record))))
    return [*lines, " " * len(head) + address] if address else lines


def _titles(title: str, entries: tuple[DigestEntry, ...]) -> list[str]:
    if not entries:
        return []
    lines = ["", title, "-" * len(title)]
    for entry in entries:
        name = f"{entry.id or entry.subject}  "
        title = _line(entry.record.title or "(no title)")
        lines += _wrapped(f"{name}{title} [{', '.join(marks(entry))}]", indent=len(name))
    return lines


def _line(text: str) -> str:
    """Return external text on one line, without control characters."""
    return "".join(c if c.isprintable() else " " for c in text)


def _wrapped(text: str, *, indent: int = 0) -> list[str]:
    return wrap(
        text,
        WIDTH,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
