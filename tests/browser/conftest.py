"""
A real browser before a real server.

A test takes `page` (the demo review, alone, already let in) or `served` and `visitor` to bring
its own. Each page is watched: an error in its console, a script that fails, or a request to
anywhere but the server fails the test, as does mark-up that axe objects to where a test asks.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from autoscreen.resources import resource
from autoscreen.review import Review
from browser._browsing import DESK, Launcher, Served, Visitor
from browser.chromium import FLAGS, MISSING, find_chromium

OWNER = ("OO", "three small words")
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe that depend on the theme."""

# A busy machine is slow, not wrong.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; without it a developer's test is skipped, and CI's fails."""
    path = find_chromium()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One review with the demo's records and a first order; tests copy it."""
    path = tmp_path_factory.mktemp("prepared") / "demo.autoscreen"
    with Review.create(path, protocol="rms-pnp") as review:
        review.import_files([resource("data", "demo", "demo.nbib")])
        review.rank(top=1)
    return path


@pytest.fixture(scope="session")
def launcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launcher]:
    """The process of which all servers are copies."""
    made = Launcher(tmp_path_factory.mktemp("launcher"))
    yield made
    made.close()


@pytest.fixture
def serve(tmp_path: Path, prepared: Path, launcher: Launcher) -> Iterator[Callable[..., Served]]:
    """Starts servers on copies of the demo review (or on a review that is given)."""
    started: list[Served] = []

    def start(review: Path | None = None, *, team: bool = False) -> Served:
        if review is None:
            review = tmp_path / f"demo{len(started)}.autoscreen"
            shutil.copy(prepared, review)
        started.append(Served(launcher, review, team=team))
        return started[-1]

    yield start
    for one in started:
        one.kill()


@pytest.fixture
def served(serve: Callable[..., Served]) -> Served:
    """A server on a copy of the demo review, for a person working alone."""
    return serve()


@pytest.fixture
def team(serve: Callable[..., Served]) -> Served:
    """A server on a copy of the demo review, for a team; nobody has an account yet."""
    return serve(team=True)


@pytest.fixture
def allowed() -> list[str]:
    """Parts of the errors in the console that a test causes on purpose; tests add to it."""
    return []


@pytest.fixture
def visitor(
    browser: Browser, serve: Callable[..., Served], allowed: list[str]
) -> Iterator[Visitor]:
    """Opens windows of people who know nothing of each other, and watches them."""
    # It takes `serve` so that the windows are closed before the servers are gone.
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def come(server: Served, address: str | None = None, **options: Any) -> Page:
        page = _window(browser, server, wrong, allowed, **options)
        contexts.append(page.context)
        page.goto(server.address if address is None else f"{server.base}{address}")
        return page

    yield come
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def page(visitor: Visitor, served: Served) -> Page:
    """The page of a person working alone on the demo review, with the first record on it."""
    page = visitor(served)
    page.wait_for_selector("article.record")
    return page


@pytest.fixture(scope="session")
def standing(
    prepared: Path,
    launcher: Launcher,
    tmp_path_factory: pytest.TempPathFactory,
    browser: Browser,
) -> Iterator[tuple[Served, Any]]:
    """One server for all tests that only look, with what a browser keeps to come in again."""
    review = tmp_path_factory.mktemp("standing") / "demo.autoscreen"
    shutil.copy(prepared, review)
    _disagree(review)
    server = Served(launcher, review)
    context = browser.new_context()
    page = context.new_page()
    page.goto(server.address)
    page.wait_for_selector("article.record")
    state = context.storage_state()
    context.close()
    yield server, state
    server.kill()


@pytest.fixture
def look(visitor: Visitor, standing: tuple[Served, Any]) -> Callable[..., Page]:
    """Opens a page of a review in mid-work, in which nothing is to be decided."""
    server, state = standing

    def opened(path: str = "/screen", **options: Any) -> Page:
        return visitor(server, path, storage_state=state, **options)

    return opened


@pytest.fixture(scope="session")
def windows(
    browser: Browser, standing: tuple[Served, Any]
) -> Iterator[tuple[Callable[..., Page], list[str]]]:
    """One window for each kind of device at that server, and what has gone wrong in them."""
    server, state = standing
    made: dict[str, Page] = {}
    wrong: list[str] = []

    def window(**options: Any) -> Page:
        kind = repr(sorted(options.items()))
        if kind not in made:
            made[kind] = _window(browser, server, wrong, [], storage_state=state, **options)
        return made[kind]

    yield window, wrong
    for page in made.values():
        page.context.close()


@pytest.fixture
def glance(
    windows: tuple[Callable[..., Page], list[str]], standing: tuple[Served, Any]
) -> Iterator[Callable[..., Page]]:
    """Opens a page as `look` does, but in a window that tests share: faster, and changes stay."""
    window, wrong = windows

    def opened(path: str, **options: Any) -> Page:
        page = window(**options)
        page.goto(f"{standing[0].base}{path}")
        return page

    yield opened
    found = list(wrong)
    wrong.clear()
    assert found == []


def _disagree(path: Path) -> None:
    """Let two have read thirty records, and differ on some, one of them left as unsure."""
    with Review.open(path) as review:
        review.team.set_double_screening(1.0, reviewer="OO")
        for at, one in enumerate(review.rank(top=30)):
            label = "include" if at < 6 else "exclude"
            other = "unsure" if at == 3 else "exclude" if at in (4, 5) else label
            reason = "WRONG_POP" if other == "exclude" else ""
            review.label(one.id, label, reviewer="BB", note="See the methods." if at == 5 else "")
            if at < 28:
                review.label(one.id, other, reviewer="CC", reason=reason)
        review.decisions.tag(review.rank(top=1)[0].id, "to translate", reviewer="BB")


@pytest.fixture
def owner(visitor: Visitor, team: Served) -> Page:
    """The page of the owner of a team, signed in."""
    page = visitor(team)
    name, password = OWNER
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Create account").click()
    page.wait_for_url(lambda url: "/first" not in url and "/start" not in url)
    return page


@pytest.fixture(scope="session")
def objections() -> Callable[..., list[str]]:
    """Gives what axe finds wrong on a page, by rule and element; dark, what concerns colours."""
    axe = Axe()
    options = {"resultTypes": ["violations"], "runOnly": COLOURS}

    def look(page: Page, *, dark: bool = True) -> list[str]:
        found = axe.run(page).response["violations"]
        if dark:
            # Without motion the colours change at once.
            page.emulate_media(color_scheme="dark", reduced_motion="reduce")
            found += axe.run(page, options=options).response["violations"]
            page.emulate_media(color_scheme="light", reduced_motion="no-preference")
        return [
            f"{one['id']}: {node['html'][:160]} ({node['failureSummary']})"
            for one in found
            for node in one["nodes"]
        ]

    return look


def _window(
    browser: Browser, server: Served, wrong: list[str], allowed: list[str], **options: Any
) -> Page:
    context = browser.new_context(**{"viewport": DESK, "locale": "en-GB", **options})
    context.set_default_timeout(30_000)
    page = context.new_page()
    _watch(page, server, wrong, allowed)
    _press_when_loaded(page)
    return page


def _press_when_loaded(page: Page) -> None:
    """Let a test's key wait for the scripts of the page, as a person does without noticing."""
    keyboard, press = page.keyboard, page.keyboard.press

    def loaded_press(key: str, **options: Any) -> None:
        page.wait_for_load_state()
        press(key, **options)

    keyboard.press = loaded_press  # type: ignore[method-assign]


def _watch(page: Page, server: Served, wrong: list[str], allowed: list[str]) -> None:
    def note(text: str) -> None:
        if not any(one in text for one in allowed):
            wrong.append(text)

    def ask(url: str) -> None:
        if not url.startswith((server.base, "data:", "blob:")):
            wrong.append(f"asked elsewhere: {url}")

    page.on("console", lambda said: note(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: note(str(error)))
    page.on("request", lambda asked: ask(asked.url))
