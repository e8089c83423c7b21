"""Where a server listens, and by which names it may be asked for."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from autoscreen.errors import ConfigError
from autoscreen.review import Review
from autoscreen.web.executor import ReviewExecutor
from autoscreen.web.network.request_checks import LOOPBACK, KnownHosts
from autoscreen.web.server import Options, _address, _listen, _own_names


def _status(host: str, allowed: set[str] | frozenset[str]) -> int:
    app = Starlette(routes=[Route("/", lambda request: PlainTextResponse("in"))])
    client = TestClient(KnownHosts(app, allowed), base_url="http://localhost")
    return client.get("/", headers={"Host": host}).status_code


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8401", "127.0.0.1:8401", "[::1]:8401"])
def test_a_machine_knows_itself(host: str) -> None:
    """All ways to write this machine, with and without port."""
    assert _status(host, LOOPBACK) == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example:8401", "192.168.1.5:8401", "", "[::1"]
)
def test_a_server_for_one_answers_to_no_other_name(host: str) -> None:
    """Not to a name that somebody points at this machine, nor to an address of a network."""
    assert _status(host, LOOPBACK) == 421


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("192.168.1.5:8401", 200),
        ("[fe80::1]:8401", 200),
        (socket.gethostname(), 200),
        ("screening.example.org", 200),
        ("evil.example", 421),
        ("192.168.1.5.evil.example", 421),
    ],
)
def test_a_team_comes_by_address_by_name_or_by_that_of_the_proxy(host: str, status: int) -> None:
    """Colleagues type numbers or the machine's name; another name has to be allowed."""
    names = {*LOOPBACK, *_own_names("0.0.0.0"), "screening.example.org"}
    assert _status(host, names) == status


@pytest.mark.parametrize(
    ("host", "team"),
    [("127.0.0.1", False), ("localhost", False), ("::1", False), ("0.0.0.0", True)],
)
def test_whoever_can_be_reached_from_elsewhere_asks_for_accounts(host: str, team: bool) -> None:
    """There is no way to serve a network without accounts."""
    assert Options(host=host).team is team


def test_an_address_that_is_not_ours_is_told(tmp_path: Path) -> None:
    """A typo in --host is one line, with what to do."""
    with pytest.raises(ConfigError, match=r"cannot listen on 192\.0\.2\.7"):
        _listen(Options(host="192.0.2.7"), tmp_path / "rms")


def test_the_link_names_an_address_that_colleagues_can_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0.0.0.0 is no address to visit; HTTPS is named as such."""

    room: Any = SimpleNamespace(start_token="abc")

    monkeypatch.setattr("autoscreen.web.server._own_address", lambda: "192.168.1.5")
    listening = _listen(Options(), tmp_path / "rms")
    port = listening.getsockname()[1]
    here = _address(listening, Options(), room)
    team = Options(host="0.0.0.0", certificate=Path("c.pem"))
    there = _address(listening, team, room)
    listening.close()
    assert here == f"http://127.0.0.1:{port}/start/abc"
    assert there == f"https://192.168.1.5:{port}/start/abc"


def test_long_work_holds_back_neither_other_work_nor_the_end(tmp_path: Path, run_async):
    """While one import goes on, the next one is done; the server closes without waiting for it."""
    Review.create(tmp_path / "r", protocol="rms-pnp").close()
    executor = ReviewExecutor(tmp_path / "r")
    release = threading.Event()

    async def both() -> int:
        stuck = asyncio.ensure_future(executor.run_long(lambda _: release.wait(30)))
        await asyncio.sleep(0.1)
        done = await executor.run_long(lambda review: review.status().records)
        begun = time.monotonic()
        assert not executor.close()
        assert time.monotonic() - begun < 4
        release.set()
        assert await stuck
        return done

    assert run_async(both()) == 0
