"""Accounts, sessions and passwords, apart from any page."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autoscreen.errors import ConflictError, InputError, StoreError
from autoscreen.web.accounts.accounts import Accounts
from autoscreen.web.accounts.members import Role
from autoscreen.web.accounts.passwords import check_password, hash_password, matches

PASSWORD = "three small words"


class _Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def moment() -> _Clock:
    """A clock that a test sets."""
    return _Clock()


@pytest.fixture
def access(tmp_path: Path, moment: _Clock) -> Iterator[Accounts]:
    """The access file of a team with one owner and one reviewer."""
    made = Accounts(tmp_path / "rms.autoscreen-access", team=True, now=moment)
    made.add_account("Olga", PASSWORD, Role.OWNER)
    made.add_account("Ben", PASSWORD, Role.REVIEWER)
    yield made
    made.close()


def test_a_session_ends_after_a_week_without_a_visit(access, moment):
    """Each visit keeps it alive; a week of silence ends it."""
    token = access.begin_session("Ben", account=True)
    for _ in range(3):
        moment.now += timedelta(days=6)
        assert access.visitor(token).name == "Ben"
    moment.now += timedelta(days=8)
    assert access.visitor(token).role is Role.ANYONE


def test_a_session_ends_after_a_month_in_any_case(access, moment):
    """However often its owner comes."""
    token = access.begin_session("Ben", account=True)
    for _ in range(10):
        moment.now += timedelta(days=3)
        assert access.visitor(token).name == "Ben"
    moment.now += timedelta(days=1)
    assert access.visitor(token).role is Role.ANYONE


def test_a_page_that_only_listens_keeps_no_session_alive(access, moment):
    """A page left open on a shared machine is signed out after a week, too."""
    token = access.begin_session("Ben", account=True)
    for _ in range(7):
        assert access.visitor(token, visits=False).name == "Ben"
        moment.now += timedelta(days=1, minutes=1)
    assert access.visitor(token, visits=False).role is Role.ANYONE


def test_sessions_of_long_ago_are_forgotten(access, moment, tmp_path):
    """The file does not grow for ever."""
    access.begin_session("Ben", account=True)
    moment.now += timedelta(days=8)
    kept = access.begin_session("Ben", account=True)
    access.close()
    again = Accounts(tmp_path / "rms.autoscreen-access", team=True, now=moment)
    assert again.visitor(kept).name == "Ben"
    assert again._file.rows("SELECT count(*) FROM session") == [(1,)]
    again.close()


def test_a_session_of_one_alone_is_none_in_a_team(access, tmp_path, moment):
    """Who was let in without an account cannot come back when accounts are asked for."""
    alone = Accounts(tmp_path / "rms.autoscreen-access", team=False, now=moment)
    token = alone.begin_session("Olga", account=False)
    assert alone.visitor(token).role is Role.OWNER
    assert access.visitor(token).role is Role.ANYONE
    member = access.begin_session("Olga", account=True)
    assert alone.visitor(member).role is Role.ANYONE
    alone.close()


def test_names_are_taken_whatever_their_case(access):
    """Ben and BEN would be mixed up, so there is one of them."""
    with pytest.raises(ConflictError, match="already"):
        access.add_account(" BEN ", PASSWORD, Role.REVIEWER)
    assert access.check("bEN", PASSWORD) == "Ben"


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\x00b", "a\u202eb"])
def test_a_name_is_one_line_that_can_be_shown(access, name):
    """Names that hide or turn text round are refused."""
    with pytest.raises(InputError, match="is not a valid name"):
        access.add_account(name, PASSWORD, Role.REVIEWER)


def test_who_left_cannot_come_in_and_can_be_taken_back(access):
    """Leaving ends the sessions and keeps the name; coming back needs no new account."""
    token = access.begin_session("Ben", account=True)
    access.leave("Ben")
    assert access.visitor(token).role is Role.ANYONE
    assert access.check("Ben", PASSWORD) is None
    with pytest.raises(ConflictError):
        access.add_account("Ben", PASSWORD, Role.REVIEWER)
    access.come_back("Ben")
    assert access.check("Ben", PASSWORD) == "Ben"


def test_a_new_password_ends_all_sessions(access):
    """Who learnt the old one is out."""
    token = access.begin_session("Ben", account=True)
    access.set_password("Ben", "four other small words")
    assert access.visitor(token).role is Role.ANYONE
    assert access.check("Ben", PASSWORD) is None
    assert access.check("Ben", "four other small words") == "Ben"


def test_what_concerns_nobody_is_told(access):
    """A slip in a name changes nothing silently."""
    for act in (access.come_back, access.leave):
        with pytest.raises(InputError, match="there is no account 'Bem'"):
            act("Bem")
    with pytest.raises(InputError, match="there is no account"):
        access.set_role("Bem", Role.OWNER)


def test_a_step_that_fails_leaves_nothing_behind(access):
    """An invitation is not no longer valid by a name that is taken."""
    _, token = access.links.invite(Role.OBSERVER, by="Olga")
    with pytest.raises(ConflictError):
        access.links.accept(token, "Ben", PASSWORD)
    assert access.links.invited(token).role is Role.OBSERVER
    access.links.accept(token, "Dora", PASSWORD)
    assert access.links.invited(token) is None
    with pytest.raises(InputError, match="no longer valid"):
        access.links.accept(token, "Dora2", PASSWORD)


def test_a_file_that_is_none_of_ours_is_refused(tmp_path):
    """A damaged access file is reported before anything is served; contains no decisions."""
    (tmp_path / "bad").write_bytes(b"no database" * 200)
    with pytest.raises(StoreError, match="contains no decisions"):
        Accounts(tmp_path / "bad", team=True)


def test_trouble_with_the_file_is_told_in_one_line(access):
    """A table that vanished is an error of autoscreen, not a traceback for readers."""
    with sqlite3.connect(access.path) as other:
        other.execute("DROP TABLE invitation")
    other.close()
    with pytest.raises(StoreError, match="could not be used"):
        access.links.invitations()


def test_the_same_password_is_kept_differently_each_time():
    """A salt hides that two people chose the same words."""
    one, other = hash_password(PASSWORD), hash_password(PASSWORD)
    assert one != other
    assert matches(PASSWORD, one)
    assert matches(PASSWORD, other)
    assert not matches(PASSWORD + " ", one)
    assert not matches("", "")


def test_a_kept_password_says_how_it_was_made():
    """One that was made with other costs still matches, when the costs of new ones have changed."""
    kept = hash_password(PASSWORD)
    assert re.fullmatch(r"scrypt\$32768\$8\$1\$[0-9a-f]{32}\$[0-9a-f]{64}", kept)
    salt = bytes(range(16))
    cheap = hashlib.scrypt(PASSWORD.encode(), salt=salt, n=1024, r=4, p=2, dklen=32).hex()
    assert matches(PASSWORD, f"scrypt$1024$4$2${salt.hex()}${cheap}")
    assert not matches(PASSWORD + "x", f"scrypt$1024$4$2${salt.hex()}${cheap}")


def test_a_hash_of_older_costs_is_made_anew_at_the_next_sign_in(access):
    """The costs can be raised for members who never change their password."""
    salt = bytes(range(16))
    cheap = hashlib.scrypt(PASSWORD.encode(), salt=salt, n=1024, r=4, p=2, dklen=32).hex()
    older = f"scrypt$1024$4$2${salt.hex()}${cheap}"
    access._file.run("UPDATE account SET password = ? WHERE name = 'Ben'", older)
    token = access.begin_session("Ben", account=True)
    assert access.check("Ben", "four wrong words") is None
    assert access._file.row("SELECT password FROM account WHERE name = 'Ben'") == (older,)
    assert access.check("Ben", PASSWORD) == "Ben"
    (kept,) = access._file.row("SELECT password FROM account WHERE name = 'Ben'")
    assert kept.startswith("scrypt$32768$8$1$")
    assert access.check("Ben", PASSWORD) == "Ben"
    assert access.visitor(token).name == "Ben"


EASY = """
aaaaaaaaaa abababababab aaaaaaaaab .......... 1234567890 0987654321 19840312001 qwertyuiop
password123 Password2024! P@ssw0rd123 passwordpassword letmein1234 1q2w3e4r5t zaq12wsxcde3
!QAZ2wsx#EDC abcdefghij iloveyou123 qwerty12345 asdf1234asdf Welcome2026 Passwort123 azertyuiop
motdepasse1 йцукенгшщз administrator autoscreen1 Olga-Brandt-1 brandtbrandt2026 xk7xk7xk7xk7
"""


@pytest.mark.parametrize(
    "password", [*EASY.split(), " " * 10, "\0" * 10, "a\tb" * 5, "kaffee\x1bgarten"]
)
def test_a_password_that_is_guessed_first_is_refused(password):
    """Common words, keyboard runs, repetition, digits, one's own name, what cannot be typed."""
    with pytest.raises(InputError, match="the password") as raised:
        check_password(password, "Olga Brandt")
    assert "words of your own" in str(raised.value)


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "Tr0ub4dor&3",
        "x7$kQ2!m9z",
        "1f8e7d6c5b4a",
        "olga likes tea",
        "삼각형 코끼리 바다 나무",
    ],
)
def test_a_password_of_ones_own_is_taken(password):
    """Words, characters drawn at random, other scripts."""
    check_password(password, "Olga Brandt")
