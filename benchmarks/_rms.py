"""The records of the rMS review for training and testing, from the real data."""

from __future__ import annotations

from collections.abc import Iterator

from _common import DATA, ROOT, need_data, read_csv
from autoscreen.records import Record
from autoscreen.training.label_files import JoinedLabels, LabelRow, join_labels, read_labels

LABELS = ROOT / "data" / "rms_pnp" / "labels.csv"
NEAR = ("topic_pool_medline.csv.gz", "topic_pool_ctgov.csv.gz")


def labelled() -> tuple[JoinedLabels, list[LabelRow]]:
    """Join the labels of the review with the texts that the data hold, and the pool behind them."""
    need_data()
    labels = read_labels(LABELS)
    return join_labels(labels, _records()), labels


def _records() -> Iterator[Record]:
    folder = DATA / "rms_pnp"
    for path in (
        folder / "citations.csv",
        *(folder / name for name in NEAR),
        DATA / "background" / "abstracts.csv.gz",
    ):
        for row in read_csv(path):
            yield Record(
                title=row["title"],
                abstract=row.get("abstract", ""),
                year=int(row["year"]) if row.get("year", "").isdigit() else None,
                pmid=row["pmid"] or None,
                doi=row["doi"].lower() or None,
                source_key=row.get("record_id") or row["pmid"],
                tags=(path.name.partition(".")[0],),
            )
