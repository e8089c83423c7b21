"""Query strategies and refits in the background."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from autoscreen.active import BackgroundRefit, Pick, Strategy, pick_next

ORDERED = np.array([4, 2, 0, 1, 3])


def test_the_most_likely_unread_record_is_next():
    """Records with a decision are passed over."""
    assert pick_next(ORDERED, {4}, (), step=1, share=0) == Pick(2, Strategy.MOST_LIKELY)


def test_exploration_takes_its_share():
    """About the stated share of picks is drawn at random, each the same when asked again."""
    many = np.arange(500)
    picks = [pick_next(many, set(), (), step=step, share=0.1, seed=1) for step in range(2000)]
    drawn = [pick for pick in picks if pick and pick.strategy is Strategy.EXPLORATION]
    assert 150 < len(drawn) < 250
    assert len({pick.record for pick in drawn}) > 100
    again = [pick_next(many, set(), (), step=step, share=0.1, seed=1) for step in range(2000)]
    assert picks == again


def test_exploration_never_draws_a_record_that_is_decided():
    """Only unread records are drawn."""
    for step in range(2, 60):
        pick = pick_next(ORDERED, {4, 2, 0, 1}, (), step=step, share=1.0)
        assert pick == Pick(3, Strategy.EXPLORATION)


def test_records_that_wait_for_a_second_reader_come_first():
    """Most likely first, also where the others are more likely, and never drawn over."""
    for step in range(2, 40):
        pick = pick_next(ORDERED, {4}, (), step=step, first={1, 0}, share=1.0)
        assert pick == Pick(0, Strategy.MOST_LIKELY)


def test_what_was_drawn_for_the_first_reader_is_told_as_drawn():
    """The second reader gets the same as the first."""
    pick = pick_next(ORDERED, {4}, (), step=1, first={3}, drawn=[3])
    assert pick == Pick(3, Strategy.EXPLORATION)
    assert pick_next(ORDERED, {4}, (), step=1, first={2, 3}, drawn=[3]) == Pick(
        2, Strategy.MOST_LIKELY
    )


def test_a_record_that_waits_but_is_in_no_order_is_passed_over():
    """It came after the order was made."""
    assert pick_next(ORDERED, {4}, (), step=1, first={77}) == Pick(2, Strategy.MOST_LIKELY)


def test_unsure_records_come_back_last():
    """When all is read, what was left as unsure is offered again, oldest first."""
    assert pick_next(ORDERED, set(range(5)), (3, 1), step=9) == Pick(3, Strategy.UNSURE_AGAIN)


def test_nothing_left_gives_nothing():
    """A finished review has no next record."""
    assert pick_next(ORDERED, set(range(5)), (), step=9) is None


def test_a_refit_runs_behind_and_only_the_newest_job_counts():
    """Jobs that were overtaken while another was at work are left out."""
    started, go, done = threading.Event(), threading.Event(), []

    def work(job: int) -> int:
        started.set()
        go.wait(5)
        done.append(job)
        return job * 10

    refit: BackgroundRefit[int, int] = BackgroundRefit(work)
    refit.submit(1)
    started.wait(5)
    assert refit.newest() is None
    refit.submit(2)
    refit.submit(3)
    go.set()
    assert refit.wait() == 30
    assert done == [1, 3]
    refit.close()


def test_an_error_in_the_background_reaches_the_caller_once():
    """What went wrong behind is raised in front, and the last good result stays."""

    def work(job: int) -> int:
        if job == 2:
            raise ArithmeticError("no fit")
        return job

    refit: BackgroundRefit[int, int] = BackgroundRefit(work)
    refit.submit(1)
    assert refit.wait() == 1
    refit.submit(2)
    with pytest.raises(ArithmeticError, match="no fit"):
        refit.wait()
    assert refit.newest() == 1
    refit.close()


def test_closing_does_not_wait_for_ever():
    """A job that takes too long is abandoned: close returns while it is still at work."""
    begun, go, ended = threading.Event(), threading.Event(), threading.Event()

    def work(job: int) -> None:
        begun.set()
        go.wait(60)
        ended.set()

    refit: BackgroundRefit[int, None] = BackgroundRefit(work)
    refit.submit(1)
    assert begun.wait(60)
    refit.close(patience=0.05)
    assert not ended.is_set()
    go.set()


def test_closing_waits_for_the_job_at_work():
    """Without a limit, close returns when the job has ended, and the one that waits is dropped."""
    begun, go = threading.Event(), threading.Event()
    done: list[int] = []

    def work(job: int) -> None:
        begun.set()
        go.wait(60)
        done.append(job)

    refit: BackgroundRefit[int, None] = BackgroundRefit(work)
    refit.submit(1)
    assert begun.wait(60)
    refit.submit(2)
    threading.Timer(0.05, go.set).start()
    refit.close()
    assert done == [1]
