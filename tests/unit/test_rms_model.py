"""The shipped model rms-pnp: words of later years, near misses, and the real past."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from _trials import try_splits
from autoscreen.formats import read
from autoscreen.protocol import load_protocol
from autoscreen.ranking import ScreeningModel, load_model
from autoscreen.records import Label, Record
from autoscreen.resources import resource
from autoscreen.training.label_files import join_labels, read_labels

# Invented titles in the words of later years.
LATER = (
    "Accelerated iTBS for phantom limb pain: a case series",
    "Prolonged continuous theta-burst stimulation over M1 in painful diabetic neuropathy",
    "rPMS in painful cervical radiculopathy: a sham-controlled trial",
    "Magnetic peripheral nerve stimulation (mPNS) for painful diabetic neuropathy",
    "Navigated rTMS for trigeminal neuropathic pain",
    "Deep TMS with an H-coil for neuropathic pain of the legs",
    "Home-based rTMS in neuropathic pain: a feasibility trial",
    "Neuropathic pain after COVID-19 treated with rTMS: two cases",
    "Robot-assisted rTMS for pain after brachial plexus avulsion",
    "Repetitive trans-spinal magnetic stimulation for lumbar radicular pain",
    "rTMS for pain in chemotherapy-induced peripheral neuropathy",
    "Theta burst stimulation in post-herpetic neuralgia",
)
NEAR = (
    "Transcranial direct current stimulation for painful diabetic neuropathy: a randomised trial",
    "rTMS for central post-stroke pain: a randomised trial",
    "Repetitive transcranial magnetic stimulation in fibromyalgia",
    "Single-pulse TMS for acute migraine",
    "Accelerated theta burst stimulation for treatment-resistant depression",
    "Study protocol for a randomised trial of rTMS in phantom limb pain",
    "rTMS attenuates neuropathic pain in rats with chronic constriction injury",
    "rTMS for neuropathic pain: a systematic review and network meta-analysis",
    "Theta burst stimulation and experimental heat pain in healthy volunteers",
    "Spinal cord stimulation for painful diabetic neuropathy",
    "Repetitive peripheral magnetic stimulation for chronic low back pain",
    "Mirror therapy for phantom limb pain",
)


@pytest.fixture(scope="module")
def model() -> ScreeningModel:
    """The model that ships."""
    return load_model("rms-pnp")


def test_words_of_later_years_are_alerted_and_near_misses_are_not(model: ScreeningModel) -> None:
    """New names of the stimulation and of the disorders stand before everything near the topic."""
    later = model.decision_function(Record(title=title) for title in LATER)
    near = model.decision_function(Record(title=title) for title in NEAR)
    assert later.min() > near.max()
    assert (later >= model.threshold).all()
    assert (near < model.threshold).all()


def test_the_demo_records_keep_their_order(model: ScreeningModel) -> None:
    """With abstracts, most included records are alerted and few of the excluded ones."""
    with resource("data", "demo", "labels.csv").open(encoding="utf-8", newline="") as stream:
        labels = {row["pmid"]: row["label"] for row in csv.DictReader(stream)}
    records = [
        one for one in read(resource("data", "demo", "demo.nbib")) if isinstance(one, Record)
    ]
    alerted = model.decision_function(records) >= model.threshold
    given = np.array([labels[one.pmid or ""] for one in records])
    assert alerted[given == "include"].sum() >= 15
    assert alerted[given == "exclude"].mean() < 0.15


def test_the_labels_of_the_model_are_facts_alone() -> None:
    """No title or abstract is among the labels, and each names its record."""
    path = resource("data", "rms_pnp", "labels.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        columns = set(next(csv.reader(stream)))
    assert columns == {"pmid", "doi", "title_sha256", "year", "label", "reason", "condition"}
    labels = read_labels(path)
    counts = Counter(one.label for one in labels)
    assert counts == {Label.INCLUDE: 18, Label.EXCLUDE: 1017, Label.UNSURE: 20}
    codes = {reason.code for reason in load_protocol("rms-pnp").reasons}
    assert {code for one in labels for code in one.reason.split(";") if code} <= codes


def _rows(path: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(1 << 30)
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


@pytest.mark.real_data
def test_a_model_of_the_past_finds_what_came_later(real_data: Callable[..., Path]) -> None:
    """Trained up to 2015, every later relevant study is in the first 1% of a mixed pool."""
    titles = [
        Record(
            title=row["title"],
            pmid=row["pmid"] or None,
            doi=row["doi"].lower() or None,
            year=int(row["year"]) if row["year"].isdigit() else None,
        )
        for name in ("rms_pnp/citations.csv", "rms_pnp/topic_pool_medline.csv.gz")
        for row in _rows(real_data(*name.split("/")))
    ]
    background = [
        Record(title=row["title"]) for row in _rows(real_data("background", "abstracts.csv.gz"))
    ]
    labels = read_labels(resource("data", "rms_pnp", "labels.csv"))
    joined = join_labels(labels, titles + background[:3000])
    assert not joined.missing
    read_ones = np.array([one.label is not None for one in joined.examples])
    later = read_ones & np.array([(one.record.year or 9999) > 2015 for one in joined.examples])
    third = np.arange(len(read_ones)) % 3 == 0
    train = np.where(read_ones, ~later, third)
    (trial,) = try_splits(joined.examples, load_protocol("rms-pnp"), [train], sensitivity=0.9)
    relevant = later & np.array([one.label is Label.INCLUDE for one in joined.examples])
    unsure = np.array([one.label is Label.UNSURE for one in joined.examples])
    pool = trial.titles[~train & ~unsure]
    ranks = [int((pool > score).sum()) + 1 for score in trial.titles[relevant]]
    assert len(ranks) == 8
    assert max(ranks) <= len(pool) // 100
