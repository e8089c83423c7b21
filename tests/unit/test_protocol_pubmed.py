"""Queries that PubMed would misread are found."""

from __future__ import annotations

import pytest

from autoscreen.protocol import query_fault


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
        ("", 1, "ends where an operand"),
        ("(pain[ti]", 1, "never closed"),
        ("pain[ti]\nAND (nerve[ti]\nOR knee[ti]", 2, "never closed"),
        ("pain[ti])", 1, "closes nothing"),
        ("(pain[ti] OR )", 1, "stands where an operand"),
        ("()", 1, "stands where an operand"),
        ("pain[ti] OR", 1, "ends where an operand"),
        ("pain[ti] OR AND knee[ti]", 1, "AND has nothing on its left"),
        ("OR pain[ti]", 1, "OR has nothing on its left"),
        ("pain[ti]\nknee[ti]", 2, "no operator stands before knee"),
        ("(a[ti]) (b[ti])", 1, "no operator stands before ("),
        ('pain[ti] "knee"[ti]', 1, "no operator stands before"),
        ('pain "knee"[ti]', 1, "no operator stands before"),
        ("pain[ti] or knee[ti]", 1, "no operator stands before or"),
        ("pain[tiabs]", 1, "no search field tag [tiabs]"),
        ("pain[ti:~3x]", 1, "no search field tag"),
        ("[ti] pain", 1, "[ti] follows no word"),
        ("(pain)[ti]", 1, "[ti] follows no word"),
        ("pain[ti][ab]", 1, "[ab] follows no word"),
        ('"pain[ti]', 1, 'a " has no partner'),
        ("pain[ti OR knee", 1, "a [ has no partner"),
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
