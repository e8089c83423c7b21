"""A server of autoscreen in a process of its own, and what reviewers do at a page."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from autoscreen.presentation.reason_words import PAST
from autoscreen.review import Review
from fork_server import ForkServer, Job

_ADDRESS = re.compile(r"(https?://\S+)\n")
_PATIENCE = 60


PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}

DROP = """([name, text]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([text], name, { type: "text/plain" }));
  for (const kind of ["dragenter", "dragover", "drop"]) {
    document.body.dispatchEvent(
      new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true })
    );
  }
}"""
"""Drops a file on a page, as a person does with the mouse."""

Visitor = Callable[..., Page]
"""Opens a window at a server, and gives its page."""


def fits(page: Page) -> bool:
    """Whether nothing has to be moved aside to be read."""
    root = "document.documentElement"
    return bool(page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"))


_COMMANDS = """
import autoscreen.cli.app
import autoscreen.cli.screen
import autoscreen.cli.serve
import autoscreen.review.learner
import autoscreen.review.priority_screening
import autoscreen.web.server
from autoscreen.cli.main_command import run
from autoscreen.web.templates import environment

for name in environment().list_templates():
    environment().get_template(name)

def work(out, args, log, environ):
    os.dup2(out, 1)
    os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT), 2)
    sys.stdout.reconfigure(line_buffering=True)
    os.environ.clear()
    os.environ.update(environ)
    try:
        return run(args)
    finally:
        os.write(out, b"ended\\n")
"""


class Launcher(ForkServer):
    """Starts servers; what they all load is loaded once, and every template is compiled."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, _COMMANDS)

    def launch(self, command: list[str], log: Path) -> Job:
        """Start a command line whose errors go to a file."""
        return self.start(command, str(log.absolute()), dict(os.environ))


class Served:
    """
    ``screen`` on a review, ``app`` or ``serve`` on a folder, with the address that it printed.

    Parameters
    ----------
    launcher
        Starts the process.
    review
        The review file, or a folder.
    team
        Serve it with accounts.
    """

    def __init__(self, launcher: Launcher, review: Path, *, team: bool = False) -> None:
        self.review = review
        self.team = team
        self.address = ""
        self._launcher = launcher
        self._log = review.with_suffix(".log")
        self._port: int | None = None
        self._job: Job | None = None
        self.start()

    @property
    def base(self) -> str:
        """The address without the link that lets one in."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it, on the port that it had if it was started before."""
        port = ["--port", str(self._port)] if self._port else []
        self._job = self._launcher.launch([*self._verb(), *port], self._log)
        try:
            parts = urlsplit(self._printed_address(self._job))
        except BaseException:
            self.kill()
            raise
        self._port = parts.port
        self.address = f"{self.base}{parts.path}"

    def _printed_address(self, job: Job) -> str:
        until = time.monotonic() + _PATIENCE
        while (found := _ADDRESS.search(written := job.out.read_text())) is None:
            if written.endswith("ended\n") or time.monotonic() > until:
                raise AssertionError(f"the server did not start: {written}{self.said}")
            time.sleep(0.02)
        return found[1]

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
        if self._job is not None:
            os.kill(self._job.pid, signal.SIGKILL)
            self._launcher.finish(self._job)
            self._job = None


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
