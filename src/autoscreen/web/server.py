"""Starts and stops the server of one review, or of a folder of reviews."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from autoscreen.errors import ConfigError
from autoscreen.progress_callback import Progress
from autoscreen.web.accounts.accounts import Accounts, accounts_path
from autoscreen.web.accounts.sign_in_limit import SignInLimit
from autoscreen.web.app import make_app
from autoscreen.web.background_embeddings import compute_missing
from autoscreen.web.event_stream import Hub
from autoscreen.web.executor import ReviewExecutor
from autoscreen.web.home.due_watches import run_due_watches
from autoscreen.web.home.home_app import make_home_app
from autoscreen.web.home.home_visit import HomeState
from autoscreen.web.home.review_folder import ReviewFolder, folder_accounts_path
from autoscreen.web.network.connections import (
    BACKLOG,
    BoundedProtocol,
    ignore_full_table,
    most_connections,
)
from autoscreen.web.network.proxy import trusted_networks
from autoscreen.web.network.request_checks import LOOPBACK
from autoscreen.web.visit import ServerState, SiteState
from autoscreen.web.watch_schedule import keep_running, run_due_watch

_STOP = (signal.SIGINT, signal.SIGTERM)
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
_ALL_ADDRESSES = frozenset({"0.0.0.0", "::"})  # noqa: S104 (asked for by the user, with accounts)
_HANDSHAKE = 15.0
_QUEUE = 2048
_FIRST_PORT, _PORTS = 8400, 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a review, or a folder of reviews, is served."""

    reviewer: str = ""
    host: str = "127.0.0.1"
    port: int | None = None
    allowed_hosts: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    proxies: tuple[str, ...] = ()
    accounts: bool = False
    """Ask for accounts also on this machine alone."""

    @property
    def team(self) -> bool:
        """Whether visitors need an account."""
        return self.accounts or self.host not in _LOCAL or bool(self.proxies)


def open_server(
    path: str | Path, options: Options, *, progress: Progress | None = None
) -> ServerState:
    """Open what a server of this review needs, and make its first order."""
    executor = ReviewExecutor(path, progress=progress)
    access = Accounts(accounts_path(executor.path), team=options.team)
    hub = Hub()
    executor.on_progress = partial(hub.publish, "preparing")
    executor.warm_up()
    return ServerState(
        executor=executor,
        access=access,
        hub=hub,
        attempts=SignInLimit(),
        cookie=_cookie(executor.path),
        start_token=_start_token(access),
        reviewer=options.reviewer,
    )


def open_home(folder: Path, options: Options) -> HomeState:
    """Open what a server of a folder of reviews needs; no review is opened yet."""
    if not folder.is_dir():
        raise ConfigError(f"{folder}: there is no such folder", hint="make it, or name another")
    access = Accounts(folder_accounts_path(folder), team=options.team)
    state = HomeState(
        folder=ReviewFolder(folder, access.file),
        access=access,
        hub=Hub(),
        attempts=SignInLimit(),
        cookie=_cookie(folder),
        start_token=_start_token(access),
        reviewer=options.reviewer,
    )
    state.remove_expired()
    return state


def _start_token(access: Accounts) -> str:
    """Return the secret of the first link: for one person, or for the first account of a team."""
    first = not access.team or not any(not one.left_at for one in access.accounts())
    return secrets.token_urlsafe(24) if first else ""


def _cookie(path: Path) -> str:
    return f"autoscreen_{_own_number(path):08x}"


def serve(
    path: str | Path,
    options: Options,
    *,
    started: Callable[[str], None],
    progress: Progress | None = None,
) -> None:
    """Serve a review until the process is asked to stop."""
    trusted_networks(options.proxies)  # an error is reported before the review is opened
    with _asked_to_stop() as asked:
        state = open_server(path, options, progress=progress)
        app = make_app(state, hosts=_hosts(options), proxies=options.proxies)
        with _closing(state.executor.close, state.access):
            listening = _listen(options, state.executor.path)
            due = partial(run_due_watch, state), lambda: compute_missing([state])
            server = _Server(_config(app, options), state.hub.close, asked, due)
            started(_address(listening, options, state))
            server.run(sockets=[listening])


def serve_folder(folder: Path, options: Options, *, started: Callable[[str], None]) -> None:
    """Serve all reviews of a folder until the process is asked to stop."""
    trusted_networks(options.proxies)
    with _asked_to_stop() as asked:
        state = open_home(folder, options)
        app = make_home_app(state, hosts=_hosts(options), proxies=options.proxies)
        with _closing(state.opened.close, state.access):
            listening = _listen(options, folder)
            due = (
                partial(run_due_watches, state),
                lambda: compute_missing(state.opened.states()),
            )
            server = _Server(_config(app, options), state.stop_news, asked, due)
            started(_address(listening, options, state))
            server.run(sockets=[listening])


@contextmanager
def _closing(close: Callable[[], bool], access: Accounts) -> Iterator[None]:
    # The ranker learns in a thread of its own; a reviewer must not wait for its turn to end.
    sys.setswitchinterval(0.001)
    try:
        yield
    finally:
        ended = close()
        access.close()
        if not ended:
            os._exit(0)  # a thread cannot be stopped; the review file is safe at any moment


@contextmanager
def _asked_to_stop() -> Iterator[list[int]]:
    """Note the signals to stop, also in a background job of a script, which ignores Ctrl-C.

    An interrupt could come anywhere, even in an import that other threads wait for.
    """
    asked: list[int] = []
    before = {one: signal.signal(one, lambda sig, _: asked.append(sig)) for one in _STOP}
    try:
        yield asked
    finally:
        for one, handler in before.items():
            signal.signal(one, handler or signal.SIG_DFL)


class _Server(uvicorn.Server):
    """Stops in order: ends the event streams of open pages, and returns to its caller.

    Uvicorn's own would raise the signal again at the end, and the review would not be closed.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        stop_news: Callable[[], None],
        asked: list[int],
        run_due: Iterable[Callable[[], Awaitable[object]]],
    ) -> None:
        super().__init__(config)
        self._run_due = run_due
        self._due: list[asyncio.Task[None]] = []
        self._stop_news = stop_news
        for one in _STOP:
            signal.signal(one, self.handle_exit)
        if asked:
            self.handle_exit(asked[0], None)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen; who begins no encryption in time is let go, too."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(ignore_full_table)
        if self.config.is_ssl:
            patient = partial(loop.create_server, ssl_handshake_timeout=_HANDSHAKE)
            loop.create_server = patient  # type: ignore[method-assign]
        await super().startup(sockets)
        self._due = [loop.create_task(keep_running(one)) for one in self._run_due]
        for one in sockets or ():  # a longer queue than what asyncio accepts in one go
            one.listen(_QUEUE)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Start nothing more, and stop."""
        for one in self._due:
            one.cancel()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop in order; asked a second time, at once."""
        self._stop_news()
        self.force_exit = self.should_exit
        self.should_exit = True


def usual_port(path: Path) -> int:
    """Return the port that a review is served on unless that is taken or another is asked for."""
    return _FIRST_PORT + _own_number(path) % _PORTS


def _hosts(options: Options) -> set[str]:
    hosts = {*LOOPBACK, *options.allowed_hosts}
    return hosts if options.host in _LOCAL else hosts | _own_names(options.host)


def _config(app: ASGIApp, options: Options) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=type("Protocol", (BoundedProtocol,), {"most": most_connections()}),
        ws="none",
        backlog=BACKLOG,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=65,
        timeout_graceful_shutdown=2,
        ssl_certfile=options.certificate,
        ssl_keyfile=options.key,
    )


def _own_names(host: str) -> set[str]:
    """Return the names by which colleagues may ask for this machine; in numbers they always may."""
    return {host, socket.gethostname().lower(), socket.getfqdn().lower(), "*address"}


def _own_address() -> str:
    """Return the address of this machine in its network, or else its name; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked, suppress(OSError):
        asked.connect(("192.0.2.1", 9))  # reserved for documentation (RFC 5737)
        return str(asked.getsockname()[0])
    return socket.gethostname()


def _listen(options: Options, path: Path) -> socket.socket:
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    wanted: Iterable[int] = (usual_port(path), 0) if options.port is None else (options.port,)
    for port in wanted:
        listening = socket.socket(family)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((options.host, port))
            listening.listen(_QUEUE)
            return listening
        except OSError as error:
            listening.close()
            problem = error
    raise ConfigError(
        f"cannot listen on {options.host}, port {options.port} ({problem.strerror})",
        hint="choose another with --port, or leave it out",
    )


def _own_number(path: Path) -> int:
    """Return a number that stays with a review's place, for its port and its cookie."""
    return int.from_bytes(hashlib.sha256(str(path.resolve()).encode()).digest()[:4], "big")


def _address(listening: socket.socket, options: Options, state: SiteState) -> str:
    port = listening.getsockname()[1]
    name = _own_address() if options.host in _ALL_ADDRESSES else options.host
    scheme = "https" if options.certificate else "http"
    shown = f"[{name}]" if ":" in name else name
    start = f"start/{state.start_token}" if state.start_token else ""
    return f"{scheme}://{shown}:{port}/{start}"
