"""Writes docs/explanation/measured.md and its curves from the results of an evaluation.

    python docs/evaluation.py RESULTS

RESULTS is the output folder of ``benchmarks/evaluate.py``, best with ``--peer asreview`` and
``--left-out``; the page describes that run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autoscreen.evaluation._measures import LOSS, RECALL10, TNR95

sys.path.append(str(Path(__file__).resolve().parents[1] / "benchmarks"))

from _recall_curves import recall_curve, recall_svg
from _summary import Comparison, Result, compare, means

PAGE = Path(__file__).parent / "explanation" / "measured.md"
PICTURES = PAGE.with_suffix("")
OURS, PEER = "autoscreen", "asreview"
NAMES = {OURS: "autoscreen", PEER: "ASReview u4"}
STARTS = {"1+1": "From one relevant and one irrelevant record", "cold": "From no label"}
HEAD = """\
# Measured on finished reviews

`python docs/evaluation.py RESULTS` writes this page and its pictures (do not edit them) \
from a run of

```sh
python benchmarks/prior.py PRIORS
python benchmarks/evaluate.py labelled_sets --peer asreview --left-out PRIORS \\
  --no-embeddings --seeds {seeds} --out RESULTS
```

The reviews are the {reviews} labelled sets of the benchmark; autoscreen's prior was trained \
without the family of the review that is ranked.
The ranker: {ours}.
Compared with: {peer}, its own code with its default model ELAS u4.

Measures and intervals are those of [Simulate finished reviews](../how-to/simulate.md); lower is \
better for loss and last relevant.
In the pictures the line is the mean over reviews and the band spans their 10th to 90th percentile.
[How records are ranked](ranking.md#compared-with-asreviews-own-code) has those of ranker 6, with \
and without sentence embeddings.
"""


def main() -> None:
    """Write page and pictures."""
    values = read(Path(sys.argv[1]))
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.svg"):
        old.unlink()
    for name, picture in pictures(values).items():
        (PICTURES / name).write_text(picture, encoding="utf-8", newline="\n")
    PAGE.write_text(page(values), encoding="utf-8", newline="\n")


def read(results: Path) -> list[dict[str, Any]]:
    """Return the replays of an evaluation that both tools have."""
    found = [json.loads(path.read_text("utf-8")) for path in sorted(results.glob("replays/*.json"))]
    both = {_key(one) for one in found if one["tool"] == OURS}
    both &= {_key(one) for one in found if one["tool"] == PEER}
    return [one for one in found if _key(one) in both]


def page(values: Sequence[Mapping[str, Any]]) -> str:
    """Return the page."""
    made = {tool: sorted({v["made_by"] for v in values if v["tool"] == tool}) for tool in NAMES}
    # The priors differ by the family that they leave out; the rest of the name is the same.
    ours = sorted({name.partition(" prior ")[0] for name in made[OURS]})
    shares = sorted({name.rpartition(" exploration ")[2] for name in made[OURS]})
    parts = [
        HEAD.format(
            seeds=max(one["seed"] for one in values),
            reviews=len({one["name"] for one in values}),
            ours=f"{', '.join(ours)}, {', '.join(shares)} of the records read at random",
            peer=", ".join(made[PEER]),
        )
    ]
    for start, title in STARTS.items():
        own = [one for one in values if one["start"] == start]
        if own:
            parts += _start(start, title, own)
    return "\n".join(parts)


def pictures(values: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the curves of all reviews and of each family as SVG, by file name."""
    drawn = {}
    for start in STARTS:
        own = [one for one in values if one["start"] == start]
        for family in [None, *sorted({one["family"] for one in own})]:
            mine = [one for one in own if family in (None, one["family"])]
            if mine:
                count = len({one["name"] for one in mine})
                title = f"{family or 'all'}: {count} review{'s' * (count > 1)}, start {start}"
                drawn[_picture(start, family)] = recall_svg(title, _curves(mine))
    return drawn


def _picture(start: str, family: str | None) -> str:
    return f"recall-{start.replace('+', '-')}-{(family or 'all').replace(' ', '-')}.svg"


def _curves(values: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    names = sorted({one["name"] for one in values})
    return {
        shown: [
            np.mean(
                [
                    recall_curve(one["relevant_at"], one["records"])
                    for one in values
                    if one["tool"] == tool and one["name"] == name
                ],
                axis=0,
            )
            for name in names
        ]
        for tool, shown in NAMES.items()
    }


def _start(start: str, title: str, values: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    results = [
        Result(
            review=one["name"],
            family=one["family"],
            start=start,
            seed=one["seed"],
            tool=one["tool"],
            measures=one["measures"],
        )
        for one in values
    ]
    yield f"## {title}\n"
    yield f"![Recall against the share read]({PICTURES.name}/{_picture(start, None)})\n"
    found = compare(results, OURS, PEER)
    yield _table(
        [f"mean of {found[0].reviews}", *NAMES.values(), "difference", "better / worse in"],
        [_compared(one) for one in found],
    )
    families = sorted({one.family for one in results})
    yield f"### {title}, by family\n"
    yield _table(
        ["autoscreen / ASReview (better-worse)", "loss", "TNR@95", "recall@10%", "curves"],
        [_family(start, family, results) for family in families],
    )
    yield f"### {title}, review by review\n"
    yield "The largest gains of autoscreen come first; a minus marks a loss.\n"
    yield _table(
        ["review", "loss", "ASReview", "gain", "TNR@95", "ASReview", "gain", "recall@10%",
         "ASReview", "gain"],
        list(_reviews(results)),
    )  # fmt: skip


def _compared(one: Comparison) -> list[str]:
    gap = one.difference
    return [
        one.measure.name,
        f"{one.ours:.4f}",
        f"{one.theirs:.4f}",
        f"{gap.mean:+.4f} [{gap.low:+.4f}, {gap.high:+.4f}], {one.change:+.1%}",
        f"{one.better} / {one.worse}",
    ]


def _family(start: str, family: str, results: Sequence[Result]) -> list[str]:
    found = compare([one for one in results if one.family == family], OURS, PEER)
    by_measure = {one.measure: one for one in found}
    cells = [
        f"{one.ours:.3f} / {one.theirs:.3f} ({one.better}-{one.worse})"
        for one in (by_measure[measure] for measure in (LOSS, TNR95, RECALL10))
    ]
    link = f"[curves]({PICTURES.name}/{_picture(start, family)})"
    return [f"{family} ({found[0].reviews})", *cells, link]


def _reviews(results: Sequence[Result]) -> Iterator[list[str]]:
    table = means(results)
    pairs = {
        review: (values, table[review, start, PEER])
        for (review, start, tool), values in table.items()
        if tool == OURS
    }
    for review, (ours, peer) in sorted(
        pairs.items(), key=lambda pair: pair[1][0]["loss"] - pair[1][1]["loss"]
    ):
        row = [review]
        for measure in (LOSS, TNR95, RECALL10):
            mine, theirs = ours[measure.name], peer[measure.name]
            gain = mine - theirs if measure.higher_is_better else theirs - mine
            row += [f"{mine:.3f}", f"{theirs:.3f}", f"{gain:+.3f}"]
        yield row


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def _key(one: Mapping[str, Any]) -> tuple[Any, ...]:
    return one["name"], one["start"], one["seed"]


if __name__ == "__main__":
    main()
