"""Fixtures that all tests share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def real_data() -> Callable[..., Path]:
    """Find a file of the real data, or skip the test and say what is missing."""
    base = Path(os.environ.get("AUTOSCREEN_DATA", ROOT.parent / "shared" / "data"))

    def find(*parts: str) -> Path:
        path = base.joinpath(*parts)
        if not path.exists():
            pytest.skip(f"real data not here: {path} (set AUTOSCREEN_DATA)")
        return path

    return find
