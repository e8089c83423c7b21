"""PubMed alerts that the server runs by itself while it is running."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from autoscreen.errors import ConfigError
from autoscreen.review import Review
from autoscreen.store.job_log import JobState
from autoscreen.web import watch_schedule as schedules
from autoscreen.web.account_settings import set_ncbi
from autoscreen.web.home.due_watches import run_due_watches
from autoscreen.web.jobs.job_runner import JobRunner
from autoscreen.web.watch_schedule import keep_running, run_due_watch, set_watch_schedule
from integration._home import team_home
from integration._web import Browser, browser_of, text_of


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Note what is started; a task ends before it begins."""
    noted: list[dict[str, Any]] = []

    def spawn(self: JobRunner, number: int, kind: str, options: dict[str, Any], _: Any) -> None:
        noted.append(dict(options, kind=kind))
        self._executor.submit(
            lambda review: review.jobs.end(number, JobState.DONE, result={}, problem="")
        ).result()

    monkeypatch.setattr(JobRunner, "_spawn", spawn)
    return noted


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """A person with a review that can be watched."""
    Review.create(tmp_path / "coils", protocol="rms-pnp").close()
    with browser_of(tmp_path / "coils.autoscreen") as made:
        yield made


def _run_due(browser: Browser) -> bool:
    return browser._client.portal.call(run_due_watch, browser.state)


def _later(browser: Browser, **by: float) -> datetime:
    now = browser.state.access.file.now() + timedelta(**by)
    browser.state.access.file.now = lambda: now
    return now


def test_alerts_run_by_themselves_when_they_are_due(browser, started, monkeypatch):
    """Off until somebody turns it on; one run makes up for those that were missed."""
    monkeypatch.setattr("autoscreen.web.pages.watch._begun", lambda *_: True)
    assert "Off: the alerts are run only when somebody starts them" in text_of(
        browser.get("/watch")
    )
    assert not _run_due(browser)
    page = browser.post("/watch/schedule", {"days": "1"})
    assert "Every day, next on" in text_of(page)
    assert not _run_due(browser)
    set_ncbi(browser.state.access, "AA", email="aa@example.org", key=None)
    _later(browser, days=3, hours=1)
    assert _run_due(browser)
    assert [(one["kind"], one["email_"]) for one in started] == [("watch", "aa@example.org")]
    assert not _run_due(browser)
    _later(browser, days=1)
    assert _run_due(browser)
    page = browser.post("/watch/schedule", {"days": "0"})
    assert "no longer run automatically" in page.text_content()
    _later(browser, days=1)
    assert not _run_due(browser)


def test_a_schedule_that_makes_no_sense_is_refused(browser):
    """An unknown interval; and before the first run, which needs a first day."""
    browser.post("/watch/schedule", {"days": "3"}, status=400)
    page = browser.post("/watch/schedule", {"days": "1"}, status=400)
    assert "run the alerts once" in page.text_content()


def test_what_cannot_be_started_is_in_the_log_and_waits_for_the_next_time(browser, monkeypatch):
    """It is not tried again every minute."""
    access = browser.state.access
    set_watch_schedule(access, 7, by="AA", mail="")

    def broken(*_: Any) -> None:
        raise ConfigError("the mail server has no port")

    monkeypatch.setattr(schedules, "server_for_mail", broken)
    _later(browser, days=8)
    _run_due(browser)
    assert not _run_due(browser)
    (line,) = [one for one in access.log() if "could not be started" in one.what]
    assert line.about == "the mail server has no port"


def test_each_review_of_a_folder_has_its_own_schedule(tmp_path, started):
    """A damaged review does not stop the alerts of the others."""
    folder = tmp_path / "reviews"
    folder.mkdir()
    for name in ("a", "b", "c"):
        Review.create(folder / name, protocol="rms-pnp").close()
    with team_home(folder) as (state, come):
        for one in state.folder.reviews():
            if one.name != "b":
                set_watch_schedule(state.access.within(one.id), 1, by="Olga", mail="")
        (folder / "a.autoscreen").write_bytes(b"damaged")
        now = state.access.file.now() + timedelta(days=2)
        state.access.file.now = lambda: now
        assert come("Olga").portal.call(run_due_watches, state) == 1
        assert come("Olga").portal.call(run_due_watches, state) == 0
    assert len(started) == 1


def test_the_server_goes_on_looking_after_an_error(run_async, monkeypatch):
    """What failed once may succeed at the next look."""
    monkeypatch.setattr(schedules, "_LOOK", 0.0)
    looks: list[int] = []

    async def look() -> None:
        looks.append(1)
        if len(looks) == 1:
            raise OSError("the disk is away")
        if len(looks) == 3:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        run_async(keep_running(look))
    assert len(looks) == 3
