"""The demonstration records are valid, invented, and labelled one to one."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from Bio import Medline

from autoscreen.formats import Problem, read
from autoscreen.records import Label, NoticeKind, Record
from autoscreen.resources import resource

RECORDS = 202
MARK = "invented record for the autoscreen demonstration"
REASONS = {
    (Label.INCLUDE, ""): 18,
    (Label.UNSURE, "MIXED_POP"): 3,
    (Label.UNSURE, "BORDERLINE_POP"): 3,
    (Label.EXCLUDE, "WRONG_INT"): 80,
    (Label.EXCLUDE, "WRONG_POP"): 50,
    (Label.EXCLUDE, "WRONG_TYPE"): 24,
    (Label.EXCLUDE, "ANIMAL"): 12,
    (Label.EXCLUDE, "HEALTHY"): 12,
}


@pytest.fixture(scope="module")
def nbib() -> Path:
    return resource("data", "demo", "demo.nbib")


@pytest.fixture(scope="module")
def parsed(nbib: Path) -> list[dict[str, object]]:
    """The records as Biopython's parser sees them, which is not ours."""
    with nbib.open(encoding="utf-8") as file:
        return list(Medline.parse(file))


@pytest.fixture(scope="module")
def records(nbib: Path) -> dict[str, Record]:
    """The records as autoscreen reads them, by PMID."""
    results = list(read(nbib))
    assert [str(result) for result in results if isinstance(result, Problem)] == []
    return {result.pmid or "": result for result in results if isinstance(result, Record)}


@pytest.fixture(scope="module")
def labels() -> list[tuple[str, Label, str]]:
    with resource("data", "demo", "labels.csv").open(encoding="utf-8", newline="") as file:
        return [(row["pmid"], Label(row["label"]), row["reason"]) for row in csv.DictReader(file)]


def test_biopython_finds_every_record_with_its_own_pmid(
    nbib: Path, parsed: list[dict[str, object]]
) -> None:
    """Record starts, parsed records and distinct PMIDs are equally many."""
    starts = re.findall(r"(?m)^PMID- ", nbib.read_text(encoding="utf-8"))
    assert len(starts) == len(parsed) == len({one["PMID"] for one in parsed}) == RECORDS


def test_autoscreen_reads_what_biopython_reads(
    parsed: list[dict[str, object]], records: dict[str, Record]
) -> None:
    """Both parsers give the same titles and abstracts under the same PMIDs."""
    expected = {one["PMID"]: (one["TI"], one.get("AB", "")) for one in parsed}
    assert {pmid: (one.title, one.abstract) for pmid, one in records.items()} == expected


def test_every_record_is_marked_as_invented(parsed: list[dict[str, object]]) -> None:
    """Mark, PMID range, DOI prefix and journal each say that a record is not real."""
    for one in parsed:
        assert one["CI"] == [MARK]
        assert 99_000_001 <= int(str(one["PMID"])) <= 99_000_000 + RECORDS
        assert "Demo" in str(one["TA"])
        for identifier in (*one.get("AID", []), one.get("LID", "")):  # type: ignore[misc]
            assert re.fullmatch(r"(10\.5555/autoscreen\.demo\.\d{3} \[doi\])?", identifier)


def test_identifiers_in_links_are_invented_too(nbib: Path) -> None:
    """A comment, correction or retraction never points to a PMID that PubMed may give."""
    linked = re.findall(r"PMID: (\d+)", nbib.read_text(encoding="utf-8"))
    assert linked
    assert all(99_000_000 < int(pmid) < 100_000_000 for pmid in linked)


def test_labels_belong_to_records_one_to_one_in_file_order(
    parsed: list[dict[str, object]], labels: list[tuple[str, Label, str]]
) -> None:
    """Each record has exactly one label, and both files list them in the same order."""
    assert [pmid for pmid, _, _ in labels] == [one["PMID"] for one in parsed]


def test_each_label_and_reason_is_there_as_often_as_the_readme_says(
    labels: list[tuple[str, Label, str]],
) -> None:
    """The counts are those of the table in the README."""
    counts = Counter((label, reason) for _, label, reason in labels)
    assert counts == REASONS
    readme = resource("data", "demo", "README.md").read_text(encoding="utf-8")
    for (label, reason), count in REASONS.items():
        code = f"`{reason}`" if reason else ""
        assert re.search(rf"(?m)^\| {label} \| *{code} *\| {count} \|", readme)


def test_position_does_not_give_the_label_away(labels: list[tuple[str, Label, str]]) -> None:
    """Each quarter of the file holds includes, and no two of them follow each other."""
    wanted = [place for place, (_, label, _) in enumerate(labels) if label is Label.INCLUDE]
    assert {4 * place // RECORDS for place in wanted} == {0, 1, 2, 3}
    assert all(later - earlier > 1 for earlier, later in pairwise(wanted))


def test_abstracts_have_the_length_of_abstracts(
    records: dict[str, Record], labels: list[tuple[str, Label, str]]
) -> None:
    """An abstract has 80 to 220 words; six are missing, one of them of an include."""
    lengths = {pmid: len(one.abstract.split()) for pmid, one in records.items() if one.abstract}
    assert {pmid: n for pmid, n in lengths.items() if not 80 <= n <= 220} == {}
    missing = [label for pmid, label, _ in labels if pmid not in lengths]
    assert Counter(missing) == {Label.EXCLUDE: 5, Label.INCLUDE: 1}


def test_no_two_abstracts_share_a_long_run_of_words(records: dict[str, Record]) -> None:
    """Texts are written one by one: twelve words in a row occur in one record only."""
    owner: dict[tuple[str, ...], str] = {}
    for pmid, one in records.items():
        words = re.findall(r"\w+", one.abstract.lower())
        for run in zip(*(words[start:] for start in range(12)), strict=False):
            assert owner.setdefault(run, pmid) == pmid, " ".join(run)


def test_includes_are_told_in_varied_words(
    records: dict[str, Record], labels: list[tuple[str, Label, str]]
) -> None:
    """No single usual term finds all includes, and the usual terms also hit excludes."""
    found = Counter[tuple[str, Label]]()
    for pmid, label, _ in labels:
        text = records[pmid].text.lower()
        for term in ("transcranial magnetic", "rtms", "theta burst", "neuropath", "magnetic"):
            found[term, label] += term in text
    for term in {term for term, _ in found}:
        assert 0 < found[term, Label.INCLUDE] < 18
        assert found[term, Label.EXCLUDE] > 0


def test_odd_shapes_are_among_them(records: dict[str, Record]) -> None:
    """A retraction, a correction, other languages, no authors, Greek letters: all are there."""
    kinds = {notice.kind for one in records.values() for notice in one.notices}
    assert {NoticeKind.RETRACTED, NoticeKind.CORRECTED} <= kinds
    languages = {name for one in records.values() for name in one.languages}
    assert languages == {"eng", "ger", "fre", "spa", "jpn", "chi"}
    assert any(not one.authors for one in records.values())
    assert any("\N{GREEK SMALL LETTER ALPHA}" in one.title for one in records.values())
    assert sum(one.title.startswith("[") for one in records.values()) == 5


def test_the_file_is_laid_out_as_pubmed_does(nbib: Path) -> None:
    """UTF-8 in NFC, 80 columns, tags in four places, six spaces before a continuation."""
    text = nbib.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    for line in text.splitlines():
        assert len(line) <= 80
        assert re.match(r"([A-Z]{2,4} {0,2}- \S| {6}\S|$)", line)
