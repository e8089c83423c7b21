"""How far the first order is, in a share and in words."""

from __future__ import annotations

from autoscreen.presentation.order_progress import STAGES, OrderProgress


def test_the_share_only_grows_and_the_time_left_follows_it() -> None:
    """Each stage takes up where the one before it ended; half-way takes as long again."""
    clock = [0.0]
    order = OrderProgress(2000, now=lambda: clock[0])
    assert order.words == "opening the review, 0% done"
    shares = []
    for stage in STAGES:
        for _ in range(4):
            order(stage, 500)
            shares.append(order.share)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    order("comparing meanings", 0)
    clock[0] = 10.0
    left = 10.0 * (1 - order.share) / order.share
    assert order.seconds_left == left
    assert order.words == f"comparing meanings, {order.share:.0%} done, about {left:.0f} s left"
    clock[0] = 1000.0
    assert order.words.endswith(" min left")


def test_work_that_is_no_stage_has_no_share() -> None:
    """An import that reports to the same listener does not move the order."""
    order = OrderProgress(0)
    order("something else", 5)
    assert (order.share, order.seconds_left) == (0.0, None)
