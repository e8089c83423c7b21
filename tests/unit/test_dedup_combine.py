"""What the merged view shows."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from autoscreen.dedup import combine
from autoscreen.records import Label, Notice, NoticeKind, Record, Verdict

PUBMED = Record(
    title="Coil pose and phantom limb pain",
    abstract="We moved a coil over the motor cortex of forty people. (ABSTRACT TRUNCATED)",
    authors=("Smith AB", "Okafor B"),
    year=2012,
    journal="Eur J Pain",
    volume="16",
    issue="3",
    pages="221-8",
    pmid="7",
    doi="10.1000/ejp.221",
    mesh=("Phantom Limb/*therapy", "Humans"),
    keywords=("rTMS",),
    publication_types=("Journal Article",),
    languages=("eng",),
    notices=(Notice(kind=NoticeKind.CORRECTED, reference="Eur J Pain 2013;17:1"),),
    entered="2012-03-04",
    raw="PMID- 7",
    raw_format="medline",
)
EMBASE = Record(
    title="COIL POSE AND PHANTOM LIMB PAIN: A RANDOMISED TRIAL",
    abstract="We moved a coil over the motor cortex of forty people. Pain fell by a third.",
    authors=("Smith, Anna B.", "Okafor, Ben"),
    year=2011,
    journal="European Journal of Pain",
    pages="01-Aug",
    accession="L2012",
    keywords=("RTMS", "amputation"),
    urls=("https://example.org/7",),
    verdicts=(Verdict(label=Label.INCLUDE, reviewer="AA"),),
    note="ask for data",
    raw="T1 ...",
    raw_format="ris",
)
SPREADSHEET = Record(
    title="Coil pose and phantom limb pain: a randomised trial",
    abstract="No abstract available",
    authors=("Smith, Anna B. and Okafor, Ben",),
    volume="1)",
    doi="10.1000/ejp.221",
    verdicts=(Verdict(label=Label.EXCLUDE, reviewer="BB"),),
    note="read\nask for data",
    tags=("pilot",),
    source_key="17",
)
ALL = (PUBMED, EMBASE, SPREADSHEET)


def test_each_field_is_the_best_of_its_sources() -> None:
    """Identifiers and headings are PubMed's, texts the fullest that are whole."""
    merged = combine(ALL)
    assert merged.pmid == "7"
    assert merged.doi == "10.1000/ejp.221"
    assert merged.accession == "L2012"
    assert merged.title == SPREADSHEET.title
    assert merged.abstract == EMBASE.abstract
    assert merged.authors == EMBASE.authors
    assert merged.journal == EMBASE.journal
    assert merged.mesh == PUBMED.mesh
    assert merged.entered == "2012-03-04"
    assert merged.source_key == "17"
    assert (merged.raw, merged.raw_format) == (PUBMED.raw, "medline")


def test_year_volume_and_pages_come_from_one_record() -> None:
    """The place in print is not mixed of two sources as long as one knows it."""
    merged = combine(ALL)
    assert (merged.year, merged.volume, merged.issue, merged.pages) == (2012, "16", "3", "221-8")
    ahead = replace(PUBMED, volume="", issue="", pages="", year=2011)
    printed = replace(EMBASE, volume="16", pages="221-228", year=2012)
    assert combine([ahead, printed]).year == 2012


def test_what_a_spreadsheet_spoilt_is_not_shown_if_there_is_better() -> None:
    """'01-Aug' is shown only where no source has the pages."""
    assert combine([EMBASE, replace(SPREADSHEET, pages="1-8")]).pages == "1-8"
    assert combine([EMBASE, SPREADSHEET]).pages == "01-Aug"


def test_lists_of_all_sources_are_joined() -> None:
    """Keywords, notices, labels, notes and addresses of every source are kept, each once."""
    merged = combine(ALL)
    assert merged.keywords == ("rTMS", "amputation")
    assert merged.notices == PUBMED.notices
    assert set(merged.verdicts) == {*EMBASE.verdicts, *SPREADSHEET.verdicts}
    assert sorted(merged.note.split("\n")) == ["ask for data", "read"]
    assert merged.tags == ("pilot",)
    assert merged.urls == EMBASE.urls


@pytest.mark.parametrize("order", list(permutations(ALL)))
def test_order_has_no_influence(order: tuple[Record, ...]) -> None:
    """Whichever source came first, the merged view is the same, the raw text too."""
    merged = combine(order)
    assert merged == combine(ALL)
    assert merged.raw == combine(ALL).raw


def test_records_that_differ_only_in_their_raw_text() -> None:
    """Even the raw text does not depend on the order."""
    one, other = replace(PUBMED, raw="a"), replace(PUBMED, raw="b")
    assert combine([one, other]).raw == combine([other, one]).raw == "a"


def test_a_damaged_text_gives_way_to_a_sound_one() -> None:
    """A longer title with lost letters is not shown instead of a shorter intact one."""
    damaged = replace(
        PUBMED, title="Coil pose and ph\N{REPLACEMENT CHARACTER}ntom limb pain, a trial"
    )
    assert combine([damaged, replace(EMBASE, title=PUBMED.title)]).title == PUBMED.title


def test_one_record_stays_as_it_is() -> None:
    """A record alone, or with copies of itself, is shown as it is."""
    odd = replace(PUBMED, keywords=("Pain", "pain"))
    assert combine([odd]) is odd
    assert combine([odd, odd]) == odd


def test_no_record_is_an_error() -> None:
    """There is no merged view of nothing."""
    with pytest.raises(ValueError, match="at least one record"):
        combine([])
