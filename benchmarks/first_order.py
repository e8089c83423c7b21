"""How good the ranking is before any label, on real records.

    python benchmarks/first_order.py

The citations of the rMS review that were labelled "include", among 22,000 background records:
ranked from the built-in protocol alone. Once with titles only, once with the abstracts of the
background, once with all near misses (the excluded citations and the topic pool) added.

`benchmarks/prior.py` measures the first order from a review's title alone.
Needs the real data (AUTOSCREEN_DATA).
"""

from __future__ import annotations

import numpy as np

from _common import DATA, need_data, read_csv, table
from autoscreen.features import PoolFeatures, concept_coverage
from autoscreen.protocol import Protocol, load_protocol
from autoscreen.ranking import order, protocol_prior

Row = dict[str, str]


def main() -> None:
    need_data()
    _rms()


def _rms() -> None:
    citations = list(read_csv(DATA / "rms_pnp" / "citations.csv"))
    includes = [row for row in citations if row["label"] == "include"]
    background = list(read_csv(DATA / "background" / "abstracts.csv.gz"))
    near = list(read_csv(DATA / "rms_pnp" / "topic_pool_medline.csv.gz"))
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


def _scores(pool: list[Row], protocol: Protocol) -> np.ndarray:
    rows = [(row["title"], row.get("abstract", ""), row.get("keywords", "")) for row in pool]
    coverage = concept_coverage(rows, protocol.concepts)
    question = protocol.title or protocol.question
    return protocol_prior(PoolFeatures.of(rows), question, coverage).scores


if __name__ == "__main__":
    main()
