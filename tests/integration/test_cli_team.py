"""A team on the command line: accounts, and records that two people read."""

from __future__ import annotations

import csv
import io
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from autoscreen.cli.main_command import run
from autoscreen.web.accounts.accounts import Accounts, accounts_path
from autoscreen.web.accounts.members import Role

Cli = Callable[..., str]


@pytest.fixture
def cli(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    demo_review: Path,
) -> Cli:
    """Give a function that runs a verb beside a demo review and returns what it wrote."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rms.autoscreen").write_bytes(demo_review.read_bytes())
    (tmp_path / "secret").write_text("three small words\n")

    def call(line: str, code: int = 0) -> str:
        done = run(line.split())
        written = capsys.readouterr()
        assert done == code, written.err
        return written.err if code else written.out

    return call


@pytest.fixture
def access(tmp_path: Path, cli: Cli) -> Accounts:
    """Give what the server would know of the team."""
    return Accounts(accounts_path(tmp_path / "rms.autoscreen"), team=True)


def test_accounts_are_made_and_removed_on_the_servers_command_line(cli, access, tmp_path):
    """Who may write the files makes the first owner, and takes members out again."""
    cli("team add rms OO --role owner --password-file secret")
    cli("team add rms AA --password-file secret")
    assert access.check("AA", "three small words") == "AA"
    rows = json.loads(cli("team list rms --format json"))
    assert [(row["name"], row["role"]) for row in rows] == [("AA", "reviewer"), ("OO", "owner")]
    assert "has left" in cli("team remove rms AA")
    assert access.check("AA", "three small words") is None
    assert "needs at least one owner" in cli("team remove rms OO", code=1)
    assert [entry.what for entry in access.log()] == [
        "removed a member", "made an account", "made an account",
    ]  # fmt: skip
    assert stat.S_IMODE(access.path.stat().st_mode) == 0o600


def test_a_new_password_replaces_the_old_one(cli, access, tmp_path):
    """A forgotten password is no dead end, and ends all sessions."""
    cli("team add rms OO --role owner --password-file secret")
    token = access.begin_session("OO", account=True)
    assert access.visitor(token).role is Role.OWNER
    (tmp_path / "secret").write_text("four other small words\n")
    cli("team password rms OO --password-file secret")
    assert access.visitor(token).role is Role.ANYONE
    assert access.check("OO", "three small words") is None
    assert access.check("OO", "four other small words") == "OO"


def test_a_printed_invitation_makes_one_account(cli, access):
    """The link carries the token that the server takes, once."""
    link = cli("team invite rms --role observer --address https://screening.example.org/").strip()
    assert link.startswith("https://screening.example.org/invitation/")
    token = link.rpartition("/")[2]
    assert access.links.invited(token).role is Role.OBSERVER
    access.links.accept(token, "DD", "three small words")
    assert access.links.invited(token) is None


def test_two_reviewers_and_a_third_on_the_command_line(cli):
    """Double screening from its switch to agreement, without a browser."""
    assert "two reviewers read 100%" in cli("team double rms --share 100 --reviewer OO")
    first = json.loads(cli("next rms --reviewer AA --format json"))["id"]
    cli(f"label rms {first} include --reviewer AA")
    assert json.loads(cli("next rms --reviewer BB --format json"))["id"] == first
    assert json.loads(cli("next rms --reviewer AA --format json"))["id"] != first
    status = json.loads(cli("status rms --format json"))
    assert (status["include"], status["pending"], status["conflicts"]) == (0, 1, 0)
    cli(f"label rms {first} exclude --reason WRONG_POP --reviewer BB")
    assert "0 wait for a second reviewer, 1 conflict" in cli("status rms")
    rows = list(csv.DictReader(io.StringIO(cli("team conflicts rms --format csv"))))
    assert [(row["reviewer"], row["label"]) for row in rows] == [
        ("AA", "include"), ("BB", "exclude"),
    ]  # fmt: skip
    assert "0 conflicts left" in cli(f"team resolve rms {first} include --note agreed --reviewer C")
    assert "is not in conflict" in cli(f"team resolve rms {first} include --note again", code=1)
    assert "AA" in cli("team agreement rms")
    assert "0.00 (0.00 to 0.00)" in cli("team agreement rms")
    (pair,) = json.loads(cli("team agreement rms --format json"))
    assert (pair["one"], pair["other"], pair["n"], pair["agreement"]) == ("AA", "BB", 1, 0.0)
    assert json.loads(cli("status rms --format json"))["include"] == 1
