"""A digest as a page, as text, as JSON and as a feed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from autoscreen.errors import InputError
from autoscreen.monitor.atom_feed import KEPT, feed_with, require_feed
from autoscreen.monitor.digest import (
    IN_FULL,
    AlertReason,
    Coverage,
    Digest,
    DigestEntry,
    Kind,
    Threshold,
    guid_of,
)
from autoscreen.monitor.digest_html import as_html
from autoscreen.monitor.digest_json import as_json
from autoscreen.monitor.digest_text import as_text
from autoscreen.monitor.digest_wording import expected, headline, link
from autoscreen.protocol import load_protocol
from autoscreen.records import Label, Notice, NoticeKind, Record
from autoscreen.text.highlights import highlights

ATOM = "{http://www.w3.org/2005/Atom}"
FEED = "urn:uuid:00000000-0000-5000-8000-000000000000"
HOSTILE = '<script>alert(1)</script> "&amp;" <img src=x onerror=alert(1)> {{ 7 * 7 }}'
PROTOCOL = load_protocol("rms-pnp")


def entry(pmid: str | None = "7", kind: Kind = Kind.NEW, **more: Any) -> DigestEntry:
    """Make an entry about an invented record."""
    record = more.pop("record", None) or Record(
        title="rTMS for neuropathic pain",
        abstract="METHODS: We gave rTMS or sham to 40 patients. RESULTS: Pain fell.",
        authors=("Inventor, Ada", "Second, B", "Third, C", "Fourth, D"),
        journal="J Inv",
        year=2026,
        pmid=pmid,
        entered="2026-11-24",
    )
    return DigestEntry(
        kind=kind,
        subject=pmid or "r1",
        guid=guid_of("review", kind, pmid or "r1", ""),
        id="r1",
        record=record,
        highlights=highlights(record, PROTOCOL),
        **more,
    )


def digest(*entries: DigestEntry, **more: Any) -> Digest:
    """Make a digest of entries."""
    values: dict[str, Any] = {
        "review": "rms",
        "protocol": "Coils & pain",
        "run": 3,
        "at": "2026-11-25T06:17:00.000Z",
        "coverage": Coverage(source="PubMed", since="2026-11-01", until="2026-11-25", records=4),
        "entries": entries,
    }
    return Digest(**values | more)


class Page(HTMLParser):
    """Collects elements, their attributes and their text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("field", ["title", "abstract", "journal"])
def test_what_a_record_says_is_text_and_never_markup(field: str) -> None:
    """A hostile title reaches the reader as it is written."""
    record = replace(entry().record, **{field: HOSTILE})  # type: ignore[arg-type]
    html = as_html(digest(entry(record=record), entry("8", alert=False, record=record)))
    page = Page(html)
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img", "iframe", "object", "form"})
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert HOSTILE in " ".join(page.text.split())


def test_a_page_needs_nothing_else() -> None:
    """No address but those of records, which the reader may follow."""
    page = Page(as_html(digest(entry())))
    loading = [a for tag, a in page.tags if tag != "a" and ({"src", "href"} & a.keys())]
    assert loading == []
    assert [a["href"] for tag, a in page.tags if tag == "a"] == [
        "https://pubmed.ncbi.nlm.nih.gov/7/"
    ]
    assert "url(" not in as_html(digest(entry()))


@pytest.mark.parametrize(
    ("values", "address"),
    [
        ({"pmid": "7", "doi": "10.1/x"}, "https://pubmed.ncbi.nlm.nih.gov/7/"),
        ({"doi": '10.1/a<b>"c'}, "https://doi.org/10.1/a%3Cb%3E%22c"),
        ({"urls": ("javascript:alert(1)", "data:text/html,x")}, ""),
        ({"urls": ("ftp://a", 'HTTPS://example.org/a b"c')}, "HTTPS://example.org/a%20b%22c"),
        ({}, ""),
    ],
)
def test_a_link_goes_to_the_web_only(values: dict[str, Any], address: str) -> None:
    """PubMed, then the DOI, then an address of the source that is http or https."""
    assert link(Record(title="T", **values)) == address


def test_the_page_shows_why_and_what_to_expect() -> None:
    """Marks, chance, reasons, designs, highlights and the notice are all there."""
    notice = Notice(kind=NoticeKind.RETRACTED, reference="J Inv. 2026;1:2.", pmid="90")
    html = as_html(
        digest(
            entry("1", Kind.RETRACTED, notice=notice, label=Label.INCLUDE),
            entry(
                chance=0.4,
                designs=("randomised",),
                reasons=(AlertReason(name="coil", value=1.0), AlertReason(name="bees", value=-1.0)),
            ),
        )
    )
    text = " ".join(Page(html).text.split())
    assert "This included study was retracted: J Inv. 2026;1:2 (PMID 90)." in text
    assert "may be relevant, about 2 in 5" in text
    assert "For it: coil; against it: bees" in text
    assert "your label: include" in text
    assert '<mark class="intervention">rTMS</mark>' in html
    assert text.index("retracted") < text.index("may be relevant")


def test_nothing_new_is_one_line() -> None:
    """Beside what was looked through."""
    empty = digest()
    assert headline(empty) == "Nothing new"
    assert as_text(empty) == (
        "rms: Nothing new\n25 November 2026\n\n"
        "PubMed, entries and changes from 1 November 2026 to 25 November 2026: 4\nrecords.\n"
    )
    assert "<article" not in as_html(empty)


def test_what_falls_below_the_line_is_listed_and_told() -> None:
    """With what has to be expected on both sides."""
    line = Threshold(
        score=0.5,
        sensitivity=0.95,
        relevant=40,
        relevant_above=38,
        others_above=0.034,
        ground="here",
    )
    both = digest(
        entry("1", chance=0.9), entry("2", alert=False, chance=0.01), ranker="M", threshold=line
    )
    assert headline(both) == "1 new record to read"
    text = " ".join(as_text(both).split())
    assert "38 of 40 relevant records here score above it, and 3.4% of the others" in text
    assert "1 record to read, about 1 of them relevant; 1 below the threshold" in text
    assert "Expect about 1 in 16 of all relevant records below it" in text
    assert "BELOW THE THRESHOLD" in text
    assert headline(digest(entry("2", alert=False))) == (
        "Nothing new to read; 1 record unlikely to be relevant"
    )


def test_without_a_line_all_is_to_be_read() -> None:
    """And the digest says why."""
    assert "No threshold is set" in as_text(digest(entry(), ranker="the protocol"))


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (None, ""),
        (0.999, "likely relevant, more than 9 in 10"),
        (0.83, "likely relevant, about 5 in 6"),
        (0.21, "may be relevant, about 1 in 5"),
        (0.1, "less likely, about 1 in 10"),
        (0.02, "unlikely, about 1 in 50"),
        (0.0, "unlikely, fewer than 1 in 1,000"),
    ],
)
def test_expected_relevance_is_words_with_a_number(chance: float | None, words: str) -> None:
    """As people say it, never as certainty."""
    assert expected(entry(chance=chance)) == words


@given(st.text(max_size=300), st.text(max_size=300))
def test_text_fits_72_columns(title: str, journal: str) -> None:
    """But for single words that are longer, which are not broken; and nothing moves the cursor."""
    record = replace(entry().record, title=title, journal=journal)
    text = as_text(digest(entry(record=record)))
    assert all(len(line) <= 72 or len(line.split()) <= 2 for line in text.split("\n"))
    assert all(char.isprintable() or char == "\n" for char in text)


def test_json_says_everything() -> None:
    """For other programs; the page of the watch lists the fields."""
    values = json.loads(as_json(digest(entry(chance=0.5, score=1.25), notes=("Mind.",))))
    assert values["format"] == 1
    (one,) = values["entries"]
    assert (one["kind"], one["pmid"], one["score"], one["chance"]) == ("new", "7", 1.25, 0.5)
    assert one["link"] == "https://pubmed.ncbi.nlm.nih.gov/7/"
    assert {h["element"] for h in one["highlights"]} >= {"intervention", "population"}
    assert values["coverage"]["since"] == "2026-11-01"
    assert values["notes"] == ["Mind."]


@example("", "", "\0")
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=20))
def test_a_feed_is_valid_whatever_a_record_says(title: str, abstract: str, author: str) -> None:
    """RFC 4287, sections 4.1.1 and 4.1.2: what must be there is, once, and is well formed."""
    record = replace(entry().record, title=title, abstract=abstract, authors=(author,))
    feed = etree.fromstring(feed_with(None, digest(entry(record=record)), feed_id=FEED))
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (found,) = element.findall(f"{ATOM}{name}")
            assert found.text
        datetime.fromisoformat(element.findtext(f"{ATOM}updated") or "")
        assert element.findtext(f"{ATOM}author/{ATOM}name").strip()
    assert [one.get("href") for one in feed.findall(f"{ATOM}link[@rel='self']")] == ["atom.xml"]
    (one,) = feed.findall(f"{ATOM}entry")
    assert one.findtext(f"{ATOM}id").startswith("urn:uuid:")
    assert one.find(f"{ATOM}link[@rel='alternate']") is not None
    assert one.findtext(f"{ATOM}summary")


def test_a_feed_grows_at_its_head_and_adding_twice_is_adding_once() -> None:
    """The id of an entry is that of its news; an entry that is there stays as it is."""
    first = feed_with(None, digest(entry("1")), feed_id=FEED)
    later = digest(entry("1"), entry("2"), at="2026-11-26T06:00:00.000Z")
    second = feed_with(first, later, feed_id=FEED)
    ids = [one.text for one in etree.fromstring(second).iterfind(f"{ATOM}entry/{ATOM}id")]
    assert ids == [entry("2").guid, entry("1").guid]
    assert feed_with(second, later, feed_id=FEED) == second
    assert etree.fromstring(second).findtext(f"{ATOM}updated") == "2026-11-26T06:00:00.000Z"


def test_a_feed_leaves_out_what_is_old_and_nothing_that_is_new() -> None:
    """It holds so many entries, or as many as are new at once."""
    many = digest(*(entry(str(n)) for n in range(KEPT + 5)))
    full = feed_with(None, many, feed_id=FEED)
    assert len(etree.fromstring(full).findall(f"{ATOM}entry")) == KEPT + 5
    more = feed_with(full, digest(entry("9999")), feed_id=FEED)
    assert len(etree.fromstring(more).findall(f"{ATOM}entry")) == KEPT


def test_news_below_the_line_is_not_in_the_feed() -> None:
    """A feed is for what is worth reading."""
    feed = feed_with(None, digest(entry("1", alert=False)), feed_id=FEED)
    assert etree.fromstring(feed).find(f"{ATOM}entry") is None


@pytest.mark.parametrize(
    "content", [b"", b"<feed", b"<rss/>", b"<feed xmlns='x'><id>y</id></feed>"]
)
def test_a_strange_feed_is_not_overwritten(content: bytes) -> None:
    """Another review's, a damaged one, or one of another program."""
    with pytest.raises(InputError, match=r"atom\.xml"):
        require_feed(content, FEED, path="atom.xml")


def test_of_very_many_records_the_rest_is_listed_by_title() -> None:
    """A page or a mail of thousands of abstracts would reach nobody."""
    many = digest(*(entry(str(n + 1)) for n in range(IN_FULL + 3)))
    html = as_html(many)
    assert html.count("<article") == IN_FULL
    assert "3 more records to read" in " ".join(Page(html).text.split())
    assert html.count("<li>") == 3
    text = as_text(many)
    assert "MORE TO READ" in text
    assert len(json.loads(as_json(many))["entries"]) == IN_FULL + 3
