"""CSV of one thing has a flat cell for each value."""

from __future__ import annotations

import csv
import io

import pytest

from autoscreen.cli.common.output import emit_one


def test_nested_values_get_columns_and_lists_of_rows_are_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No cell holds JSON."""
    row = {
        "name": "rms",
        "performance": {"read": 3, "found_at": [1, 2], "last": {"at": None}},
        "imports": [{"id": 1}, {"id": 2}],
        "none": [],
    }
    emit_one(row, (), "csv")
    (written,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert written == {
        "name": "rms",
        "performance_read": "3",
        "performance_found_at": "1; 2",
        "performance_last_at": "",
        "imports": "2",
        "none": "",
    }
