"""In double screening nothing that is served tells what the other reviewer has decided."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from autoscreen.review import Review
from autoscreen.web import Options
from autoscreen.web.accounts import Accounts, accounts_path
from autoscreen.web.app import make_app
from autoscreen.web.members import Role
from autoscreen.web.pages import ALL_ROUTES
from autoscreen.web.request_checks import LOOPBACK
from autoscreen.web.server import open_server

PASSWORD = "three small words"
PATHS = [
    *(
        re.sub(r"\{[^}]*\}", "{ident}", route.path)
        for route in ALL_ROUTES
        if route.method == "GET" and route.role > Role.ANYONE and route.path != "/events"
    ),
    *(f"/records?label={label}" for label in ("include", "exclude", "unlabelled", "pending")),
    "/records?reviewer=Ben",
    "/records?reason=WRONG_POP",
    "/records?sort=decided",
    *(f"/records/export?format={name}" for name in ("ris", "csv", "bibtex", "medline")),
    "/records/export?format=ris&reviewer=Ben",
]
# Keys are drawn anew for each page, and minutes pass.
CHANGING = re.compile(r'(?:data-key|value)=\\?"[\w-]{24}\\?"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d')


@pytest.fixture(scope="session")
def prepared(demo_review: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one review that two are to read, and its team."""
    path = tmp_path_factory.mktemp("blind") / "demo.autoscreen"
    shutil.copy(demo_review, path)
    with Review.open(path) as review:
        review.team.set_double_screening(1.0)
        review.table.index(
            enough=lambda: False
        )  # how far a server is with it is no matter of the labels
    access = Accounts(accounts_path(path), team=True)
    for name, role in (
        ("Olga", Role.OWNER),
        ("Ben", Role.REVIEWER),
        ("Cleo", Role.REVIEWER),
        ("Dora", Role.OBSERVER),
    ):
        access.add_account(name, PASSWORD, role)
    access.close()
    return path


def served(path: Path, folder: Path, who: str, *decided: tuple[str, str, str]) -> dict[str, str]:
    """Give what each path answers to somebody after Ben has decided about the first record."""
    folder.mkdir()
    copy = folder / path.name
    for one in (path, accounts_path(path)):
        shutil.copy(one, folder / one.name)
    with Review.open(copy) as review:
        ident = review.rank(top=1)[0].id
        for label, reason, note in decided:
            review.label(ident, label, reviewer="Ben", reason=reason, note=note)
        # Others have read, too, and both agree: not everything is hidden.
        for number in range(2, 6):
            for name in ("Ben", "Zoe"):
                review.label(review.rank(top=9)[number].id, "exclude", reviewer=name)
        review.rank(top=1, wait=True)
    state = open_server(copy, Options(host="0.0.0.0"))
    try:
        with TestClient(make_app(state, hosts=LOOPBACK), base_url="http://127.0.0.1:1") as client:
            # What moved the words of a record is known as soon as the order was made here.
            state.executor._actor.submit(lambda review: review.explain(ident)).result()
            client.cookies.set(state.cookie, state.access.begin_session(who, account=True))
            paths = [one.replace("{ident}", ident) for one in PATHS]
            answers = {one: client.get(one) for one in paths}
            assert all(answer.status_code < 500 for answer in answers.values())
            return {one: CHANGING.sub("", answer.text) for one, answer in answers.items()}
    finally:
        state.executor.close()
        state.access.close()


@pytest.mark.parametrize("who", ["Cleo", "Dora", "Olga"])
def test_all_that_is_served_is_the_same_whatever_the_first_reviewer_said(prepared, tmp_path, who):
    """Pages, parts, filters and exports differ in nothing between include and exclude."""
    included = served(prepared, tmp_path / "one", who, ("include", "", "xylograph"))
    excluded = served(prepared, tmp_path / "other", who, ("exclude", "WRONG_POP", "no nerve"))
    changed = served(
        prepared, tmp_path / "third", who, ("include", "", ""), ("exclude", "WRONG_TYPE", "slip")
    )
    for path, text in included.items():
        assert text == excluded[path], path
        assert "xylograph" not in text
        if "team" not in path and "overview" not in path:
            assert text == changed[path], path
    assert len(included) > 20
