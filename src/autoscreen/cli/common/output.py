"""Writes rows as a table that fits the terminal, as JSON or as CSV."""

from __future__ import annotations

import csv
import json
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from autoscreen.cli.common.terminal import clip, colour, display_width, pad, terminal_width

GAP = "  "
NARROWEST = 12
_WIDEST = 100


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    key: str
    title: str
    right: bool = False
    shrinks: bool = False
    keep_end: bool = False


def emit(
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[Column],
    how: str,
    *,
    empty: str = "nothing to show",
) -> None:
    """Write rows to stdout."""
    listed = list(rows)
    if how == "json":
        write_json(listed)
    elif how == "csv":
        _write_csv(listed, columns)
    elif listed:
        click.echo(format_table(listed, columns, width=terminal_width(), bold=colour()), color=True)
    elif empty:
        click.echo(empty, err=True)


def emit_blocks(
    rows: Sequence[Mapping[str, Any]],
    lines: Callable[[Mapping[str, Any]], Iterable[tuple[str, str]]],
    how: str,
    *,
    names: Sequence[str],
    empty: str,
) -> None:
    """Write rows to stdout, for people each as lines of a name and a text, none of them cut."""
    if how != "table":
        emit(rows, [Column(name, name) for name in names], how)
        return
    if not rows:
        click.echo(empty, err=True)
    for number, row in enumerate(rows):
        named = [(name, " ".join(text.split())) for name, text in lines(row)]
        widest = max(len(name) for name, _ in named) + len(GAP)
        block = [line for name, text in named for line in wrapped(name.ljust(widest), text)]
        click.echo("\n".join(["", *block] if number else block))


def wrapped(head: str, text: str) -> list[str]:
    """Return a text behind its head, in lines of the terminal's width."""
    return textwrap.wrap(
        text,
        width=min(terminal_width(), _WIDEST),
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_on_hyphens=False,
    ) or [head.rstrip()]


def emit_one(row: Mapping[str, Any], lines: Iterable[str], how: str) -> None:
    """Write one thing to stdout: as lines for people, or its values as JSON or CSV."""
    if how == "table":
        for line in lines:
            click.echo(line, color=True)
    elif how == "json":
        write_json(row)
    else:
        _write_csv([_flat(row)], [])


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return each nested value in a column of its own; of a list of rows, their number."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat |= {f"{name}_{inner}": one for inner, one in _flat(value).items()}
        elif isinstance(value, list | tuple) and any(isinstance(one, dict) for one in value):
            flat[name] = len(value)
        else:
            flat[name] = value
    return flat


def write_json(value: Any) -> None:
    """Write JSON in UTF-8, one value or list, keys in a fixed order."""
    _as_utf8()
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def format_table(
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[Column],
    *,
    width: int,
    bold: bool = False,
) -> str:
    """Lay rows out in columns, at most `width` wide where the columns that shrink allow it."""
    cells = [[plain(row.get(column.key)) for column in columns] for row in rows]
    widths = _fit(columns, cells, width)
    head = _line([column.title for column in columns], columns, widths)
    lines = [click.style(head, bold=True) if bold else head]
    lines += [_line(row, columns, widths) for row in cells]
    return "\n".join(lines)


def plain(value: Any) -> str:
    """Write one value for a cell: nothing for None, parts joined by '; '."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, list | tuple):
        return "; ".join(plain(part) for part in value)
    return " ".join(str(value).split())


def _line(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    parts = [
        pad(clip(cell, width, keep_end=column.keep_end), width, right=column.right)
        for cell, column, width in zip(cells, columns, widths, strict=True)
    ]
    return GAP.join(parts).rstrip()


def _fit(columns: Sequence[Column], cells: list[list[str]], width: int) -> list[int]:
    widths = [
        max(display_width(column.title), *(display_width(row[i]) for row in cells))
        for i, column in enumerate(columns)
    ]
    excess = sum(widths) + len(GAP) * (len(columns) - 1) - width
    while excess > 0:
        able = [i for i, c in enumerate(columns) if c.shrinks and widths[i] > NARROWEST]
        if not able:
            break
        widest = max(able, key=lambda i: widths[i])
        widths[widest] -= 1
        excess -= 1
    return widths


def _write_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> None:
    _as_utf8()
    names = list(rows[0]) if rows else [column.key for column in columns]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_csv_cell(row[name]) for name in names] for row in rows)


def _csv_cell(value: Any) -> Any:
    from autoscreen.formats import guarded

    cell = _cell(value)
    return guarded(cell) if isinstance(cell, str) else cell


def _cell(value: Any) -> Any:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return "; ".join(str(_cell(part)) for part in value)
    return value


def _as_utf8() -> None:
    """Send data as UTF-8 to a file or a program, whatever the locale; a terminal keeps its own."""
    if not sys.stdout.isatty() and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="strict")
