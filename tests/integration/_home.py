"""A server of a folder of reviews, and the browsers of those who use it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.testclient import TestClient

from autoscreen.web.accounts.members import Role
from autoscreen.web.home.home_app import make_home_app
from autoscreen.web.home.home_visit import HomeState
from autoscreen.web.server import Options, open_home

PASSWORD = "three small words"
BASE = "http://127.0.0.1:8400"

Come = Callable[[str], TestClient]
"""Gives the browser of a person, who is signed in."""


@contextmanager
def team_home(folder: Path) -> Iterator[tuple[HomeState, Come]]:
    """Serve a folder to a team of Olga, who owns the server, Ben and Dora."""
    state = open_home(folder, Options(host="0.0.0.0"))
    state.access.add_account("Olga", PASSWORD, Role.OWNER)
    for name in ("Ben", "Dora"):
        state.access.add_account(name, PASSWORD, Role.OBSERVER)
    app = make_home_app(state)
    with TestClient(app, base_url=BASE) as first:

        def come(name: str) -> TestClient:
            client = TestClient(app, base_url=BASE, follow_redirects=False)
            client.portal = first.portal
            if name:
                session = state.access.begin_session(name, account=True)
                client.cookies.set(state.cookie, session)
            return client

        yield state, come
    state.opened.close()
    state.access.close()


def two_reviews(folder: Path, demo: Path) -> Path:
    """Put two copies of the demo review into a folder: rms and back."""
    folder.mkdir()
    for name in ("rms", "back"):
        shutil.copy(demo, folder / f"{name}.autoscreen")
    return folder
