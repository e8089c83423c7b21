"""``autoscreen screen`` as it is started and stopped."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from autoscreen.records import Record
from autoscreen.review import Review


@pytest.fixture
def review(tmp_path: Path, take_in) -> Path:
    """A review with one record."""
    with Review.create(tmp_path / "rms", protocol="rms-pnp") as made:
        take_in(made._store, [Record(title="Magnetic stimulation", abstract="Pain.")])
    return made.path


def _start(review: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "autoscreen.cli", "screen", str(review), "--no-browser"]
    return subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found
    assert "To stop: Ctrl-C" in process.stdout.readline()
    return found[0]


class _Browser:
    """Asks a server; its connections stay open until the test is over."""

    def __init__(self) -> None:
        self._open: list[http.client.HTTPConnection] = []

    def get(self, address: str, cookie: str = "", host: str = "") -> http.client.HTTPResponse:
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        self._open.append(connection)
        headers = {name: value for name, value in (("Cookie", cookie), ("Host", host)) if value}
        connection.request("GET", parts.path, headers=headers)
        return connection.getresponse()

    def close(self) -> None:
        for connection in self._open:
            connection.close()


@pytest.fixture
def browser() -> Iterator[_Browser]:
    """A browser without a cookie."""
    made = _Browser()
    yield made
    made.close()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_review_opens_by_its_link_and_closes_by_a_signal(review, browser, how):
    """The link lets one browser in, an open line for news does not hold up the end, exit code 0."""
    process = _start(review)
    try:
        address = _address(process)
        entered = browser.get(address)
        assert (entered.status, entered.headers["Location"]) == (303, "/")
        cookie = entered.headers["Set-Cookie"].split(";")[0]
        assert browser.get(address).status == 403
        base = address.partition("/start/")[0]
        news = browser.get(f"{base}/events", cookie)
        assert news.readline() == b"retry: 2000\n"
        assert browser.get(f"{base}/screen", cookie, host="elsewhere.example").status == 421
        started = time.monotonic()
        process.send_signal(how)
        out, err = process.communicate(timeout=30)
        assert time.monotonic() - started < 10
        assert (process.returncode, out, err) == (0, "", "")
    finally:
        process.kill()
        process.communicate()


def test_a_review_has_its_own_port_and_moves_on_when_that_is_taken(review):
    """The same address each time, so that an open page finds its server again."""
    first, second = _start(review), None
    try:
        port = urlsplit(_address(first)).port
        second = _start(review)
        assert urlsplit(_address(second)).port != port
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=30)
        third = _start(review)
        assert urlsplit(_address(third)).port == port
        third.kill()
        third.communicate()
    finally:
        for one in (first, second):
            if one is not None:
                one.kill()
                one.communicate()


def test_a_large_review_can_be_closed_while_its_first_order_is_made(tmp_path, take_in):
    """Who opened the wrong review need not wait for the ranker."""
    records = [Record(title=f"Pain {n}", abstract=f"word{n} " * 200) for n in range(4000)]
    with Review.create(tmp_path / "rms", protocol="rms-pnp") as made:
        take_in(made._store, records)
    process = _start(made.path)
    try:
        _address(process)
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "")
        assert time.monotonic() - started < 15
    finally:
        process.kill()
        process.communicate()


def test_a_port_that_is_taken_is_told_in_one_line(review):
    """A port that somebody asked for is not silently replaced by another."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = _start(review, "--port", str(taken.getsockname()[1]))
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert re.fullmatch(r"autoscreen: error: cannot listen on 127\.0\.0\.1, port \d+ .*\n", err)


def test_a_missing_review_is_told_before_anything_is_served(tmp_path):
    """A typo in the name is one line, as everywhere."""
    process = _start(tmp_path / "no")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert "there is no such review" in err
