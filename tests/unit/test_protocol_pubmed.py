"""Queries that PubMed would misread are found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autoscreen.protocol import Concept, Element, Protocol, query_fault
from autoscreen.search_strategy.from_concepts import pubmed_query


@pytest.mark.parametrize(
    "query",
    [
        "pain",
        "nerve pain[tiab]",
        '"nerve pain"[tiab] OR neuralgi*[tiab]',
        "(a[ti] OR b[MeSH Terms:noexp]) AND NOT c[pt]".replace("AND NOT", "NOT"),
        '("2010/01/01"[dp] : "3000"[dp]) AND pain[tw]',
        '"nerve pain"[tiab:~3]',
        "randomized controlled trial[pt]",
        'a[mh]\nNOT\n("Animals"[mh] NOT "Humans"[mh])',
        "head and neck[tiab]",
        '"H-coil"[tiab] OR C-reactive protein[tiab]',
    ],
)
def test_sound_queries_pass(query: str) -> None:
    """Phrases, tags in short and long form, ranges, proximity, truncation."""
    assert query_fault(query) is None


@pytest.mark.parametrize(
    ("query", "line", "words"),
    [
        ("", 1, "missing at the end of the query"),
        ("(pain[ti]", 1, "never closed"),
        ("pain[ti]\nAND (nerve[ti]\nOR knee[ti]", 2, "never closed"),
        ("pain[ti])", 1, "has no matching ("),
        ("(pain[ti] OR )", 1, "a search word is missing before )"),
        ("()", 1, "a search word is missing before )"),
        ("pain[ti] OR", 1, "missing at the end of the query"),
        ("pain[ti] OR AND knee[ti]", 1, "there is no search word before AND"),
        ("OR pain[ti]", 1, "there is no search word before OR"),
        ("pain[ti]\nknee[ti]", 2, "an operator is missing before knee"),
        ("(a[ti]) (b[ti])", 1, "an operator is missing before ("),
        ('pain[ti] "knee"[ti]', 1, "an operator is missing before"),
        ('pain "knee"[ti]', 1, "an operator is missing before"),
        ("pain[ti] or knee[ti]", 1, "an operator is missing before or"),
        ("pain[tiabs]", 1, "no search field tag [tiabs]"),
        ("pain[ti:~3x]", 1, "no search field tag"),
        ("[ti] pain", 1, "[ti] does not follow a word"),
        ("(pain)[ti]", 1, "[ti] does not follow a word"),
        ("pain[ti][ab]", 1, "[ab] does not follow a word"),
        ('"pain[ti]', 1, 'a " is not matched'),
        ("pain[ti OR knee", 1, "a [ is not matched"),
        ("\u201cpain\u201d[ti]", 1, "curly quotes"),
        ("pai*[ti]", 1, "cannot truncate pai*"),
        ("*pain[ti]", 1, "cannot truncate"),
        ("randomi*ed[ti]", 1, "cannot truncate"),
    ],
)
def test_faults_are_named_with_their_line(query: str, line: int, words: str) -> None:
    """Brackets, quotes, operators, tags, truncation."""
    fault = query_fault(query)
    assert fault is not None
    assert words in fault.message
    assert fault.line == line
    assert fault.hint


def test_a_query_is_built_from_the_concepts():
    """Phrases are quoted, truncation is where PubMed allows it, and the result is valid."""
    knee = Concept(
        key="knee",
        element=Element.POPULATION,
        label="Knee",
        required=True,
        terms=("knee pain", "gonalg*", "neuropath* pain", "knee-joint", "ice pack*", "kne*"),
    )
    ice = Concept(key="ice", element=Element.INTERVENTION, label="Ice", terms=("ice",))
    late = Concept(
        key="late", element=Element.POPULATION, label="Late", against=True, terms=("surgery",)
    )
    query = pubmed_query(Protocol(name="k", title="K", concepts=(knee, ice, late)))
    assert query == (
        '("Knee Joint"[mh] OR "Knee"[mh] OR "knee pain"[tiab] OR gonalg*[tiab] OR '
        '(neuropath*[tiab] AND pain[tiab]) OR "knee-joint"[tiab] OR "ice pack*"[tiab] OR kne[tiab])'
    )
    assert query_fault(query) is None
    without = pubmed_query(
        Protocol(name="k", title="K", concepts=(replace(knee, required=False), ice, late))
    )
    assert without.endswith('\nAND ("Ice"[mh] OR ice[tiab])')
    assert "surgery" not in without
    assert query_fault(without) is None


def test_the_query_of_the_protocol_comes_first_and_without_concepts_there_is_none():
    """Nothing is invented."""
    assert pubmed_query(Protocol(name="k", title="K", pubmed="ice[tiab]")) == "ice[tiab]"
    assert pubmed_query(Protocol(name="k", title="K")) == ""
