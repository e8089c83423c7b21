"""Connections that are idle, slow or too many do not stop the server."""

from __future__ import annotations

import asyncio
import http.client
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from autoscreen.review import Review
from autoscreen.web.network.connections import BoundedProtocol


class _Impatient(BoundedProtocol):
    head_seconds = 0.5
    body_seconds = 0.5
    answer_seconds = 0.5
    slowest = 10_000
    most = 20


async def _echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def _slow(request: Request) -> Response:
    await asyncio.sleep(1.5)
    return PlainTextResponse("done")


async def _large(request: Request) -> Response:
    async def parts():
        for _ in range(200):
            yield b"x" * 1_000_000

    return StreamingResponse(parts())


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a server that has little patience."""
    routes = [
        Route("/echo", _echo, methods=["GET", "POST"]),
        Route("/slow", _slow),
        Route("/large", _large),
    ]
    config = uvicorn.Config(
        Starlette(routes=routes), http=_Impatient, log_level="error", timeout_keep_alive=1
    )
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join()


def _ends_after(made: socket.socket, drip: Callable[[], bytes], pause: float = 0.1) -> float:
    """Give the seconds until the server hangs up while bytes drip in."""
    start = time.monotonic()
    made.settimeout(pause)
    while time.monotonic() - start < 6:
        try:
            if not made.recv(65536):
                break
        except TimeoutError:
            with suppress(OSError):
                made.send(drip())
        except OSError:
            break
    return time.monotonic() - start


POST = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"


@pytest.mark.parametrize(
    ("begin", "drip"),
    [
        (b"", b""),
        (b"G", b"E"),
        (b"GET /echo HTTP/1.1\r\nHost: x\r\n", b"X: y\r\n"),
        (b"", b"\r\n"),
        (POST, b""),
        (POST, b"a"),
        (b"GET /echo HTTP/1.1\r\nHost: x\r\n\r\n", b""),
        (b"GET /echo HTTP/1.1\r\nHost: x\r\n\r\n", b"\r\n"),
        (b"GET /echo HTTP/1.1\r\nHost: x\r\n\r\nG", b"E"),
    ],
)
def test_a_request_that_does_not_come_ends(port: int, begin: bytes, drip: bytes) -> None:
    """Silence, or a byte now and then, in the head, in the body, or after an answer."""
    with socket.create_connection(("127.0.0.1", port)) as made:
        made.sendall(begin)
        assert _ends_after(made, lambda: drip) < 3


def test_an_answer_that_nobody_takes_ends(port: int) -> None:
    """Who asks for much and reads nothing does not keep it in memory."""
    with socket.create_connection(("127.0.0.1", port)) as made:
        made.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(2)
        made.settimeout(5)
        taken = 0
        with suppress(ConnectionResetError):
            while part := made.recv(1 << 20):
                taken += len(part)
        assert taken < 50_000_000


def test_slow_work_and_a_slow_but_steady_upload_are_waited_for(port: int) -> None:
    """Only the other end is hurried: an import may take its time, and so may a large file."""
    with socket.create_connection(("127.0.0.1", port)) as made:
        made.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"done" in made.recv(65536) + made.recv(65536)
    with socket.create_connection(("127.0.0.1", port)) as made:
        made.sendall(POST)
        for _ in range(20):
            time.sleep(0.1)
            made.sendall(b"a" * 5000)
        answer = made.recv(65536)
        assert (answer + made.recv(65536)).endswith(b"100000")


def test_the_longest_idle_connection_makes_room(port: int) -> None:
    """A visitor gets in however many connections are open and idle; work goes on."""
    with ExitStack() as stack:
        working = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        working.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.1)
        for _ in range(60):
            stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        visitor = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        visitor.request("GET", "/echo")
        assert visitor.getresponse().read() == b"0"
        visitor.close()
        assert b"200 OK" in working.recv(65536)


@contextmanager
def _served(review: Path, *options: str, files: int) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "autoscreen.cli", "screen", str(review), "--no-browser"]
    limited = ["sh", "-c", f'ulimit -n {files}; exec "$@"', "sh", *command, *options]
    process = subprocess.Popen(limited, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        found = re.search(r"http://127.0.0.1:(\d+)", process.stdout.readline())
        assert found
        yield found[1], process
    finally:
        process.kill()
        process.wait()


def test_more_idle_connections_than_files_leave_the_server_up_and_quiet(tmp_path: Path) -> None:
    """Twice as many as the system permits; visitors get in, and standard error stays empty."""
    with Review.create(tmp_path / "rms", protocol="rms-pnp") as made:
        path = made.path
    with _served(path, "--proxy", "127.0.0.1", files=600) as (port, process), ExitStack() as stack:
        for _ in range(1_200):
            one = stack.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", int(port)))
        for _ in range(3):
            start = time.monotonic()
            visitor = http.client.HTTPConnection("127.0.0.1", int(port), timeout=20)
            visitor.request("GET", "/sign-in")
            assert visitor.getresponse().status == 200
            assert time.monotonic() - start < 10
            visitor.close()
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
        assert (process.returncode, err) == (0, "")
