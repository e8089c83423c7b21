"""What is published about included studies is reported once, in whatever form."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from autoscreen.monitor.digest import Kind
from autoscreen.monitor.retractions import Included, news_of
from autoscreen.records import Notice, NoticeKind, Record

LONG = "Of a coil that was held over the nerves of forty patients"


def study(*notices: Notice, pmid: str | None = "1", title: str = LONG) -> Included:
    return Included(id="r1", sources=[Record(title=title, pmid=pmid, notices=notices)])


def notice(kind: str, reference: str = "", pmid: str | None = None) -> Notice:
    return Notice(kind=NoticeKind(kind), reference=reference, pmid=pmid)


def reported(
    studies: list[Included],
    come: Iterable[Record] = (),
    known: Iterable[tuple[str, str, str]] = (),
) -> list[tuple[Kind, str, str]]:
    return [(n.kind, n.subject, n.key) for n in news_of(studies, list(come), set(known))]


@pytest.mark.parametrize("kind", ["retracted", "concern", "corrected"])
def test_a_notice_about_a_study_is_news(kind: str) -> None:
    """Named by the PMID of the notice, but for retractions: a study is retracted once."""
    key = "" if kind == "retracted" else "9"
    assert reported([study(notice(kind, "J", "9"))]) == [(Kind(kind), "1", key)]


@pytest.mark.parametrize("kind", ["updated", "retraction"])
def test_other_notices_are_none_about_a_study(kind: str) -> None:
    """A newer version, or that the record retracts another one."""
    assert reported([study(notice(kind, "J", "9"))]) == []


def test_one_notice_named_in_two_ways_is_told_once() -> None:
    """PubMed often gives the citation first and the PMID later."""
    early = notice("corrected", "J Inv. 2026; 1:2")
    late = notice("corrected", "J Inv. 2026;1:2.", "9")
    first = reported([study(early)])
    assert first == [(Kind.CORRECTED, "1", "j inv 2026 1 2")]
    assert reported([study(early, late)], known=set(first)) == []
    assert len(reported([study(early, late)])) == 1
    again = notice("corrected", "J Inv. 2027;5:6", "10")
    assert reported([study(early, late, again)], known=set(first)) == [(Kind.CORRECTED, "1", "10")]


def test_a_retraction_is_told_once_however_often_it_is_said() -> None:
    """By the type of the publication, by a reference, and by a record of its own."""
    first = reported([study(notice("retracted"))])
    assert (
        reported([study(notice("retracted"), notice("retracted", "J", "9"))], known=set(first))
        == []
    )


def test_the_notice_that_says_most_is_told() -> None:
    """Not the bare fact if the reference is known."""
    (one,) = news_of([study(notice("retracted"), notice("retracted", "J", "9"))], [], set())
    assert (one.notice.reference, one.notice.pmid) == ("J", "9")


def test_a_record_that_retracts_a_study_is_found_by_the_studys_pmid() -> None:
    """It is named as the notice."""
    notice_record = Record(
        title="Retraction.",
        journal="J",
        year=2026,
        pmid="9",
        notices=(notice("retraction", "", "1"),),
    )
    (one,) = news_of([study()], [notice_record], set())
    assert (one.kind, one.notice.pmid) == (Kind.RETRACTED, "9")
    assert one.notice.reference == "Retraction. J. 2026"


def test_a_record_that_retracts_a_study_is_found_by_its_title() -> None:
    """Many notices name what they retract in their title only; short titles tell nothing."""
    by_title = Record(title=f"Retraction notice to: {LONG}!", notices=(notice("retraction"),))
    assert reported([study(pmid=None)], [by_title]) == [(Kind.RETRACTED, "r1", "")]
    of_another = Record(title="Retraction: bees", notices=(notice("retraction", "", "2"),))
    assert reported([study(), study(title="Bees")], [of_another]) == []


def test_a_study_is_known_by_each_of_its_names() -> None:
    """What was reported under its id, before its PMID was known, is not reported again."""
    known = {("retracted", "r1", "")}
    assert reported([study(notice("retracted"))], known=known) == []
