"""Writes the files of a digest, each completely or not at all; none is overwritten."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from autoscreen.errors import InputError
from autoscreen.monitor.atom_feed import feed_with, require_feed
from autoscreen.monitor.digest import Digest
from autoscreen.monitor.digest_html import as_html
from autoscreen.monitor.digest_json import as_json
from autoscreen.monitor.digest_text import as_text

FEED = "atom.xml"
_SUFFIXES = (".html", ".txt", ".json")
_OURS = re.compile(r"digest-\d{4}-\d\d-\d\d(?:_\d+)?\.(?:html|txt|json)")


def prepare(folder: Path, *, feed_id: str) -> Path:
    """Make the folder of the digests, so that a run does not fail at its end."""
    feed = folder / FEED
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".autoscreen.part"
        probe.touch()
        probe.unlink()
        if feed.exists():
            require_feed(feed.read_bytes(), feed_id, path=str(feed))
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}",
            path=str(folder),
            hint="name another folder with --digest",
        ) from error
    return folder.resolve()


def clear(folder: Path, paths: Iterable[str]) -> None:
    """Delete the files of an interrupted run, whose findings were never marked as announced."""
    for path in map(Path, paths):
        if path.parent == folder and _OURS.fullmatch(path.name):
            path.unlink(missing_ok=True)


def free_name(folder: Path, day: str) -> str:
    """Return a name for the digest of a day that no file has: ``digest-DAY``, ``digest-DAY_2``."""
    name, number = f"digest-{day}", 1
    while any((folder / f"{name}{suffix}").exists() for suffix in _SUFFIXES):
        number += 1
        name = f"digest-{day}_{number}"
    return name


def write_digest(folder: Path, name: str, digest: Digest, *, feed_id: str) -> None:
    """Write a digest as page, text and JSON, and update the feed."""
    feed = folder / FEED
    try:
        old = feed.read_bytes() if feed.exists() else None
        _write(folder / f"{name}.html", as_html(digest).encode(errors="replace"))
        _write(folder / f"{name}.txt", as_text(digest).encode(errors="replace"))
        _write(folder / f"{name}.json", as_json(digest).encode(errors="replace"))
        _write(feed, feed_with(old, digest, feed_id=feed_id))
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}", path=error.filename or str(folder)
        ) from error


def _write(path: Path, content: bytes) -> None:
    # Always the same name, so that the file of a killed run is overwritten.
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
