"""Which pairs are taken for one record, which not, and what is said about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from autoscreen.dedup import EvidenceKind, find_duplicates, match_fields
from autoscreen.dedup._rules import judge, weigh
from autoscreen.records import Record

ABSTRACT = (
    "BACKGROUND: Pain in a limb that is lost is common. METHODS: We moved a coil over the motor "
    "cortex of forty people, or held it away from the head. RESULTS: Pain fell by a third where "
    "the coil had touched the head and stayed low for a month. CONCLUSIONS: Coils may help."
)
OTHER_ABSTRACT = (
    "Nurses on night duty slept an hour less than their colleagues on day duty, and those who "
    "changed shifts every week slept least of all. Naps made up for half of the sleep that was "
    "lost. Hospitals should plan shifts with sleep in mind and offer rooms for naps at night."
)
PAPER = Record(
    title="Coil pose and phantom limb pain: a randomised trial in forty amputees",
    abstract=ABSTRACT,
    authors=("Smith, Anna B.", "Okafor, Ben", "de Groot, Carl"),
    year=2012,
    journal="European Journal of Pain (London, England)",
    volume="16",
    issue="3",
    pages="221-228",
    doi="10.1000/ejp.221",
)
BARE = replace(PAPER, doi=None, abstract="")


def match(a: Record, b: Record):
    found = find_duplicates([match_fields(a), match_fields(b)])
    return found[0].evidence if found else None


def variant(record: Record = BARE, **changes: object) -> Record:
    return replace(record, **changes)  # type: ignore[arg-type]


DUPLICATES = {
    "exact copy": BARE,
    "capitals and abbreviations": variant(
        title=BARE.title.upper(), journal="EUR J PAIN", authors=("SMITH AB", "OKAFOR B")
    ),
    "mark-up and spelling": variant(
        title="Coil pose and phantom <i>limb</i> pain: a randomized trial in forty amputees."
    ),
    "typing error": variant(title=BARE.title.replace("phantom", "phanton")),
    "short pages": variant(pages="221-8"),
    "page in a supplement's form": variant(pages="S221"),
    "no place yet": variant(volume="", issue="", pages=""),
    "printed in the next year": variant(year=2013),
    "only the first author": variant(authors=("Smith AB",)),
    "given names first": variant(authors=("Anna B. Smith", "Ben Okafor")),
    "authors in one string": variant(authors=("Smith A. B.Okafor B.de Groot C.",)),
    "subtitle left out, a letter lost": variant(
        title="Coil pose and phantm limb pain: a randomised"
    ),
    "journal's initials": variant(journal="EJP"),
    "subtitle left out": variant(title="Coil pose and phantom limb pain: a randomised trial"),
    "journal under its old name": variant(journal="Zeitschrift Schmerz"),
    "no journal, no authors, same text": variant(
        abstract=ABSTRACT, authors=(), journal="", volume="", pages="", year=None
    ),
    "translated title, same page and text": variant(
        title="Spulenlage und Phantomschmerz: Versuch an vierzig Amputierten", abstract=ABSTRACT
    ),
    "volume spoilt": variant(volume="1", abstract=ABSTRACT),
    "four years later, but the same page": variant(year=2016),
}


@pytest.mark.parametrize("other", DUPLICATES.values(), ids=DUPLICATES)
def test_the_same_article_is_recognised(other: Record) -> None:
    """Without any identifier, an article is known by its fields however a database writes them."""
    original = PAPER if other.abstract else BARE
    assert match(original, other).kind is EvidenceKind.SIMILARITY


NEAR_MISSES = {
    "title only": Record(title=BARE.title),
    "title and year": Record(title=BARE.title, year=2012),
    "later paper of a congress abstract": variant(
        journal="Brain Stimulation", volume="5", pages="310-319", abstract=ABSTRACT
    ),
    "congress abstract in another year of the journal": variant(
        year=2011, volume="15", pages="", abstract=ABSTRACT
    ),
    "erratum": variant(title=f"Erratum: {BARE.title}", pages="400"),
    "erratum without pages": variant(title=f"Correction to: {BARE.title}", pages=""),
    "reply": variant(title=f"Re: {BARE.title}", authors=("Novak D",), pages="400"),
    "other authors": variant(authors=("Novak D", "Kim E"), pages=""),
    "other page of the volume": variant(pages="310-319"),
    "update": variant(year=2017, volume="", pages=""),
    "preprint": variant(
        PAPER, journal="medRxiv", doi="10.1101/2011.1", volume="", issue="", pages=""
    ),
    "other animals": variant(title=BARE.title.replace("forty amputees", "old rats"), pages=""),
}


@pytest.mark.parametrize("other", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_another_article_is_not_merged(other: Record) -> None:
    """An article that is only near to another stays a record of its own."""
    assert match(PAPER if other.doi or other.abstract else BARE, other) is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("part 1", "part 2"),
        ("Part I", "Part II"),
        ("part A", "part B"),
        ("in 2011", "in 2012"),
        ("hepatitis B", "hepatitis C"),
    ],
)
def test_numbered_titles_are_different_articles(first: str, second: str) -> None:
    """Parts of a series differ in a number or a letter only, and are not merged for it."""
    title = "Coils and pain among amputees of one county"
    a, b = (variant(title=f"{title}, {end}", pages="") for end in (first, second))
    assert match(a, b) is None
    assert match(a, replace(a, pages="")) is not None


@pytest.mark.parametrize("title", ["Editorial comment", "Reply to the letter", "Case report"])
def test_standing_titles_need_the_page(title: str) -> None:
    """Two records under a title that many have are one only if they stand in the same place."""
    one = variant(title=title, authors=("Smith AB",))
    assert match(one, replace(one, issue="")) is not None
    assert match(one, replace(one, pages="340")) is None
    assert match(replace(one, pages=""), replace(one, pages="", issue="4")) is None


def test_letters_on_one_page_are_told_apart_by_their_authors() -> None:
    """Two letters under one title on one page are two records."""
    one = variant(title="Coils and the pain of lost limbs in dogs")
    assert match(one, replace(one, authors=("Novak D",))) is None


def test_different_pmids_are_never_merged() -> None:
    """PubMed counts some articles twice; that is for people to judge."""
    assert match(replace(PAPER, pmid="1"), replace(PAPER, pmid="2")) is None


def test_same_pmid_is_enough() -> None:
    """A translated title does not part two records with one PMID."""
    other = replace(PAPER, pmid="7", title="Spulenlage", abstract="", pages="", volume="")
    evidence = match(replace(PAPER, pmid="7"), other)
    assert evidence.kind is EvidenceKind.PMID
    assert str(evidence).startswith("same PMID 7; ")


@pytest.mark.parametrize(
    "other",
    [
        Record(title="Maize under drought in Kenya", pmid="7"),
        replace(PAPER, pmid="7", title="Maize under drought", authors=("Okello C",), year=2018),
    ],
    ids=["nothing else", "other authors and year"],
)
def test_an_equal_pmid_alone_is_for_a_person_to_judge(other: Record) -> None:
    """One of two records may have it by mistake."""
    first, second = (match_fields(one) for one in (replace(PAPER, pmid="7"), other))
    assert judge(first, second) is None
    evidence = weigh(first, second)
    assert evidence is not None
    assert evidence.kind is EvidenceKind.POSSIBLE
    assert "same PMID 7" in str(evidence)


def test_same_pmid_but_other_title_and_doi_is_a_mistake() -> None:
    """A PMID that a database gave to the wrong record merges nothing."""
    wrong = Record(title="Sleep of nurses on night duty", doi="10.1000/sleep.9", pmid="7")
    assert match(replace(PAPER, pmid="7"), wrong) is None


def test_same_doi_with_the_title_is_enough() -> None:
    """Two records with one DOI and one title are one, whatever else is missing."""
    evidence = match(PAPER, Record(title=PAPER.title, doi=PAPER.doi))
    assert evidence.kind is EvidenceKind.DOI
    assert evidence.identifier == PAPER.doi
    assert match(PAPER, Record(doi=PAPER.doi)) is not None


def test_abstracts_of_a_supplement_share_its_doi() -> None:
    """A DOI that stands for a whole supplement does not merge its abstracts."""
    one = replace(PAPER, pages="S34")
    other = replace(
        one, title="Coil pose and sleep: a trial in amputees", abstract=OTHER_ABSTRACT, pages="S34"
    )
    assert match(one, other) is None
    assert match(replace(one, abstract=""), replace(other, abstract="")) is None
    near = replace(one, title=one.title.replace("a randomised", "the randomised"), pages="S35")
    assert match(one, near) is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("10.1002/14651858.cd007.pub2", "10.1002/14651858.cd007.pub3"),
        ("10.1002/14651858.cd007", "10.1002/14651858.cd007.pub2"),
        ("10.12688/f1000research.8123.1", "10.12688/f1000research.8123.2"),
        ("10.1101/2020.01.01.1v1", "10.1101/2020.01.01.1v2"),
        ("10.1000/ejp.221", "10.1000/bs.55"),
    ],
)
def test_other_dois_are_other_records(first: str, second: str) -> None:
    """Versions of a work, and preprints, are records of their own."""
    one, other = replace(PAPER, doi=first), replace(PAPER, doi=second, volume="", pages="")
    assert match(one, other) is None


def test_a_mistaken_doi_needs_everything_else() -> None:
    """DOIs may differ only where title, authors, year, journal, volume and page all agree."""
    mistaken = replace(PAPER, doi="10.1000/ejp.212")
    assert match(PAPER, mistaken).differ == ("doi",)
    for missing in ({"pages": ""}, {"journal": ""}, {"authors": ()}, {"year": None}):
        assert match(PAPER, replace(mistaken, **missing)) is None
    versions = replace(PAPER, doi="10.12688/f.81.1"), replace(PAPER, doi="10.12688/f.81.2")
    assert match(*versions) is not None
    versions = replace(PAPER, doi="10.12688/f.812.1"), replace(PAPER, doi="10.12688/f.812.2")
    assert match(*versions) is None


def test_a_doi_that_was_cut_off_does_not_differ() -> None:
    """The beginning of a DOI neither proves nor refutes anything."""
    old = "10.1002/(sici)1097-0142(19970101)79:1"
    one, other = replace(PAPER, doi=f"{old}<1::aid-cncr1>3.0.co;2-#"), replace(PAPER, doi=old)
    assert match(one, other).kind is EvidenceKind.SIMILARITY


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [("pmcid", "PMC77", EvidenceKind.PMCID), ("accession", "L2012", EvidenceKind.ACCESSION)],
)
def test_other_identifiers_need_a_like_title(name: str, value: str, kind: EvidenceKind) -> None:
    """PMC and accession numbers count together with the title."""
    own: dict[str, Any] = {name: value}
    one = Record(title=PAPER.title, **own)
    assert match(one, Record(title=PAPER.title + ".", **own)).kind is kind
    assert match(one, Record(title="Sleep of nurses on night duty", **own)) is None


def test_different_pmcids_are_different_articles() -> None:
    """Two PMC numbers are two articles."""
    assert match(replace(PAPER, pmcid="PMC1"), replace(PAPER, pmcid="PMC2")) is None


def test_evidence_is_one_sentence() -> None:
    """What is logged says what agrees, what differs, and how sure it is."""
    evidence = match(PAPER, variant(PAPER, doi=None, volume="1"))
    assert str(evidence) == (
        "same title; abstracts overlap 100%; same authors, year, journal, page; "
        "different volume (21 points)"
    )
    near = match(PAPER, variant(PAPER, title=PAPER.title.replace("phantom", "phanton")))
    assert str(near).startswith("same DOI 10.1000/ejp.221; titles 98% alike; ")
    assert "title" not in str(match(PAPER, Record(doi=PAPER.doi)))


def test_only_pairs_with_a_new_record_are_given() -> None:
    """An import compares its records with the old ones, and not the old ones again."""
    keys = [match_fields(PAPER), match_fields(BARE), match_fields(replace(BARE, pages="221-8"))]
    assert {(m.first, m.second) for m in find_duplicates(keys)} >= {(0, 1)}
    assert all(m.second == 2 for m in find_duplicates(keys, new_from=2))
    assert find_duplicates(keys, new_from=2)
    assert find_duplicates(keys, new_from=3) == []


def test_a_separated_pair_is_not_given_again() -> None:
    """What a person has set apart is not proposed, in either order; other copies still are."""
    keys = [match_fields(PAPER)] * 3
    for apart in ([(0, 1)], [(1, 0)]):
        pairs = {(m.first, m.second) for m in find_duplicates(keys, apart=apart)}
        assert (0, 1) not in pairs
        assert {2} <= {i for pair in pairs for i in pair}


@pytest.mark.parametrize("size", [5, 60, 500])
def test_many_records_under_one_title_take_no_longer_than_they_must(size: int) -> None:
    """A block in which all titles are the same is searched by neighbours, and its copies found."""
    pool = [
        Record(title="Editorial comment", journal="Coil J", year=2005, volume="7", pages=str(n + 2))
        for n in range(size)
    ]
    found = find_duplicates([match_fields(record) for record in [*pool, pool[-1]]])
    assert [(m.first, m.second) for m in found] == [(size - 1, size)]


def test_titles_alone_never_match() -> None:
    """However many records have nothing but a title, none is merged."""
    assert find_duplicates([match_fields(Record(title=PAPER.title))] * 500) == []


def test_titles_in_other_scripts_are_compared() -> None:
    """A title without Latin letters is a title."""
    one = Record(title="经颅磁刺激治疗幻肢痛的随机对照试验研究", authors=("Li X",), year=2012)
    assert match(one, replace(one, journal="Pain")) is not None
    other = replace(one, title="夜班护士睡眠质量的横断面调查与分析研究")
    assert match(one, other) is None


def test_a_mistaken_volume_needs_a_like_abstract() -> None:
    """Same journal and year, another volume and no page: the abstract decides."""
    one = replace(PAPER, doi=None, pages="", issue="")
    assert match(one, replace(one, volume="61")) is not None
    assert match(one, replace(one, volume="61", abstract=OTHER_ABSTRACT)) is None


def test_a_subtitle_less_title_with_the_same_doi_is_the_same() -> None:
    """One database keeps the main title only."""
    common = {
        "authors": ("Quill, Mona", "Tarn, Otto"),
        "year": 2019,
        "journal": "Journal of Invented Rehabilitation",
        "doi": "10.1000/pool.1",
    }
    short = Record(title="The POOL trial", **common)  # type: ignore[arg-type]
    long = Record(title="The POOL trial: warm water for stiff knees", **common)  # type: ignore[arg-type]
    assert match(short, long) is not None


def test_slashes_and_entities_do_not_make_another_doi() -> None:
    """A doubled slash or an entity is a way of writing the same DOI."""
    assert (
        match_fields(Record(doi="10.1037//a.2")).doi == match_fields(Record(doi="10.1037/a.2")).doi
    )
    assert match_fields(Record(doi="10.1002/1&lt;2::x&gt;3.0.co;2-2")).doi == (
        "10.1002/1<2::x>3.0.co;2-2"
    )


@pytest.mark.parametrize(
    "pages", ["11-Sep", "Sep-11", "2019-09-11 00:00:00", "9/11/2019", "9.11.19"]
)
def test_a_date_that_a_spreadsheet_made_is_no_page(pages: str) -> None:
    """Page 9-11 became a date; which one it was cannot be known."""
    assert match_fields(Record(pages=pages)).page == ""


def test_a_supplement_is_not_its_volume() -> None:
    """One title in a journal and in a supplement of the same volume are two publications."""
    paper = Record(
        title="Differentiating invented therapy in acute made-up disease",
        authors=("Doe, M. S.",), year=1996, journal="Leukinvent", volume="10", pages="1262-1268",
    )  # fmt: skip
    assert match(paper, replace(paper, volume="10 Suppl 2", pages="S33-38")) is None
    assert match(paper, replace(paper, volume="10 (3)")) is not None


def test_a_journal_written_without_blanks_or_translated_is_the_same() -> None:
    """Abbreviations run together and parallel names are compared too."""
    paper = Record(
        title="Regional made-up therapy for invented cancer", authors=("Doe, M.", "Roe, C."),
        year=1976, volume="72", pages="333-8", journal="The Journal of Thoracic Inventions",
    )  # fmt: skip
    found = match(paper, replace(paper, journal="Jthorinv"))
    assert found is not None and "journal" in found.agree
    found = match(paper, replace(paper, journal="Gakkai [Journal of Thoracic Inventions]"))
    assert found is not None and "journal" in found.agree


def test_equal_abstracts_alone_are_boilerplate() -> None:
    """Without a title, the abstract needs the authors or the page beside it."""
    abstract = "This register summarises all that is known of invented trials. " * 5
    one = Record(abstract=abstract, year=2019, journal="Register")
    assert match(one, replace(one, volume="2")) is None


def test_a_subtitle_may_tell_two_papers_apart() -> None:
    """A main title, authors, year, journal and volume in common are not enough without a page."""
    trial = Record(
        title="Warm water exercise for invented stiff knees", authors=("Quill, M.", "Tarn, O."),
        year=2019, journal="Invented Rehabilitation", volume="12",
    )  # fmt: skip
    views = replace(trial, title=f"{trial.title}: nurses' views")
    assert match(trial, views) is None
    assert match(replace(trial, pages="101-9"), replace(views, pages="101-9")) is not None
