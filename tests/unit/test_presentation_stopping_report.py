"""The report on stopping: one state, one headline, no estimate too early."""

from __future__ import annotations

import re

import numpy as np
import pytest

from autoscreen.active import AuditCost, StopState, Unlike, advice, audit_costs
from autoscreen.active._past_reviews import Quantity
from autoscreen.presentation.stopping_report import EVIDENCE, StoppingReport, stopping_report
from autoscreen.presentation.stopping_words import (
    audit_terms,
    audit_variants,
    decision_reason,
    unlike_words,
    variant_words,
)


def _report(found: int, read: int, pool: int, *, target: float = 0.95) -> StoppingReport:
    relevant = np.zeros(read, dtype=bool)
    relevant[:found] = True
    return stopping_report(advice(relevant, pool), pool - read, (), target)


@pytest.mark.parametrize("found", [0, 10])
def test_too_early_gives_no_estimate(found: int) -> None:
    """An estimate that says nearly all unread records are relevant is not shown."""
    report = _report(found, max(found, 8), 2539)
    assert (report.state, report.estimate, report.details) == (StopState.TOO_EARLY, None, ())
    assert (report.rows, report.may_audit) == ((), False)
    so_far = "10 relevant records" if found else "no relevant record"
    assert report.headline == f"Too early to say: {so_far} found so far."


@pytest.mark.parametrize("target", [0.95, 0.9, 0.8])
def test_the_headline_decides_for_the_target_of_the_review(target: float) -> None:
    """How much was found, at worst too, and how much there is to read for the target."""
    report = _report(28, 300, 2539, target=target)
    past = next(
        one for one in report.decisions if (one.target, one.promise) == (target, "calibrated")
    )
    estimate = report.estimate
    assert estimate is not None
    assert report.headline == (
        f"Not yet: about {estimate.recall:.0%} found, at worst {28 / estimate.high:.0%}; for a "
        f"target of {target:.0%} read about {past.more:,} more."
    )
    assert report.details == (
        f"28 relevant records found; about {estimate.total:,.0f} expected, {estimate.high:,.0f} "
        "at most.",
    )
    assert [one.chosen for one in report.rows] == [one.target == target for one in report.rows]
    assert report.rows[0].past == f"about {report.decisions[1].more:,} more"


def test_no_sentence_comes_twice_and_numbers_have_one_style() -> None:
    """Nothing in the report is said again elsewhere, and thousands are grouped everywhere."""
    report = _report(60, 1500, 30_000)
    texts = [report.headline, *report.details, *report.warnings, *EVIDENCE]
    sentences = [one for text in texts for one in re.split(r"(?<=[.;]) ", text) if " " in one]
    assert len(sentences) == len(set(sentences))
    texts += [cell for row in report.rows for cell in (row.past, row.audit)]
    assert not re.search(r"\d{4}", " ".join(texts))


def test_included_records_that_were_not_found_by_screening_are_mentioned() -> None:
    """Whoever sees two more included records elsewhere learns why they are not counted."""
    relevant = np.zeros(40, dtype=bool)
    report = stopping_report(advice(relevant, 2539), 2499, (), 0.95, included=2)
    assert report.details == (
        "2 other included records are not counted here: imported or bulk decisions do not show how "
        "well the ranking finds relevant records.",
    )
    assert "not counted" not in " ".join(_report(29, 2000, 2539).details)


def test_a_long_stretch_without_a_find_allows_a_stop() -> None:
    """By past reviews, and the headline says what that means."""
    report = _report(60, 2900, 3000)
    assert report.state is StopState.MAY_STOP
    assert report.headline == (
        "You may stop for 95%: in 95 of 100 completed reviews, a stop at this point had found at "
        "least 95% of the relevant records."
    )


def test_everything_read_needs_no_estimate() -> None:
    """With nothing unread the total is known."""
    report = _report(3, 20, 20)
    assert report.headline == "All records have been screened: 3 relevant records found."
    assert not report.details
    assert not report.rows


def test_audits_come_cheapest_first_and_only_if_they_save_work() -> None:
    """An audit that would draw nearly everything is not offered."""
    costs = audit_costs(30, 2000)
    variants = audit_variants(costs)
    assert [one.records for one in variants] == sorted(one.records for one in variants)
    assert all(one.saved >= 200 for one in variants)
    assert audit_variants(audit_costs(3, 2000, targets=(0.95,), certainties=(0.95,))) == []
    cost = AuditCost(target=0.9, confidence=0.95, records=1312, saved=688)
    assert variant_words(cost) == ("about 1,312 records: at least 90% found, with 95% confidence")
    terms = audit_terms(cost, ())
    assert terms.promise.startswith("Audit 1 tests, with 95% confidence, whether at least 90%")
    assert terms.consequences[0].startswith("Price: 1,312 of the 2,000 unscreened records")


def test_a_reason_is_one_sentence_of_the_rule() -> None:
    """Programs get the words too."""
    none = np.zeros(900, dtype=bool)
    reasons = [decision_reason(one, ()) for one in advice(none, 1000)]
    assert reasons[1] == "No relevant record has been found yet."
    found = np.concatenate((np.ones(60, dtype=bool), np.zeros(2840, dtype=bool)))
    exact, past, *_ = (decision_reason(one, ()) for one in advice(found, 3000))
    assert exact.startswith("Random audit, 95% confidence: would draw ")
    assert past.startswith("A stop here found 95% of the relevant records in 95% of reviews like")


def test_a_review_unlike_the_past_ones_is_said_in_one_sentence() -> None:
    """All differences stand together."""
    assert unlike_words(()) == ()
    found = (
        Unlike(Quantity.RECORDS, 400_000, 200, 90_000),
        Unlike(Quantity.SHARE, 0.0001, 0.001, 0.3),
    )
    assert unlike_words(found) == (
        "This review differs from the past ones, so their evidence is weak: 400,000 records here, "
        "200 to 90,000 there; 0.01% relevant here, 0.10% to 30.00% there.",
    )
