"""The page of the team and its conflicts, as forms and answers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from autoscreen.review import Review
from integration._web import Browser, browser_of, text_of


@pytest.fixture
def path(demo_review: Path, tmp_path: Path) -> Path:
    """A copy of the demo review."""
    path = tmp_path / "demo.autoscreen"
    shutil.copy(demo_review, path)
    return path


@pytest.fixture
def browser(path: Path) -> Iterator[Browser]:
    """A person working alone on it, as AA."""
    with browser_of(path) as made:
        yield made


def differ(path: Path, *idents: str) -> None:
    """Let BB and CC differ on some records, and agree on r9."""
    with Review.open(path) as review:
        review.team.set_double_screening(1.0, reviewer="OO")
        for ident in idents:
            review.label(ident, "include", reviewer="BB", note="The coil was over the nerve.")
            review.label(ident, "exclude", reviewer="CC", reason="WRONG_POP")
        for who in ("BB", "CC"):
            review.label("r9", "exclude", reviewer=who)


def test_a_person_alone_is_told_how_to_become_a_team(browser):
    """Without accounts the page says so, and offers neither invitations nor roles."""
    page = browser.get("/team")
    assert "without accounts" in text_of(page)
    assert "--host 0.0.0.0" in text_of(page)
    assert page.xpath("//form[@action='/team/invite' or @action='/team/role']") == []
    assert "There are none yet" in text_of(page)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"how": "all"}, "two reviewers for every record"),
        ({"how": "sample", "percent": "12,5", "seed": "7"}, "two reviewers for 12.5% of"),
        ({"how": "sample", "percent": "10"}, "two reviewers for 10% of"),
        ({"how": "sample", "percent": "0.01"}, "two reviewers for 0.01% of"),
        ({"how": "none"}, "one reviewer per record"),
    ],
)
def test_how_many_read_a_record_is_set_and_kept(browser, path, fields, said):
    """Each setting is shown in words, and is stored with who set it."""
    page = browser.post("/team/screening", {"seed": "0", **fields})
    assert f"Currently: {said}" in text_of(page)
    with Review.open(path) as review:
        (setting,) = review.team.settings()
    assert setting.reviewer == "AA"
    assert setting.seed == int(fields.get("seed", 0))


@pytest.mark.parametrize(
    "fields",
    [
        {"how": "sample", "percent": "0"},
        {"how": "sample", "percent": "101"},
        {"how": "sample", "percent": "many"},
        {"how": "sample", "percent": "nan"},
        {"how": "all", "seed": "-1"},
        {"how": "all", "seed": "1" * 40},
        {"how": "perhaps"},
    ],
)
def test_what_is_no_setting_is_refused_in_a_sentence(browser, path, fields):
    """Nothing changes, and the page says what was expected."""
    page = browser.post("/team/screening", {"seed": "0", **fields}, status=400)
    assert "is not" in text_of(page)
    with Review.open(path) as review:
        assert review.team.settings() == []


def test_a_conflict_shows_both_decisions_with_the_record(path):
    """Labels, reason in words, note, rank then, and the text with the concepts marked."""
    differ(path, "r3")
    with browser_of(path) as browser:
        assert "1 conflict needs to be resolved" in text_of(browser.get("/team"))
        page = browser.get("/team/conflicts")
        assert "Conflict 1 of 1" in text_of(page)
        said = [text_of(one, ".") for one in page.xpath("//*[contains(@class, 'said ')]")]
        assert [one.split()[:2] for one in said] == [["BB", "include"], ["CC", "exclude"]]
        assert "The coil was over the nerve." in said[0]
        assert "no pain of peripheral nerve origin" in said[1]
        assert page.xpath("//article//mark")


def test_conflicts_are_resolved_one_after_another(path):
    """Each resolution leads to the next conflict, the last one back to the team."""
    differ(path, "r3", "r5")
    with browser_of(path) as browser:
        fields = {"label": "exclude", "reason": "WRONG_TYPE", "note": "A review."}
        page = browser.post("/team/conflicts/r3", fields)
        assert "Conflict 1 of 1" in text_of(page)
        page = browser.post("/team/conflicts/r5", {"label": "include", "note": "Both agree now."})
        assert "Agreement" in text_of(page)
    with Review.open(path) as review:
        found = review.record("r3"), review.record("r5")
        assert [(str(one.label), one.reason, one.note, one.reviewer) for one in found] == [
            ("exclude", "WRONG_TYPE", "A review.", "AA"),
            ("include", "", "Both agree now.", "AA"),
        ]
        assert len(review.team.resolutions()) == 2


def test_who_comes_second_to_a_conflict_is_told(path):
    """A record that was resolved meanwhile is not decided over again."""
    differ(path, "r3")
    with browser_of(path) as browser:
        fields = {"label": "include", "note": "mine"}
        browser.post("/team/conflicts/r3", fields)
        page = browser.post("/team/conflicts/r3", {**fields, "label": "exclude"})
        assert "not in conflict" in text_of(page, "//*[@id='flashes']")
        assert "no longer in conflict" in text_of(
            browser.get("/team/conflicts/r3"), "//*[@id='flashes']"
        )
    with Review.open(path) as review:
        assert str(review.record("r3").label) == "include"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"label": "perhaps", "note": "x"}, "perhaps"),
        ({"note": "x"}, "has no field 'label'"),
        ({"label": "exclude", "reason": "NOT_THERE", "note": "x"}, "NOT_THERE"),
    ],
)
def test_a_resolution_that_lacks_something_is_refused(path, fields, said):
    """The conflict stays, and the page says what is missing."""
    differ(path, "r3")
    with browser_of(path) as browser:
        assert said in text_of(browser.post("/team/conflicts/r3", fields, status=400))
    with Review.open(path) as review:
        assert review.status().conflicts == 1


def test_undo_of_a_resolution_is_ones_own(path):
    """It opens the conflict again; where there is nothing of one's own it says so."""
    differ(path, "r3")
    with browser_of(path) as browser:
        browser.post("/team/conflicts/r3", {"label": "include", "note": "mine"})
        assert "Conflict 1 of 1" in text_of(browser.post("/team/conflicts/r3/undo"))
        page = browser.post("/team/conflicts/r3/undo")
        assert "have not resolved" in text_of(page, "//*[@id='flashes']")


def test_agreement_and_work_are_told_with_their_numbers(path):
    """Each pair with the size of its overlap and intervals; each reviewer with what they did."""
    differ(path, "r3", "r5")
    with browser_of(path) as browser:
        page = browser.get("/team")
        row = page.xpath("//tr[th[contains(., 'BB and CC')]]")[0]
        assert text_of(row, "td[1]") == "3"
        assert text_of(row, "td[2]").startswith("0.33 ")
        assert " to " in text_of(row, "td[3]")
        people = {text_of(one, "th"): text_of(one, "td[1]") for one in _people(page)}
        assert people == {"BB": "3", "CC": "3"}
        assert "Cohen 1960" in text_of(page)


def _people(page):
    return page.xpath("//table[contains(@class, 'team__people')]//tbody/tr")
