"""PubMed queries are evaluated offline as PubMed documents them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscreen.errors import ConfigError
from autoscreen.presentation.query_check_wording import query_check_lines
from autoscreen.protocol import Concept, Element, Protocol, query_fault
from autoscreen.records import Record
from autoscreen.search_strategy.check import check_query
from autoscreen.search_strategy.evaluate import match_query
from autoscreen.search_strategy.from_concepts import pubmed_query, query_block, recall_first_query
from autoscreen.search_strategy.headings import heading_problems
from autoscreen.search_strategy.missed import missed_records
from autoscreen.search_strategy.term_coverage import Coverage, term_coverage
from autoscreen.search_strategy.tree import parse_query

RECORD = Record(
    title="Theta-burst stimulation of the motor cortex for post-herpetic pain",
    abstract="We treated neuropathies of the median nerve with an H-coil. Crohn's disease was no",
    authors=("Sample, Eva Maria", "Muster B"),
    year=2021,
    journal="Journal of Invented Pain",
    pmid="123",
    doi="10.1/x",
    volume="7",
    mesh=("*Neuralgia, Postherpetic/therapy", "Humans", "Motor Cortex/physiology"),
    keywords=("neuronavigation", "chronic pain"),
    publication_types=("Journal Article", "Randomized Controlled Trial"),
    languages=("eng",),
    raw_format="nbib",
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        # words and phrases
        ("pain[tiab]", True),
        ("Pain[TIAB]", True),
        ("pains[tiab]", False),
        ('"motor cortex"[tiab]', True),
        ('"cortex motor"[tiab]', None),
        ("theta burst[tiab]", True),
        ('"theta-burst"[ti]', True),
        ('"post herpetic pain"[ti]', True),
        ("postherpetic[tiab]", False),
        ("cortex[ab]", False),
        ("nerve[ti]", False),
        ("crohn's[tiab]", True),
        # PubMed joins the words by AND if it does not know the phrase
        ("cortex stimulation[tiab]", None),
        ("cortex migraine[tiab]", False),
        # truncation, also at the end of a phrase
        ("neuropath*[tiab]", True),
        ('"median nerv*"[tiab]', True),
        ('"medi nerv*"[tiab]', False),
        # keywords of authors belong to title/abstract; MeSH headings do not
        ("neuronavigation[tiab]", True),
        ("neuronavigation[ot]", True),
        ("postherpetic[tw]", True),
        ("physiology[tiab]", False),
        ('"pain neuronavigation"[tiab]', None),
        # proximity: words in any order, at most N others between them
        ('"cortex stimulation"[tiab:~3]', True),
        ('"stimulation cortex"[ti:~2]', False),
        ('"motor pain"[Title/Abstract:~4]', True),
        # operators from left to right, without precedence
        ("pain[tiab] OR migraine[tiab] AND migraine[tiab]", False),
        ("pain[tiab] OR (migraine[tiab] AND migraine[tiab])", True),
        ("migraine[tiab] NOT pain[tiab] OR cortex[tiab]", True),
        ("pain[tiab] NOT cortex[tiab]", False),
        # MeSH: entry terms, narrower headings, subheadings, major topics
        ('"Neuralgia, Postherpetic"[mh]', True),
        ('"Postherpetic Neuralgia"[mh]', True),
        ("Neuralgia[MeSH Terms]", True),
        ("Neuralgia[mh:noexp]", False),
        ("Sciatica[mh]", False),
        ('"Neuralgia, Postherpetic/therapy"[mh]', True),
        ('"Neuralgia, Postherpetic/surgery"[mh]', False),
        ("Neuralgia[majr]", True),
        ('"Motor Cortex"[majr:noexp]', False),
        ("therapy[sh]", True),
        ("neuralgi*[mh]", True),
        ('"Animals"[mh] NOT "Humans"[mh]', False),
        ('"Brain"[mh]', None),
        # publication types with narrower ones
        ("Clinical Trial[pt]", True),
        ("randomized controlled trial[ptyp]", True),
        ("Review[pt]", False),
        # other fields
        ("english[la]", True),
        ("german[la]", False),
        ("2021[dp]", True),
        ("2015:2020[dp]", False),
        ('"2015/01/01"[dp] : "3000"[dp]', True),
        ("2021/03[dp]", None),
        ("sample em[au]", True),
        ("sample e[au]", True),
        ("sample[au]", True),
        ("sam[au]", False),
        ("muster b[1au]", False),
        ("muster b[lastau]", True),
        ("123[pmid]", True),
        ("124[uid]", False),
        ("10.1/x[aid]", True),
        ("7[vi]", True),
        ("8[vi]", False),
        ('"Journal of Invented Pain"[ta]', True),
        ('"J Invent Pain"[ta]', None),
        # what cannot be decided offline
        ("motor pain", True),
        ("migraine", None),
        ('"herpes zoster"[tw]', None),
        ("medline[sb]", None),
        ("hospital[ad]", None),
        ("migraine AND sciatica[mh]", False),
        ("migraine OR pain[tiab]", True),
        ("pain[tiab] NOT medline[sb]", None),
    ],
)
def test_a_query_finds_a_record_as_pubmed_documents_it(query: str, found: bool | None) -> None:
    """None means that PubMed has to be asked, and the reason is given."""
    match = match_query(query, RECORD)
    assert match.found is found
    assert bool(match.undecided) is (found is None)


def test_a_record_from_elsewhere_may_have_headings_in_pubmed() -> None:
    """A record that PubMed has not indexed yet has none."""
    ris = Record(title="Pain", raw_format="ris")
    assert match_query("Pain[mh]", ris).found is None
    assert match_query("Pain[mh]", Record(title="Pain", raw_format="nbib")).found is False


def test_a_query_that_pubmed_would_misread_is_refused() -> None:
    """The fault is named instead of evaluated."""
    with pytest.raises(ConfigError, match="never closed"):
        match_query("(pain[tiab]", RECORD)


_LEAVES = st.sampled_from(["pain[tiab]", "migraine[tiab]", '"motor cortex"[ti]', "sb1[sb]", "x"])
_TREES = st.recursive(
    _LEAVES,
    lambda inner: st.tuples(inner, st.sampled_from(["AND", "OR", "NOT"]), inner).map(
        lambda one: f"({one[0]} {one[1]} {one[2]})"
    ),
)


@given(_TREES)
def test_a_tree_written_as_a_query_is_the_same_tree(query: str) -> None:
    """Brackets keep the order of operators."""
    tree = parse_query(query)
    assert parse_query(str(tree)) == tree


@given(_TREES, st.booleans())
def test_a_decided_query_does_not_depend_on_what_is_undecided(query: str, value: bool) -> None:
    """Whatever an undecided operand stands for, a decided result stays the same."""
    found = match_query(query, RECORD).found
    decided = "pain[tiab]" if value else "migraine[tiab]"
    if found is not None:
        certain = query.replace("sb1[sb]", decided).replace("x", decided)
        assert match_query(certain.replace("corte" + decided, "cortex"), RECORD).found is found


@pytest.mark.parametrize(
    ("query", "term", "coverage"),
    [
        ("coil*[tiab]", "H coil*", Coverage.ALL),
        ('"H coil"[tiab]', "H coil*", Coverage.SOME_ENDINGS),
        ("coil[ti]", "coil", Coverage.NONE),
        ("Pain[mh]", "pain", Coverage.NONE),
        ("pain[tiab] AND coil*[tiab]", "H coils", Coverage.ALL),
        ("pain[tiab] NOT coil*[tiab]", "H coils", Coverage.NONE),
        ("(nerve[tiab] AND pain[tiab]) OR x[ti]", "nerve root pain", Coverage.ALL),
        ('"pain nerve"[tiab:~3]', "nerve pain", Coverage.ALL),
        ('"nerve root"[tiab]', "nerve pain", Coverage.NONE),
    ],
)
def test_which_terms_a_query_searches(query: str, term: str, coverage: Coverage) -> None:
    """All occurrences, some endings, or none."""
    (found,) = term_coverage(query, [term])
    assert found.coverage is coverage


_WORDS = st.sampled_from(["nerve", "pain", "coil*", "stimulat*", "root", "rTMS", "neuropath*"])


@given(st.lists(st.lists(_WORDS, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=6))
def test_a_query_built_from_terms_finds_every_one_of_them(terms: list[str]) -> None:
    """Terms that others find are left out, and nothing else."""
    query = query_block(terms)
    assert query_fault(query) is None
    assert {one.coverage for one in term_coverage(query, terms)} == {Coverage.ALL}


def test_terms_bring_their_headings() -> None:
    """Narrower headings are left out, and an abbreviation names none."""
    block = query_block(["neuralgia*", "sciatica", "neuropath*", "PAIN"])
    assert block == (
        '("Neuralgia"[mh] OR neuralgia*[tiab] OR sciatica[tiab] OR neuropath*[tiab] OR PAIN[tiab])'
    )


def test_headings_that_are_wrong_or_not_needed_are_named() -> None:
    """MeSH has no such heading, or another one of the same list finds it."""
    found = heading_problems('"Sciatica"[mh] OR "Neuralgia"[mh] OR "Nerve Ache"[mh]')
    assert [(one.heading, one.problem) for one in found] == [
        ("Nerve Ache", "not a heading of MeSH 2026; check its spelling"),
        ("Sciatica", '"Neuralgia"[mh] finds it too'),
    ]


def test_a_missed_record_comes_with_the_part_that_fails() -> None:
    """The smallest part joined by AND or excluded by NOT is named."""
    query = "((coil*[tiab] OR rtms[tiab]) AND pain[tiab]) NOT rats[tiab]"
    missed = missed_records(
        query, [RECORD, Record(title="Pain"), Record(title="Coils, rats, pain")]
    )
    assert [one.parts for one in missed] == [
        ("no match for coil*[tiab] OR rtms[tiab]",),
        ("excluded by NOT rats[tiab]",),
    ]
    assert RECORD not in [one.record for one in missed]


def _concept(element: Element, *terms: str, required: bool = True) -> Concept:
    key = f"{element}_{terms[0].split()[0]}"
    return Concept(key=key, element=element, label=key, terms=terms, required=required)


def test_the_broader_query_needs_only_one_other_part_of_the_question() -> None:
    """Abstracts often leave out the outcome, and optional concepts of the same part count."""
    protocol = Protocol(
        name="x",
        title="X",
        concepts=(
            _concept(Element.INTERVENTION, "brow pressing"),
            _concept(Element.POPULATION, "brow ache"),
            _concept(Element.OUTCOME, "ache score"),
            _concept(Element.POPULATION, "temple ache", required=False),
        ),
    )
    assert recall_first_query(protocol) == (
        '("brow pressing"[tiab])\nAND ("brow ache"[tiab] OR "ache score"[tiab] OR '
        '"temple ache"[tiab])\nNOT ("Animals"[mh] NOT "Humans"[mh])'
    )
    assert recall_first_query(Protocol(name="x", title="X")) == ""


def test_a_protocol_is_checked_with_its_records() -> None:
    """A concept that the query leaves out by design is no finding."""
    protocol = Protocol(
        name="x",
        title="X",
        concepts=(
            _concept(Element.INTERVENTION, "brow pressing", "kne*"),
            _concept(Element.OUTCOME, "ache score"),
        ),
        pubmed='"brow pressing"[tiab]',
    )
    check = check_query(protocol, [RECORD])
    assert check is not None
    assert [(one.concept.label, one.not_found) for one in check.concepts] == [
        ("intervention_brow", ("kne*",))
    ]
    assert (check.records, len(check.missed), check.own) == (1, 1, True)
    assert check_query(Protocol(name="x", title="X")) is None
    assert pubmed_query(protocol) == protocol.pubmed


def test_the_findings_are_one_sentence_each() -> None:
    """Found, not found and not decided are counted, and reasons are given once."""
    protocol = Protocol(
        name="x",
        title="X",
        concepts=(_concept(Element.INTERVENTION, "brow pressing", "kne*"),),
        pubmed='("brow pressing"[tiab] OR knee[tiab]) NOT (Sciatica[mh] OR Gout[mh])',
    )
    known = [
        Record(title="Brow pressing", raw_format="nbib"),
        Record(title="Brow pressing", raw_format="ris", pmid="7"),
        Record(title="Ears", raw_format="ris"),
    ]
    check = check_query(protocol, known)
    assert check is not None
    assert list(query_check_lines(check)) == [
        'intervention_brow: only some endings are searched of "kne*"',
        "The query finds 1 of 3 known records; 1 not found, 1 not decided",
        "not decided: PMID 7 Brow pressing (Sciatica[mh] and 1 more: the record has no MeSH "
        "headings here, but may have some in PubMed)",
        'not found: Ears (no match for "brow pressing"[tiab] OR knee[tiab])',
    ]
