"""The Atom feed of a review's digests (RFC 4287): one entry for each piece of news, once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy

from lxml import etree

from autoscreen._version import __version__
from autoscreen.errors import InputError
from autoscreen.monitor.digest import Digest, DigestEntry
from autoscreen.monitor.digest_wording import expected, link, marks, notice_words, why_words
from autoscreen.presentation.wording import citation

KEPT = 500
"""Entries that a feed holds, if no more are new at once; readers have fetched older ones."""

_ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TITLE = 300
_AUTHORS = 10


def feed_with(old: bytes | None, digest: Digest, *, feed_id: str) -> bytes:
    """
    Return the feed with the entries of a digest in front of the older ones.

    An entry that exists stays as it is, so that repeating this changes nothing.
    """
    before = [] if old is None else _entries(old)
    known = {one.findtext(f"{{{_ATOM}}}id") for one in before}
    listed = (*digest.warnings, *digest.alerts)
    new = [_entry(one, digest) for one in listed if one.guid not in known]
    feed = _new("feed")
    _add(feed, "id", feed_id)
    _add(feed, "title", f"{digest.review}: new records and retractions")
    _add(feed, "subtitle", digest.protocol)
    _add(feed, "updated", digest.at if new else _newest(before) or digest.at)
    _add(_add(feed, "author"), "name", "autoscreen")
    _add(feed, "generator", "autoscreen").set("version", __version__)
    etree.SubElement(
        feed,
        f"{{{_ATOM}}}link",
        attrib={"rel": "self", "type": "application/atom+xml", "href": "atom.xml"},
    )
    feed.extend([*new, *map(deepcopy, before[: max(0, KEPT - len(new))])])
    etree.indent(feed)
    return etree.tostring(feed, xml_declaration=True, encoding="utf-8") + b"\n"


def require_feed(old: bytes, feed_id: str, *, path: str) -> None:
    """Make sure that a feed is valid, and that of this review."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(old, parser)
    except etree.XMLSyntaxError as error:
        raise InputError(
            f"the feed is damaged ({error.msg})",
            path=path,
            hint="move it away; the next run starts a new one",
        ) from error
    if root.findtext(f"{{{_ATOM}}}id") != feed_id:
        raise InputError(
            "belongs to another review, or is no feed of autoscreen",
            path=path,
            hint="give each review a folder of its own with --digest",
        )


def _entries(old: bytes) -> list[etree._Element]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(old, parser).findall(f"{{{_ATOM}}}entry")


def _newest(entries: Iterable[etree._Element]) -> str:
    return max((one.findtext(f"{{{_ATOM}}}updated") or "" for one in entries), default="")


def _entry(entry: DigestEntry, digest: Digest) -> etree._Element:
    record = entry.record
    element = _new("entry")
    _add(element, "id", entry.guid)
    title = f"[{entry.kind}] {record.title or '(no title)'}"
    _add(element, "title", title[:_TITLE])
    _add(element, "updated", digest.at)
    names = " ".join(_clean("; ".join(record.authors[:_AUTHORS])).split())
    _add(_add(element, "author"), "name", names or "not named")
    if address := link(record):
        etree.SubElement(
            element, f"{{{_ATOM}}}link", attrib={"rel": "alternate", "href": _clean(address)}
        )
    etree.SubElement(element, f"{{{_ATOM}}}category", attrib={"term": str(entry.kind)})
    tags = ", ".join([*marks(entry), *entry.designs])
    parts = (notice_words(entry).rstrip("."), expected(entry), tags, why_words(entry))
    _add(element, "summary", ". ".join(filter(None, parts)))
    _add(element, "content", "\n".join(filter(None, (citation(record), record.abstract))) or title)
    return element


def _new(name: str) -> etree._Element:
    return etree.fromstring(f'<{name} xmlns="{_ATOM}"/>')


def _add(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}")
    element.text = _clean(text) if text else None
    return element


def _clean(text: str) -> str:
    """Leave out what XML cannot hold."""
    return _NOT_XML.sub(" ", text)
