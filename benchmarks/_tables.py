"""The tables and curves of an evaluation."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from _recall_curves import recall_curve, recall_svg
from _summary import Comparison, Result, compare, means
from autoscreen.errors import InputError
from autoscreen.evaluation._measures import MEASURES

Values = Mapping[str, Any]


def write_tables(values: Sequence[Values], out: Path, tools: Sequence[str]) -> str:
    """Write all tables and curves, and return the text of the table."""
    ordered = sorted(values, key=lambda one: (one["name"], one["start"], one["seed"], one["tool"]))
    results = [
        Result(
            review=one["name"],
            family=one["family"],
            start=one["start"],
            seed=one["seed"],
            tool=one["tool"],
            measures=one["measures"],
        )
        for one in ordered
    ]
    starts = sorted({one.start for one in results})
    text = "\n".join(_start_text(start, results, tools) for start in starts)
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "table.md").write_text(text, encoding="utf-8")
        _write_csv(ordered, out / "results.csv")
        (out / "results.json").write_text(
            json.dumps(_json(results, starts, tools), indent=1), encoding="utf-8"
        )
        _write_curves(ordered, out, tools)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", path=str(out)) from error
    return text


def _start_text(start: str, results: Sequence[Result], tools: Sequence[str]) -> str:
    own = [one for one in results if one.start == start]
    parts = [f"## Start: {start}\n", _reviews_table(own, tools)]
    for other in tools[1:]:
        parts.append(f"### {tools[0]} against {other}\n")
        parts.append(_comparison_table("all reviews", compare(own, tools[0], other), tools[0]))
        parts.append(_families_table(own, tools[0], other))
    return "\n".join(parts)


def _reviews_table(results: Sequence[Result], tools: Sequence[str]) -> str:
    table = means(results)
    names = [measure.name for measure in MEASURES]
    rows = [
        [review, tool, *(f"{values[name]:.3f}" for name in names)]
        for (review, _, tool), values in table.items()
    ]
    for tool in tools:
        own = [values for (_, _, ranked_by), values in table.items() if ranked_by == tool]
        if own:
            average = [sum(one[name] for one in own) / len(own) for name in names]
            rows.append([f"mean of {len(own)}", tool, *(f"{value:.3f}" for value in average)])
    return _markdown(["review", "tool", *names], rows)


def _comparison_table(title: str, found: Sequence[Comparison], ours: str) -> str:
    rows = [
        [
            one.measure.name,
            f"{one.ours:.4f}",
            f"{one.theirs:.4f}",
            f"{one.difference.mean:+.4f} [{one.difference.low:+.4f}, {one.difference.high:+.4f}]",
            f"{100 * one.change:+.1f}%",
            f"{one.better} / {one.worse}",
        ]
        for one in found
    ]
    count = found[0].reviews if found else 0
    head = [f"{title} ({count})", ours, "peer", "difference [95%]", "change", "better / worse"]
    return _markdown(head, rows)


def _families_table(results: Sequence[Result], ours: str, theirs: str) -> str:
    rows = []
    for family in sorted({one.family for one in results}):
        found = compare([one for one in results if one.family == family], ours, theirs)
        shown = [one for one in found if one.measure.name in ("loss", "TNR@95", "recall@10%")]
        cells = [f"{one.ours:.3f} / {one.theirs:.3f} ({one.better}-{one.worse})" for one in shown]
        if cells:
            rows.append([f"{family} ({found[0].reviews})", *cells])
    head = ["family: ours / peer (better-worse)", "loss", "TNR@95", "recall@10%"]
    return _markdown(head, rows)


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _write_csv(values: Sequence[Values], path: Path) -> None:
    columns = ("name", "family", "start", "seed", "tool", "made_by", "records", "seconds")
    rows = [
        {
            **{column: one[column] for column in columns},
            "relevant": len(one["relevant_at"]),
            **one["measures"],
        }
        for one in values
    ]
    pd.DataFrame(rows).to_csv(path, index=False, float_format="%.6f", lineterminator="\n")


def _json(results: Sequence[Result], starts: Sequence[str], tools: Sequence[str]) -> Any:
    return {
        "measures": [
            {"name": one.name, "definition": one.definition, "source": one.source}
            for one in MEASURES
        ],
        "reviews": [
            {"review": review, "start": start, "tool": tool, "measures": _rounded(values)}
            for (review, start, tool), values in means(results).items()
        ],
        "comparisons": [
            _compared(one, start, family, other)
            for start in starts
            for other in tools[1:]
            for family, own in _by_family([r for r in results if r.start == start])
            for one in compare(own, tools[0], other)
        ],
    }


def _by_family(results: Sequence[Result]) -> list[tuple[str, list[Result]]]:
    families = sorted({one.family for one in results})
    return [
        ("all", list(results)),
        *((family, [one for one in results if one.family == family]) for family in families),
    ]


def _compared(one: Comparison, start: str, family: str, other: str) -> dict[str, Any]:
    return {
        "start": start,
        "family": family,
        "peer": other,
        "measure": one.measure.name,
        "reviews": one.reviews,
        "better": one.better,
        "worse": one.worse,
        **_rounded(
            {
                "ours": one.ours,
                "theirs": one.theirs,
                "difference": one.difference.mean,
                "low": one.difference.low,
                "high": one.difference.high,
            }
        ),
    }


def _rounded(values: Mapping[str, float]) -> dict[str, float | None]:
    """Return the values as JSON can hold them: not a number is None."""
    return {name: None if math.isnan(value) else round(value, 6) for name, value in values.items()}


def _write_curves(values: Sequence[Values], out: Path, tools: Sequence[str]) -> None:
    folder = out / "curves"
    folder.mkdir(exist_ok=True)
    for start in sorted({one["start"] for one in values}):
        own = [one for one in values if one["start"] == start]
        every: dict[str, list[Any]] = {tool: [] for tool in tools}
        for review in sorted({one["name"] for one in own}):
            curves = {
                tool: [
                    recall_curve(one["relevant_at"], one["records"])
                    for one in own
                    if one["name"] == review and one["tool"] == tool
                ]
                for tool in tools
            }
            curves = {tool: found for tool, found in curves.items() if found}
            path = folder / f"{review}__{start}.svg"
            path.write_text(recall_svg(f"{review}, start {start}", curves), encoding="utf-8")
            if len(curves) == len(tools):
                for tool, found in curves.items():
                    every[tool].append(sum(found) / len(found))
        shown = {tool: found for tool, found in every.items() if found}
        if shown:
            count = len(next(iter(shown.values())))
            title = f"{count} reviews, start {start}"
            (out / f"recall-{start}.svg").write_text(recall_svg(title, shown), encoding="utf-8")
