"""``autoscreen protocol check`` with the PubMed query of a protocol."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from autoscreen.cli.main_command import run
from autoscreen.review import Review
from eutils_server import EutilsServer, invented

Cli = Callable[..., str]

_PROTOCOL = """
format = 1
name = "brow"
title = "Brow pressing for headache"

[concepts.pressing]
element = "intervention"
label = "Brow pressing"
required = true
terms = ["brow pressing", "temple stroke*"]

[concepts.headache]
element = "population"
label = "Headache"
required = true
terms = ["headache*", "brow ache"]

[[reasons]]
code = "WRONG_POP"
key = "1"
text = "Population"

[search]
pubmed = '''"brow pressing"[tiab] AND headache*[tiab]'''
"""


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Return a function that runs a verb in a folder with the protocol, and returns its output."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "brow.toml").write_text(_PROTOCOL)

    def call(*arguments: str) -> str:
        done = run(arguments)
        written = capsys.readouterr()
        assert done == 0, written.err
        return written.out

    return call


def test_what_a_query_does_not_find_is_listed(cli: Cli, tmp_path: Path) -> None:
    """Terms and known records, with the part of the query that fails."""
    (tmp_path / "known.nbib").write_text(
        "PMID- 1\nTI  - Brow pressing for headaches\n\nPMID- 2\nTI  - Brow pressing for ache\n\n"
    )
    said = cli("protocol", "check", "brow.toml", "--records", "known.nbib", "--broader")
    assert 'Brow pressing: 1 term of 2 not searched: "temple stroke*"' in said
    assert "The query finds 1 of 2 known records; 1 not found" in said
    assert "not found: PMID 2 Brow pressing for ache (no match for headache*[tiab])" in said
    assert '("brow pressing"[tiab] OR "temple stroke*"[tiab])' in said
    (row,) = json.loads(
        cli("protocol", "check", "brow.toml", "--records", "known.nbib", "--format", "json")
    )
    assert row["terms_not_searched"]["headache"] == ["brow ache"]
    assert [one["pmid"] for one in row["missed"]] == ["2"]


def test_the_price_of_a_broader_query_is_asked_only_on_request(
    cli: Cli, eutils: EutilsServer
) -> None:
    """PubMed is contacted by --count alone."""
    eutils.add(invented(30))
    cli("protocol", "check", "brow.toml", "--broader")
    assert eutils.calls == []
    said = cli("protocol", "check", "brow.toml", "--broader", "--count")
    assert "30 records in PubMed: query" in said
    assert "30 records in PubMed: broader" in said


def test_the_known_records_of_a_review_are_those_included(cli: Cli, tmp_path: Path) -> None:
    """Excluded records need not be found."""
    (tmp_path / "a.nbib").write_text(
        "PMID- 1\nTI  - Brow pressing for ache\n\nPMID- 2\nTI  - Ears\n\n"
    )
    cli("init", "brow", "--protocol", "brow.toml")
    cli("import", "brow", "a.nbib")
    with Review.open("brow") as review:
        review.label("r1", "include", reviewer="AA")
        review.label("r2", "exclude", reviewer="AA")
    said = cli("protocol", "check", "brow")
    assert "The query finds 0 of 1 known record; 1 not found" in said
    assert "PMID 1 Brow pressing for ache" in said
