"""Long tasks are logged in the review, and stay."""

from __future__ import annotations

import sqlite3

import pytest

from autoscreen.errors import InputError
from autoscreen.store.job_log import JobState


def test_a_task_is_logged_with_its_options_and_its_result(store):
    """Times, reviewer and values come back as they were given."""
    number = store.jobs.begin("score", "Scoring a.ris", reviewer="AA", options={"file": "ü.ris"})
    job = store.jobs.get(number)
    assert (job.state, job.finished, job.result) == (JobState.RUNNING, "", {})
    assert job.options == {"file": "ü.ris"}
    store.jobs.end(number, JobState.DONE, result={"records": 3})
    job = store.jobs.get(number)
    assert (job.state, job.result, job.reviewer) == (JobState.DONE, {"records": 3}, "AA")
    assert job.started < job.finished


def test_the_newest_tasks_of_some_kinds_are_listed(store):
    """Without a kind, of all kinds; never more than asked for."""
    for kind in ("search", "train", "search"):
        store.jobs.begin(kind, kind, options={})
    assert [one.id for one in store.jobs.all()] == [3, 2, 1]
    assert [one.id for one in store.jobs.all("search")] == [3, 1]
    assert [one.id for one in store.jobs.all("search", "train", newest=1)] == [3]


def test_tasks_that_cannot_be_running_any_more_are_interrupted(store):
    """A server that starts says so; tasks that have ended stay as they are."""
    for _ in range(2):
        store.jobs.begin("search", "a", options={})
    store.jobs.end(1, JobState.FAILED, problem="no answer")
    store.jobs.interrupt()
    assert [one.state for one in store.jobs.all()] == [JobState.INTERRUPTED, JobState.FAILED]
    assert store.jobs.get(1).problem == "no answer"


def test_what_was_asked_cannot_be_changed_or_deleted(store):
    """The log stays what it is."""
    store.jobs.begin("search", "a", options={})
    with pytest.raises(InputError, match="there is no task 2"):
        store.jobs.get(2)
    with sqlite3.connect(store.path) as other:
        other.create_function("row_checksum", -1, lambda *_values: 0)
        for change in ("UPDATE job SET title = 'b'", "DELETE FROM job"):
            with pytest.raises(sqlite3.IntegrityError):
                other.execute(change)
    other.close()
