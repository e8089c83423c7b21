"""Study designs: from indexing first, and from words where indexing is silent."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest

from autoscreen.formats import read
from autoscreen.records import Record, StudyDesign
from autoscreen.resources import resource
from autoscreen.text import study_designs
from autoscreen.text.designs import _IN_ABSTRACT, _STEMS

D = StudyDesign


@pytest.mark.parametrize(
    ("title", "designs"),
    [
        ("rTMS for sciatica: a randomised, sham-controlled trial", {D.RANDOMISED}),
        ("A double-blind comparison of two coils in post-herpetic neuralgia", {D.CONTROLLED}),
        ("A non-randomized study of root stimulation", {D.CONTROLLED}),
        ("Outcome after plexus avulsion: a retrospective cohort", {D.COHORT}),
        ("Coil stimulation for neuroma: a case series", {D.CASE_SERIES}),
        ("Stump pain relieved by theta burst: three cases", {D.CASE_SERIES}),
        ("A case of causalgia treated with rTMS", {D.CASE_REPORT}),
        ("Magnetic stimulation for pain: a systematic review and meta-analysis", {D.REVIEW}),
        ("A meta-analysis of randomised trials of rTMS", {D.REVIEW}),
        ("Guidelines for the treatment of trigeminal neuralgia", {D.REVIEW}),
        ("rTMS in neuropathy: study protocol for a randomised trial", {D.RANDOMISED, D.PROTOCOL}),
        ("Theta burst in rats with sciatic nerve ligation", {D.ANIMAL}),
        ("Pain after amputation", set()),
    ],
)
def test_titles_tell_designs(title: str, designs: set[StudyDesign]) -> None:
    """What a title says of its study is taken up, and nothing else."""
    assert set(study_designs(Record(title=title))) == designs


@pytest.mark.parametrize(
    "title",
    [
        "Phantom pain: a retrospective chart review",
        "Peer review of abstracts",
        "Painful neuropathy: a review of 40 patients",
    ],
)
def test_a_look_into_ones_own_files_is_no_review(title: str) -> None:
    """ "Review" of charts or patients is a study."""
    assert D.REVIEW not in study_designs(Record(title=title))


@pytest.mark.parametrize(
    ("abstract", "design"),
    [
        ("Thirty patients were randomly assigned to active or sham coils.", D.RANDOMISED),
        ("This prospective study followed 40 amputees.", D.COHORT),
        ("A retrospective analysis of amputees.", D.COHORT),
        ("This was a longitudinal observational study.", D.COHORT),
        ("A chart review was made.", D.COHORT),
        ("Coils were compared in a cross-over design.", D.CONTROLLED),
        ("A quasi-randomised comparison.", D.CONTROLLED),
        ("We report three patients.", D.CASE_SERIES),
        ("A 45-year-old farmer came with stump pain.", D.CASE_REPORT),
        ("A meta-analysis was made, and this meta-analysis is open.", D.REVIEW),
        ("The study will recruit adults. Patients will be rated.", D.PROTOCOL),
        ("Knockout mice were used. The mice were young.", D.ANIMAL),
        ("We report the case of a 54-year-old woman.", D.CASE_REPORT),
        ("MEDLINE and Embase were searched up to May.", D.REVIEW),
        ("Patients will be recruited in two clinics. Outcomes will be rated.", D.PROTOCOL),
        ("Male Wistar rats were anaesthetized. The rats were then tested.", D.ANIMAL),
    ],
)
def test_abstracts_tell_designs(abstract: str, design: StudyDesign) -> None:
    """Where a title is silent, the abstract is asked."""
    assert design in study_designs(Record(title="Magnetic coils", abstract=abstract))


def test_a_mention_in_passing_is_no_design() -> None:
    """One animal in an abstract on patients, or one plan, makes no tag."""
    record = Record(
        title="Coils for neuralgia",
        abstract="Earlier work in rats suggested relief. Ten patients were treated. Most patients "
        "improved. A larger trial will be needed; we reviewed our methods.",
    )
    assert study_designs(record) == ()


def test_publication_types_settle_what_they_name() -> None:
    """A record that is indexed as a review is no trial for speaking of trials."""
    record = Record(
        title="rTMS: randomised trials so far",
        abstract="In each, patients were randomly assigned.",
        publication_types=("Journal Article", "Review"),
    )
    assert study_designs(record) == (D.REVIEW,)
    trial = replace(record, publication_types=("Randomized Controlled Trial",))
    assert study_designs(trial) == (D.RANDOMISED,)


def test_headings_tell_animals_and_cohorts() -> None:
    """Animals without humans are an animal study; both together are not."""
    rats = Record(title="Coils", mesh=("Animals", "*Pain/therapy", "Prospective Studies"))
    assert study_designs(rats) == (D.COHORT, D.ANIMAL)
    both = replace(rats, title="Coils in rats", mesh=("Animals", "Humans"))
    assert study_designs(both) == ()


@pytest.mark.parametrize(
    ("design", "also", "share"),
    [(D.RANDOMISED, D.CONTROLLED, 0.6), (D.REVIEW, D.REVIEW, 0.8), (D.ANIMAL, D.ANIMAL, 0.9)],
)
def test_text_finds_what_the_demo_records_are_indexed_as(
    design: StudyDesign, also: StudyDesign, share: float
) -> None:
    """With the indexing hidden, the words of most trials, reviews and animal studies still tell."""
    records = [
        one for one in read(resource("data", "demo", "demo.nbib")) if isinstance(one, Record)
    ]
    indexed = [
        one for one in records if design in study_designs(replace(one, title="", abstract=""))
    ]
    tagged = [
        bool({design, also} & set(study_designs(replace(one, mesh=(), publication_types=()))))
        for one in indexed
    ]
    assert len(tagged) >= 5
    assert sum(tagged) / len(tagged) >= share


def test_excluded_demo_reviews_and_protocols_are_tagged() -> None:
    """Most records that were excluded for their type carry a tag that says so."""
    with resource("data", "demo", "labels.csv").open(encoding="utf-8", newline="") as stream:
        wrong = {row["pmid"] for row in csv.DictReader(stream) if row["reason"] == "WRONG_TYPE"}
    records = [
        one
        for one in read(resource("data", "demo", "demo.nbib"))
        if isinstance(one, Record) and one.pmid in wrong
    ]
    tagged = [bool({D.REVIEW, D.PROTOCOL} & set(study_designs(one))) for one in records]
    assert sum(tagged) >= 0.6 * len(tagged)


def test_the_shortcut_hides_no_cue() -> None:
    """Where a cue matches in an abstract of the demo, one of its stems stands too."""
    matched = 0
    for one in read(resource("data", "demo", "demo.nbib")):
        abstract = f" {one.abstract.lower()}" if isinstance(one, Record) else ""
        for design, cue in _IN_ABSTRACT.items():
            if cue.search(abstract):
                matched += 1
                assert any(stem in abstract for stem in _STEMS[design]), (design, abstract)
    assert matched > 100
