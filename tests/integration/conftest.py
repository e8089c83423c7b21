"""Fixtures of the tests that go through a whole review."""

from __future__ import annotations

from pathlib import Path

import pytest

from autoscreen.resources import resource
from autoscreen.review import Review


@pytest.fixture(scope="session")
def demo_review(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one review with the demo's records and a first order; tests copy it."""
    path = tmp_path_factory.mktemp("prepared") / "rms.autoscreen"
    with Review.create(path, protocol="rms-pnp") as review:
        review.import_files([resource("data", "demo", "demo.nbib")])
        review.rank(top=1)
    return path
