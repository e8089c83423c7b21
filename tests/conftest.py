"""Fixtures that all tests share."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from autoscreen.formats import Problem
    from autoscreen.records import Record
    from autoscreen.store import Store
    from autoscreen.store.stored_values import ImportRun
    from eutils_server import EutilsServer

# Several tests run at once: threads of the linear algebra would only wait for each other. It is
# read when numpy is loaded, here and in the processes that tests start.
os.environ["OMP_NUM_THREADS"] = "1"

ROOT = Path(__file__).resolve().parents[1]

# A busy machine must not fail a property: time is measured by the benchmarks.
settings.register_profile(
    "thorough", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=500
)
# The same few examples each time, so that a change that breaks nothing never fails.
settings.register_profile(
    "quick", settings.get_profile("thorough"), max_examples=25, derandomize=True, database=None
)
settings.load_profile("quick")


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


@pytest.fixture
def clock() -> Callable[[], datetime]:
    """A clock that goes on by one second whenever it is read."""
    seconds = count()
    start = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    return lambda: start + timedelta(seconds=next(seconds))


@pytest.fixture
def store(tmp_path: Path, clock: Callable[[], datetime]) -> Iterator[Store]:
    """An empty review file."""
    from autoscreen.store import Store

    with Store.create(
        tmp_path / "rms", name="rms", protocol="title = 'T'", origin="test", now=clock
    ) as made:
        yield made


@pytest.fixture(scope="session")
def take_in() -> Callable[..., ImportRun]:
    """Brings records into a review file without looking for duplicates."""
    from autoscreen.dedup import match_fields

    def take(
        store: Store, records: Iterable[Record], problems: Iterable[Problem] = (), path: str = "a"
    ) -> ImportRun:
        incoming = store.incoming()
        for ordinal, record in enumerate(records, 1):
            incoming.add(record, ordinal, match_fields(record))
        named = tuple(problems)
        with store.writing():
            number = store.imports.open(
                path=path,
                format="medline",
                sha256=f"sha of {path}",
                started=store.time(),
                starts=incoming.count + sum(problem.lost for problem in named),
                problems=named,
            )
            store.imports.take(number, incoming)
            run = store.imports.close(number, labels=0)
        incoming.discard()
        return run

    return take


@pytest.fixture
def eutils(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EutilsServer]:
    """A server on this machine that speaks E-utilities; the environment points to it."""
    from eutils_server import eutils_server

    with eutils_server() as server:
        for name in ("NCBI_API_KEY", "NCBI_TOOL", "NCBI_TIMEOUT"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("NCBI_EUTILS_URL", server.url)
        monkeypatch.setenv("NCBI_EMAIL", "tester@example.org")
        monkeypatch.setenv("AUTOSCREEN_CONFIG", str(tmp_path / "settings" / "config.toml"))
        monkeypatch.setenv("AUTOSCREEN_STATE", str(tmp_path / "state"))
        yield server


@pytest.fixture(scope="session")
def run_async() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Runs a coroutine to its end; in a thread, as a browser's driver has its loop in this one."""

    def run(work: Coroutine[Any, Any, Any]) -> Any:
        with ThreadPoolExecutor(1) as threads:
            return threads.submit(asyncio.run, work).result()

    return run
