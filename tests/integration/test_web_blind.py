"""In double screening nothing that is served tells what the other reviewer has decided."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from autoscreen.cli.main_command import run
from autoscreen.resources import resource
from autoscreen.review import Review
from autoscreen.web.accounts.accounts import Accounts, accounts_path
from autoscreen.web.accounts.members import Role, Visitor
from autoscreen.web.app import make_app
from autoscreen.web.network.request_checks import LOOPBACK
from autoscreen.web.pages import ALL_ROUTES
from autoscreen.web.server import Options, open_server
from autoscreen.web.visit import ServerState, Visit

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
CHANGING = re.compile(
    r'(?:data-key|value)=\\?"[\w-]{24}\\?"|data-event="\d+"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d'
)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one review of twelve records that two are to read, and its team."""
    path = tmp_path_factory.mktemp("blind") / "demo.autoscreen"
    records = resource("data", "demo", "demo.nbib").read_text("utf-8").split("\n\n")[:12]
    some = path.with_name("some.nbib")
    some.write_text("\n\n".join(records), "utf-8")
    with Review.create(path, protocol="rms-pnp") as review:
        review.import_files([some])
        review.rank(top=1)
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


def served(path: Path, folder: Path, *decided: tuple[str, str, str]) -> dict[tuple[str, str], str]:
    """Give what each path answers to each member after Ben has decided about the first record."""
    folder.mkdir()
    copy = folder / path.name
    for one in (path, accounts_path(path)):
        shutil.copy(one, folder / one.name)
    with Review.open(copy) as review:
        ident = review.rank(top=1)[0].id
        for label, reason, note in decided:
            review.label(ident, label, reviewer="Ben", reason=reason, note=note)
            review.decisions.tag(ident, f"tagged {note or label}", reviewer="Ben")
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
            paths = [one.replace("{ident}", ident) for one in PATHS]
            answers: dict[tuple[str, str], httpx2.Response] = {}
            for who in ("Cleo", "Dora", "Olga"):
                client.cookies.set(state.cookie, state.access.begin_session(who, account=True))
                answers |= {(who, one): client.get(one) for one in paths}
            assert all(answer.status_code < 500 for answer in answers.values())
            return {one: CHANGING.sub("", answer.text) for one, answer in answers.items()}
    finally:
        state.executor.close()
        state.access.close()


def test_all_that_is_served_is_the_same_whatever_the_first_reviewer_said(prepared, tmp_path):
    """Pages, parts, filters and exports differ in nothing between include and exclude."""
    included = served(prepared, tmp_path / "one", ("include", "", "xylograph"))
    excluded = served(prepared, tmp_path / "other", ("exclude", "WRONG_POP", "no nerve"))
    changed = served(
        prepared, tmp_path / "third", ("include", "", ""), ("exclude", "WRONG_TYPE", "slip")
    )
    for (who, path), text in included.items():
        assert text == excluded[who, path], (who, path)
        assert "xylograph" not in text
        assert "tagged" not in text, (who, path)
        if "team" not in path and "overview" not in path:
            assert text == changed[who, path], (who, path)
    assert len(included) > 60


@pytest.fixture
def team(prepared: Path, tmp_path: Path) -> Iterator[tuple[ServerState, TestClient]]:
    """The server of a team in double screening, and a browser that an owner is signed in with."""
    for one in (prepared, accounts_path(prepared)):
        shutil.copy(one, tmp_path / one.name)
    state = open_server(tmp_path / prepared.name, Options(host="0.0.0.0"))
    app = make_app(state, hosts=LOOPBACK)
    with TestClient(app, base_url="http://127.0.0.1:1", follow_redirects=False) as client:
        client.cookies.set(state.cookie, state.access.begin_session("Olga", account=True))
        yield state, client
    state.executor.close()
    state.access.close()


def test_an_owner_learns_nothing_by_undoing_what_another_did(team):
    """A bulk action of somebody else is refused like one that does not exist, and stays."""
    state, olga = team

    def label(review: Review) -> int:
        return review.table.label_many(["r1", "r2"], "exclude", reviewer="Ben").id

    number = state.executor._actor.submit(label).result()
    same = {"Sec-Fetch-Site": "same-origin"}
    answers = [
        olga.post("/records/undo", data={"bulk": str(one)}, headers=same)
        for one in (number, number + 7)
    ]
    assert {answer.status_code for answer in answers} == {400}
    texts = {re.sub(r"action \d+", "", answer.text) for answer in answers}
    assert len({CHANGING.sub("", text) for text in texts}) == 1
    bulks = state.executor._actor.submit(lambda review: review.table.bulks()).result()
    assert [one.standing for one in bulks] == [2]


def test_tags_are_each_reviewers_own_until_both_have_decided(prepared, tmp_path):
    """Both may add and remove the same tag without knowing; afterwards all see what is left."""
    shutil.copy(prepared, tmp_path / "a.autoscreen")
    with Review.open(tmp_path / "a.autoscreen") as review:
        tag, tags = review.decisions.tag, review.decisions.tags
        review.label("r1", "include", reviewer="Ben")
        assert tag("r1", "protocol", reviewer="Ben") == ["protocol"]
        assert tag("r1", "pain", reviewer="Ben") == ["protocol", "pain"]
        assert (tags("r1", "Cleo"), tags("r1")) == ([], [])
        assert tag("r1", "protocol", reviewer="Cleo") == ["protocol"]
        assert tag("r1", "protocol", on=False, reviewer="Cleo") == []
        assert tags("r1", "Ben") == ["pain", "protocol"] or tags("r1", "Ben") == [
            "protocol",
            "pain",
        ]
        review.label("r1", "include", reviewer="Cleo")
        assert sorted(tags("r1", "Cleo")) == ["pain", "protocol"]
        assert tag("r1", "pain", on=False, reviewer="Cleo") == ["protocol"]


def test_the_terminal_shows_the_second_reviewer_nothing_of_the_first(prepared, tmp_path, capsys):
    """`show` has their own decisions only, as the pages do; the first one sees theirs."""
    path = tmp_path / "a.autoscreen"
    shutil.copy(prepared, path)
    with Review.open(path) as review:
        review.label("r1", "include", reviewer="Ben", note="xylograph")
    for how in ("table", "json", "csv"):
        assert run(["show", str(path), "r1", "--reviewer", "Cleo", "--format", how]) == 0
        assert "xylograph" not in capsys.readouterr().out
    assert run(["show", str(path), "r1", "--reviewer", "Ben"]) == 0
    assert "xylograph" in capsys.readouterr().out


def test_folders_of_the_server_are_for_owners_only(team):
    """Others read the message without them, signed in or not."""
    state, olga = team
    folder = str(state.executor.path.parent)
    texts = {}
    for name in ("Olga", "Cleo", "Dora"):
        olga.cookies.set(state.cookie, state.access.begin_session(name, account=True))
        for path in ("/records/r999999", "/records/rubbish", "/imports/99999", "/nowhere"):
            answer = olga.get(path)
            assert answer.status_code in (400, 404), (path, answer.status_code)
            texts[name, path] = answer.text
    assert not any(folder in text for (name, _), text in texts.items() if name != "Olga")


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("/tmp/autoscreen-x/up.ris: line 3", "Up.ris: line 3"),
        ("cannot read C:\\Users\\Olga\\a b.ris", "Cannot read a b.ris"),
        (
            "see https://doi.org/10.1/a/b and 10.1000/x/y",
            "See https://doi.org/10.1/a/b and 10.1000/x/y",
        ),
        ("include/exclude", "Include/exclude"),
    ],
)
def test_what_is_no_folder_stays_in_a_message(message, shown):
    """Addresses, DOIs and alternatives are no paths."""
    request: Any = None
    beside = Path("/data/reviews/rms.autoscreen-access")
    hub = SimpleNamespace(newest=0)
    state: Any = SimpleNamespace(access=SimpleNamespace(path=beside), hub=hub)
    assert Visit(request, state, Visitor()).message(ValueError(message)) == shown
    owner = Visit(request, state, Visitor(role=Role.OWNER)).message(ValueError(message))
    assert owner == message[:1].upper() + message[1:]
