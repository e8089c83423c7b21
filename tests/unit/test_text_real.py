"""Concepts on real titles and abstracts."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from autoscreen.protocol import load_protocol
from autoscreen.text import ConceptMatcher, find_sections

pytestmark = pytest.mark.real_data


def _titles(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        return [row["title"] for row in csv.DictReader(stream)]


def test_relevant_titles_name_more_concepts_than_the_rest(
    real_data: Callable[..., Path],
) -> None:
    """Of the 18 known relevant titles among 23,000, concepts alone put 15 into the top 30."""
    protocol = load_protocol("rms-pnp")
    matcher = ConceptMatcher(protocol.concepts)
    required = {concept.key for concept in protocol.required}
    against = {concept.key for concept in protocol.against}
    with real_data("rms_pnp", "citations.csv").open(encoding="utf-8", newline="") as stream:
        pool = [(row["title"], row["label"]) for row in csv.DictReader(stream)]
    pool += [(title, "") for title in _titles(real_data("background", "abstracts.csv.gz"))]

    def score(title: str) -> int:
        named = {hit.concept for hit in matcher.find(title) if not hit.negated}
        return len(named & required) - len(named & against)

    scored = [(score(title), label) for title, label in pool]
    relevant = [points for points, label in scored if label == "include"]
    assert len(relevant) == 18
    assert min(relevant) >= 2
    top = [label for points, label in scored if points == 3]
    assert top.count("include") >= 15
    assert len(top) <= 30


def test_magnetic_stimulation_is_found_in_real_abstracts(real_data: Callable[..., Path]) -> None:
    """Nearly all texts that someone else's cues flag name it, as treatment or as a test."""
    matcher = ConceptMatcher(load_protocol("rms-pnp").concepts)
    wanted = {"magnetic_stimulation", "diagnostic_tms"}
    agree = cued = 0
    path = real_data("rms_pnp", "topic_pool_medline.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["magstim"] == "True":
                cued += 1
                hits = matcher.find(f"{row['title']}\n{row['abstract']}")
                agree += any(hit.concept in wanted for hit in hits)
    assert cued > 300
    assert agree / cued > 0.98


def test_sections_of_real_abstracts(real_data: Callable[..., Path]) -> None:
    """Labelled abstracts have their labels in the usual order: methods before results."""
    path = real_data("background", "abstracts.csv.gz")
    ordered = labelled = 0
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream)):
            if number == 4000:
                break
            kinds = [section.kind.value for section in find_sections(row["abstract"])]
            if "methods" in kinds and "results" in kinds:
                labelled += 1
                ordered += kinds.index("methods") < kinds.index("results")
    assert labelled > 500
    assert ordered / labelled > 0.98
