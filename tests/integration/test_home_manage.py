"""What is done with a whole review: archive, copy, backup, deletion and the way back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autoscreen.review import Review
from autoscreen.web.accounts.members import Role
from autoscreen.web.home.home_visit import HomeState
from integration._home import Come, team_home, two_reviews
from integration._web import SAME, page_of, text_of

DECISION = {"record": "r1", "choice": "include", "key": "0123456789abcdef", "seen": "0"}


@pytest.fixture
def team(tmp_path: Path, demo_review: Path) -> Iterator[tuple[HomeState, Come]]:
    """A server with the reviews rms and back; Ben owns rms and reviews in back."""
    with team_home(two_reviews(tmp_path / "reviews", demo_review)) as (state, come):
        for name, role in (("rms", Role.OWNER), ("back", Role.REVIEWER)):
            state.access.within(_number(state, name)).join("Ben", role)
        yield state, come


def _number(state: HomeState, name: str) -> int:
    found = state.folder.find(name)
    assert found is not None
    return found.id


def _names(client, query: str = "") -> list[str]:
    page = page_of(client.get(f"/{query}").text)
    links = page.xpath("//h2/a/@href")
    return sorted(link.split("/")[2] for link in links)


def test_an_archived_review_leaves_the_list_and_comes_back(team):
    """It can still be opened; the message offers the way back."""
    state, come = team
    ben, path = come("Ben"), f"/manage/{_number(state, 'rms')}/archive"
    assert ben.post(path, data={"archived": "1"}, headers=SAME).headers["Location"] == "/"
    page = page_of(ben.get("/").text)
    assert page.xpath("//div[contains(@class, 'flash')]//form/@action") == [path]
    assert _names(ben) == ["back"]
    assert _names(ben, "?show=archived") == ["rms"]
    assert ben.get("/r/rms/records").status_code == 200
    ben.post(path, data={"archived": "0"}, headers=SAME)
    assert _names(ben) == ["back", "rms"]


def test_a_copy_has_all_decisions_and_is_a_review_of_its_own(team):
    """What is decided in the one is not in the other."""
    state, come = team
    ben = come("Ben")
    ben.post("/r/rms/screen/decide", data=DECISION, headers=SAME)
    path = f"/manage/{_number(state, 'rms')}/copy"
    assert ben.post(path, data={"name": "rms copy"}, headers=SAME).status_code == 303
    assert ben.post(path, data={"name": "RMS copy"}, headers=SAME).status_code == 400
    later = {**DECISION, "record": "r2", "key": "fedcba9876543210"}
    assert ben.post("/r/rms%20copy/screen/decide", data=later, headers=SAME).status_code == 303
    counts = []
    for name in ("rms", "rms copy"):
        with Review.open(state.folder.path / name) as review:
            counts.append((review.name, review.progress().include))
    assert counts == [("rms", 1), ("rms copy", 2)]


def test_a_backup_is_downloaded_and_opens_as_a_new_review(team, tmp_path):
    """The present review is not touched."""
    state, come = team
    ben, number = come("Ben"), _number(state, "rms")
    assert ben.post(f"/manage/{number}/backup", headers=SAME).status_code == 303
    ben.post("/r/rms/screen/decide", data=DECISION, headers=SAME)
    page = page_of(ben.get(f"/manage/{number}").text)
    (link,) = page.xpath("//ul[@class='home__backups']//a/@href")
    (tmp_path / "mine.autoscreen").write_bytes(ben.get(link).content)
    with Review.open(tmp_path / "mine") as review:
        assert (review.progress().records, review.progress().include) == (202, 0)
    file = link.rpartition("/")[2]
    answer = ben.post(f"/manage/{number}/restore", data={"file": file}, headers=SAME)
    assert answer.status_code == 303
    day = datetime.now(UTC).date().isoformat()
    assert _names(ben) == ["back", "rms", f"rms%20{day}"]
    assert ben.get(f"/manage/{number}/backups/..%2Fother.autoscreen").status_code in (400, 404)


def test_a_review_is_deleted_by_its_name_and_restored(team):
    """With its backups; the name that was typed must be the right one."""
    state, come = team
    ben, number = come("Ben"), _number(state, "rms")
    ben.post("/r/rms/screen/decide", data=DECISION, headers=SAME)
    ben.post(f"/manage/{number}/backup", headers=SAME)
    wrong = ben.post(f"/manage/{number}/delete", data={"name": "back"}, headers=SAME)
    assert wrong.status_code == 400
    assert "Type the name rms" in wrong.text
    answer = ben.post(f"/manage/{number}/delete", data={"name": "rms"}, headers=SAME)
    assert answer.headers["Location"] == "/"
    assert _names(ben) == ["back"]
    assert ben.get("/r/rms/records").status_code == 404
    left = {one.name for one in state.folder.path.iterdir()}
    assert not [name for name in left if name.startswith("rms")]
    assert "Deleted " in text_of(page_of(ben.get("/deleted").text))
    ben.post("/deleted/restore", data={"review": str(number)}, headers=SAME)
    assert "1 included" in text_of(page_of(ben.get("/r/rms/overview").text))
    assert page_of(ben.get(f"/manage/{number}").text).xpath("//ul[@class='home__backups']")
    done = [one.what for one in state.access.log()]
    assert done == ["restored a review", "deleted a review", "backed up a review"]


def test_a_deleted_review_comes_back_beside_a_new_one_of_its_name(team):
    """Nothing of the new one is replaced, and nobody's role goes over to it."""
    state, come = team
    olga, ben, number = come("Olga"), come("Ben"), _number(state, "rms")
    ben.post(f"/manage/{number}/delete", data={"name": "rms"}, headers=SAME)
    olga.post("/new", data={"name": "rms", "title": "Another one"}, headers=SAME)
    assert ben.get("/r/rms/records").status_code == 404
    ben.post("/deleted/restore", data={"review": str(number)}, headers=SAME)
    assert ben.get("/r/rms%202/records").status_code == 200
    assert "Another one" in olga.get("/").text


def test_a_deleted_review_is_removed_for_good_after_a_month(team):
    """The log says so; before, it can be restored."""
    state, come = team
    ben, number = come("Ben"), _number(state, "rms")
    ben.post(f"/manage/{number}/delete", data={"name": "rms"}, headers=SAME)
    place = state.folder.path / "deleted"
    state.deleted._now = lambda: datetime.now(UTC) + timedelta(days=29)
    ben.get("/")
    assert len(list(place.iterdir())) == 1
    state.deleted._now = lambda: datetime.now(UTC) + timedelta(days=31)
    ben.get("/")
    assert list(place.iterdir()) == []
    assert state.access.log()[0].what == "removed a deleted review for good"
    answer = ben.post("/deleted/restore", data={"review": str(number)}, headers=SAME)
    assert answer.status_code == 400


def test_a_review_in_which_work_goes_on_is_not_deleted(team):
    """An import is not cut off."""
    state, come = team
    ben, number = come("Ben"), _number(state, "rms")
    ben.get("/r/rms/records")
    opened = state.opened.state(number)
    assert opened is not None
    go_on = threading.Event()
    running = opened.executor._long[0].submit(lambda _: go_on.wait(60))
    answer = ben.post(f"/manage/{number}/delete", data={"name": "rms"}, headers=SAME)
    go_on.set()
    running.result()
    assert answer.status_code == 409
    assert (state.folder.path / "rms.autoscreen").exists()


@pytest.mark.parametrize(("who", "status"), [("Ben", 403), ("Dora", 404)])
@pytest.mark.parametrize("what", ["archive", "copy", "backup", "restore", "delete", "forget"])
def test_only_an_owner_of_a_review_does_any_of_this(team, who, status, what):
    """Ben only reviews in it, and Dora does not know that it is there."""
    state, come = team
    fields = {"name": "back", "archived": "1", "file": "x"}
    path = f"/manage/{_number(state, 'back')}/{what}"
    assert come(who).post(path, data=fields, headers=SAME).status_code == status
    assert (state.folder.path / "back.autoscreen").exists()


def test_a_file_that_was_moved_away_is_said_and_comes_back(team, tmp_path):
    """It is taken off the list only if an owner says so."""
    state, come = team
    olga, number = come("Olga"), _number(state, "back")
    file = state.folder.path / "back.autoscreen"
    file.rename(tmp_path / "elsewhere")
    assert "not in the folder any more" in text_of(page_of(olga.get("/").text))
    (tmp_path / "elsewhere").rename(file)
    assert _names(olga) == ["back", "rms"]
    assert olga.post(f"/manage/{number}/forget", headers=SAME).status_code == 409
    file.rename(tmp_path / "elsewhere")
    assert olga.post(f"/manage/{number}/forget", headers=SAME).status_code == 303
    assert "not in the folder" not in text_of(page_of(olga.get("/").text))
