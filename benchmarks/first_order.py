"""How good the first order is, before any label, on real records.

    python benchmarks/first_order.py

1. The citations of the rMS review that were labelled "include", among 22,000 background records:
   ranked from the built-in protocol alone. Once with titles only, once with the abstracts of the
   background, once with all near misses (the excluded citations and the topic pool) added.
2. Every screening set of up to 4,000 records, ranked from the words of its review's title alone.

Needs the real data (AUTOSCREEN_DATA).
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from _pools import DATA, table
from autoscreen.features import concept_coverage, count_terms, weigh
from autoscreen.protocol import Protocol, load_protocol
from autoscreen.ranking import order, protocol_prior

csv.field_size_limit(1 << 30)
Row = dict[str, str]


def main() -> None:
    if not DATA.exists():
        sys.exit(f"skipped: no real data at {DATA} (set AUTOSCREEN_DATA)")
    _rms()
    _titles()


def _rms() -> None:
    citations = list(_rows(DATA / "rms_pnp" / "citations.csv"))
    includes = [row for row in citations if row["label"] == "include"]
    background = list(_rows(DATA / "background" / "abstracts.csv.gz"))
    near = list(_rows(DATA / "rms_pnp" / "topic_pool_medline.csv.gz"))
    titles = [{**row, "abstract": ""} for row in background]
    protocol = load_protocol("rms-pnp")
    rows = []
    for name, pool in (
        ("background titles", includes + titles),
        ("background abstracts", includes + background),
        ("with the excluded citations", citations + titles),
        ("with all near misses", citations + background + near),
    ):
        ranked = order(_scores(pool, protocol))
        found = [
            at for at, row in enumerate(ranked.tolist(), 1) if pool[row].get("label") == "include"
        ]
        among = [str(sum(at <= first for at in found)) for first in (25, 50, 100)]
        rows.append([name, f"{len(pool):,}", *among, str(found[-1])])
    print(f"\nThe {len(includes)} included citations, ranked from the protocol alone")
    table(["among", "records", "first 25", "first 50", "first 100", "last at"], rows)


def _titles() -> None:
    rows, areas, recalls = [], [], []
    for review in _rows(DATA / "screening" / "reviews.csv"):
        if int(review["records"]) > 4000:
            continue
        pool = list(_rows(DATA / "screening" / f"{review['name']}.csv.gz"))
        relevant = np.array([row["label_included"] == "1" for row in pool])
        scores = _scores(pool, Protocol.from_title(review["title"]))
        first = order(scores)[: len(pool) // 10]
        areas.append(roc_auc_score(relevant, scores))
        recalls.append(relevant[first].sum() / relevant.sum())
        rows.append([review["name"], str(len(pool)), f"{areas[-1]:.3f}", f"{recalls[-1]:.3f}"])
    rows.append(["mean", "", f"{np.mean(areas):.3f}", f"{np.mean(recalls):.3f}"])
    print("\nScreening sets, ranked from the title of the review alone")
    table(["review", "records", "AUROC", "recall@10%"], rows)


def _scores(pool: list[Row], protocol: Protocol) -> np.ndarray:
    texts = count_terms(f"{row['title']}\n{row.get('abstract', '')}" for row in pool)
    index_terms = count_terms(row.get("keywords", "") for row in pool)
    terms = weigh(texts, index_terms)
    coverage = concept_coverage(
        ((row["title"], row.get("abstract", ""), row.get("keywords", "")) for row in pool),
        protocol.concepts,
    )
    question = f"{protocol.title}\n{protocol.question}"
    return protocol_prior(
        terms.matrix,
        terms.rows(count_terms([question]), count_terms([""])),
        coverage,
        np.array([bool(row.get("abstract")) for row in pool]),
    ).scores


def _rows(path: Path) -> Iterator[Row]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


if __name__ == "__main__":
    main()
