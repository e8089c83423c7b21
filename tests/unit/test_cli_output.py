"""Tables, JSON and CSV on stdout."""

from __future__ import annotations

import csv
import io
import json

import pytest

from autoscreen.cli.common.output import Column, emit, format_table
from autoscreen.cli.common.terminal import clip, display_width, pad

COLUMNS = (
    Column("id", "id"),
    Column("n", "count", right=True),
    Column("title", "title", shrinks=True),
)
ROWS = [
    {"id": "r1", "n": 7, "title": "Magnetic stimulation in phantom limb pain " * 4, "extra": None},
    {"id": "r20", "n": 1234, "title": "磁気刺激の治療", "extra": ["a", "b"]},
]


@pytest.mark.parametrize("width", [40, 60, 100, 300])
def test_a_table_is_no_wider_than_the_terminal(width: int) -> None:
    """Columns that may shrink give way until every line fits."""
    lines = format_table(ROWS, COLUMNS, width=width).splitlines()
    assert len(lines) == 3
    assert max(display_width(line) for line in lines) <= width


def test_only_columns_that_may_shrink_are_cut() -> None:
    """Ids and numbers stay whole and numbers stand under each other."""
    head, first, second = format_table(ROWS, COLUMNS, width=40).splitlines()
    assert head.startswith("id   count")
    assert first.startswith("r1       7")
    assert second.startswith("r20   1234")
    assert first.endswith("\N{HORIZONTAL ELLIPSIS}")


def test_json_carries_every_value_with_its_type(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON has the values without a column too, and text as it is."""
    emit(ROWS, COLUMNS, "json")
    assert json.loads(capsys.readouterr().out) == ROWS


def test_csv_carries_the_same_values_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """CSV has one line a row; lists are joined."""
    emit(ROWS, COLUMNS, "csv")
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["id"] for row in rows] == ["r1", "r20"]
    assert rows[0]["extra"] == ""
    assert rows[1]["extra"] == "a; b"
    assert rows[1]["title"] == ROWS[1]["title"]


@pytest.mark.parametrize(
    ("how", "out", "err"),
    [("table", "", "none yet\n"), ("json", "[]\n", ""), ("csv", "id,n,title\n", "")],
)
def test_no_rows_are_still_an_answer(
    capsys: pytest.CaptureFixture[str], how: str, out: str, err: str
) -> None:
    """A table says that there is nothing; JSON and CSV stay valid."""
    emit([], COLUMNS, how, empty="none yet")
    assert capsys.readouterr() == (out, err)


def test_a_line_break_in_a_value_does_not_break_the_table() -> None:
    """White space inside a value is one space."""
    table = format_table([{"id": "r1", "n": 1, "title": "two\n lines"}], COLUMNS, width=80)
    assert table.splitlines()[1].endswith("two lines")


def test_wide_characters_count_as_two_columns() -> None:
    """Padding and cutting go by what the terminal shows."""
    assert display_width("磁気") == 4
    assert display_width("e\u0301") == 1
    assert display_width(clip("磁気刺激", 5)) <= 5
    assert pad("磁気", 6) == "磁気  "
