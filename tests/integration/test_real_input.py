"""The main job on real records; skipped, with a message, where they are not available."""

from __future__ import annotations

import csv
import gzip

import pytest

from autoscreen.formats import read
from autoscreen.protocol import Protocol
from autoscreen.records import Record
from autoscreen.review import Review

pytestmark = pytest.mark.real_data


def test_the_topic_pool_and_the_citations_of_the_first_review(real_data, tmp_path):
    """All records come in, those of the topic lead, labels stick, and all go out again."""
    pool = real_data("rms_pnp", "topic_pool_medline.csv.gz")
    citations = real_data("rms_pnp", "citations.csv")
    with citations.open(encoding="utf-8", newline="") as stream:
        truth = {row["title"]: row["label"] for row in csv.DictReader(stream)}
    with Review.create(tmp_path / "rms", protocol="rms-pnp") as review:
        reports = review.import_files([pool, citations])
        assert [report.starts for report in reports] == [1428, 1055]
        assert all(r.starts == r.new + r.merged + r.already_there + r.lost for r in reports)
        assert sum(report.lost for report in reports) == 0
        ranked = review.rank(top=100)
        about = [
            one
            for one in ranked
            if "stimulation" in one.record.text.lower() or "tms" in one.record.text.lower()
        ]
        assert len(about) > 90
        first = review.next(wait=True).ranked
        review.label(first.id, "include", reviewer="AA")
        written = review.export(tmp_path / "out.ris")
        back = [found for found in read(tmp_path / "out.ris") if isinstance(found, Record)]
        assert len(back) == written == review.status().records
        labelled = {record.title for record in back if record.verdicts}
        assert first.record.title in labelled
        known = [title for title, label in truth.items() if label == "include"]
        assert len(known) == 18


@pytest.mark.parametrize(
    ("name", "records", "relevant"),
    [
        ("SYNERGY_Donners_2021", 258, 15),
        ("Cohen2006_ADHD", 851, 20),
        ("CLEF2017_CD010705", 114, 23),
    ],
)
def test_a_finished_review_is_replayed(real_data, tmp_path, name, records, relevant):
    """A screening set comes in with its labels aside, and the order finds half of what is relevant
    before a third is read."""
    source = real_data("screening", f"{name}.csv.gz")
    with gzip.open(source, "rt", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    truth = {row["record_id"]: row["label_included"] == "1" for row in rows}
    with real_data("screening", "reviews.csv").open(encoding="utf-8", newline="") as stream:
        title = next(row["title"] for row in csv.DictReader(stream) if row["name"] == name)
    with Review.create(tmp_path / "replay", protocol=Protocol.from_title(title)) as review:
        (report,) = review.import_files([source], labels=False)
        assert report.starts == records
        assert report.lost == 0
        found = 0
        for _ in range(records // 3):
            ranked = review.next(wait=True).ranked
            good = truth[ranked.record.source_key]
            review.label(ranked.id, "include" if good else "exclude")
            found += good
        assert found >= relevant / 2
        assert review.status().labelled == records // 3
