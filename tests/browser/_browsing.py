"""A server of autoscreen in a process of its own, and what reviewers do at a page."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from autoscreen.presentation.reason_words import PAST
from autoscreen.review import Review

_ADDRESS = re.compile(r"(https?://\S+)")
_PATIENCE = 60


PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}

Visitor = Callable[..., Page]
"""Opens a window at a server, and gives its page."""


def fits(page: Page) -> bool:
    """Whether nothing has to be moved aside to be read."""
    root = "document.documentElement"
    return bool(page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"))


class Served:
    """
    ``screen`` on a review, ``app`` or ``serve`` on a folder, with the address that it printed.

    Parameters
    ----------
    review
        The review file, or a folder.
    team
        Serve it with accounts.
    """

    def __init__(self, review: Path, *, team: bool = False) -> None:
        self.review = review
        self.team = team
        self.address = ""
        self._log = review.with_suffix(".log")
        self._port: int | None = None
        self.start()

    @property
    def base(self) -> str:
        """The address without the link that lets one in."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it, on the port that it had if it was started before."""
        command = [sys.executable, "-m", "autoscreen.cli", *self._verb()]
        command += ["--port", str(self._port)] if self._port else []
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1"}
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment
            )
        assert self._process.stdout is not None
        too_late = threading.Timer(_PATIENCE, self._process.kill)
        too_late.start()
        found = next(filter(None, map(_ADDRESS.search, self._process.stdout)), None)
        too_late.cancel()
        if found is None:
            self.kill()
            raise AssertionError(f"the server did not start: {self.said}")
        parts = urlsplit(found[1])
        self._port = parts.port
        self.address = f"{self.base}{parts.path}"

    def _verb(self) -> list[str]:
        folder, path = self.review.is_dir(), str(self.review)
        if folder and self.team:
            return ["serve", path]
        team = ["--host", "0.0.0.0"] if self.team else []
        return ["app" if folder else "screen", path, "--no-browser", "--reviewer", "AA", *team]

    @property
    def said(self) -> str:
        """What it wrote to the terminal as notes and errors."""
        return self._log.read_text()

    def kill(self) -> None:
        """End it without a warning, as a power cut does."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def stop(self) -> int:
        """End it as a person does, by Ctrl-C, and give its exit code."""
        self._process.send_signal(signal.SIGINT)
        try:
            return self._process.wait(20)
        finally:
            self.kill()


def open_record(page: Page) -> str:
    """Give the id of the record that is shown."""
    return page.locator("#record").get_attribute("data-id") or ""


def press(page: Page, key: str) -> str:
    """Decide by a key about the record that is shown; give its id when the next one is there."""
    ident = open_record(page)
    # The keys work once the scripts of the page have run.
    page.wait_for_load_state()
    page.keyboard.press(key)
    expect(page.locator("#record")).not_to_have_attribute("data-id", ident)
    return ident


def saved(page: Page, ident: str, label: str) -> None:
    """Wait until the page says that a decision is on disk."""
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")
    expect(page.locator("#saved")).to_contain_text(f"{ident} {PAST.get(label, label)}")


def labels(served: Served) -> dict[str, str]:
    """Give what stands in the review file."""
    with Review.open(served.review) as review:
        return {one.id: str(one.label) for one in review.records("labelled")}
