"""Reading with single keys: by pipe, and on a terminal."""

from __future__ import annotations

import contextlib
import io
import os
import re
import select
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from autoscreen.cli.main_command import run
from autoscreen.review import Review

Sit = Callable[[str], str]


@pytest.fixture
def path(demo_review: Path, tmp_path: Path) -> Path:
    """Give a copy of that review."""
    copy = tmp_path / "rms.autoscreen"
    copy.write_bytes(demo_review.read_bytes())
    return copy


@pytest.fixture
def sit(path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Sit:
    """Give a function that types lines into a sitting and returns what was shown."""

    def typed(lines: str) -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
        assert run(["screen-terminal", str(path), "--reviewer", "AA"]) == 0
        return capsys.readouterr().out

    return typed


def _ids(shown: str) -> list[str]:
    return re.findall(r"^(r\d+)  PMID", shown, re.MULTILINE)


def _labels(path: Path) -> dict[str, tuple[str, str, str]]:
    with Review.open(path) as review:
        return {
            one.id: (str(one.label), one.reason, one.note) for one in review.records("labelled")
        }


def test_full_texts_are_assessed_with_keys(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An exclusion needs its reason; undo shows the text again; `show` has the stage's history."""
    with Review.open(path) as review:
        for number in range(1, 5):
            review.label(f"r{number}", "include", reviewer="AA")
        reason = review.protocol.reasons[0]
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"r\nz\ni\ne\n\n{reason.key}\nw\no\n"))
    command = ["screen-terminal", str(path), "--stage", "full-text", "--reviewer", "AA"]
    assert run(command) == 0
    shown = capsys.readouterr().out
    assert "nothing left to screen" in shown
    first, second, again, *_ = _ids(shown)
    assert first == again
    with Review.open(path) as review:
        labels = {one.id: one.label for one in review.full_text.records()}
    assert (labels[first], labels[second]) == ("include", "exclude")
    assert sorted(map(str, labels.values()))[0] == "awaiting classification"
    assert run(["show", str(path), second, "--stage", "full-text", "--reviewer", "AA"]) == 0
    assert "exclude (Population) by AA" in capsys.readouterr().out


def test_each_key_does_what_it_says(sit: Sit, path: Path) -> None:
    """Include, exclude with a reason's key or code, unsure with a note, skip, quit."""
    with Review.open(path) as review:
        reasons = review.protocol.reasons
    shown = sit(f"i\ne\n{reasons[0].key}\ne\n{reasons[1].code}\nn\nask Zoe\nu\ns\ne\n\nq\n")
    first, second, third, fourth, skipped, sixth, _ = _ids(shown)
    assert _labels(path) == {
        first: ("include", "", ""),
        second: ("exclude", reasons[0].code, ""),
        third: ("exclude", reasons[1].code, ""),
        fourth: ("unsure", "", "ask Zoe"),
        sixth: ("exclude", "", ""),
    }
    assert skipped not in _labels(path)
    assert "5 records labelled in this session" in shown


def test_undo_shows_the_record_again(sit: Sit, path: Path) -> None:
    """The withdrawn record is the next one to read, and can be labelled anew."""
    shown = sit("i\nz\nu\nq\n")
    first, _, again, _ = _ids(shown)
    assert again == first
    assert "you withdrew its label" in shown
    assert shown.count("this session: 0 include, 0 exclude, 0 unsure; 202 left to screen") == 2
    assert _labels(path) == {first: ("unsure", "", "")}


def test_undo_with_nothing_to_undo_says_so(sit: Sit, path: Path) -> None:
    """The record stays on the screen."""
    shown = sit("z\nq\n")
    assert "you have no decision to withdraw" in shown
    assert len(_ids(shown)) == 1


def test_other_keys_and_help_change_nothing(sit: Sit, path: Path) -> None:
    """An unknown key gives a message, ? lists the keys, and a reason can be cancelled."""
    shown = sit("x\n?\ne\nno such reason\n")
    assert "no such key" in shown
    assert "z  undo: withdraw your newest decision" in shown
    assert "no reason has the key 'no such reason'" in shown
    assert _labels(path) == {}


def test_a_sitting_shows_why_and_how_far(sit: Sit) -> None:
    """Each record comes with the reason it is next, and the progress."""
    shown = sit("i\nq\n")
    assert "why next: the most likely relevant of" in shown
    assert "this session: 0 include, 0 exclude, 0 unsure; 202 left to screen" in shown
    assert "this session: 1 include, 0 exclude, 0 unsure; 201 left to screen" in shown
    assert "in all: 1 labelled (1 include, 0 exclude, 0 unsure), 201 left" in shown
    assert re.search(r"magnetic stimulation\[I\]|rTMS\[I\]", shown)


def test_unsure_records_do_not_come_back_at_once(sit: Sit, path: Path) -> None:
    """When all else is read, what was left unsure in this sitting waits for the next one."""
    with Review.open(path) as review:
        for one in list(review.records()):
            if one.id not in {"r1", "r2"}:
                review.label(one.id, "exclude", reviewer="BB")
    shown = sit("u\nu\n")
    assert sorted(_ids(shown)) == ["r1", "r2"]
    assert "nothing left to screen" in shown
    assert sorted(_ids(sit("s\ns\n"))) == ["r1", "r2"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX terminal")
def test_on_a_terminal_one_key_is_enough_and_saved_before_the_next_record(path: Path) -> None:
    """No Enter is needed; when the second record shows, the first decision is in the file."""
    with _Terminal(path) as terminal:
        first = terminal.until(r"(r\d+)  PMID.*> $")
        terminal.press("i")
        second = terminal.until(r"(r\d+)  PMID.*> $")
        assert _labels(path) == {first: ("include", "", "")}
        terminal.press("\x1b[A")
        terminal.until(r"(no such key).*> $")
        terminal.press("e")
        terminal.until(r"(reason) > $")
        terminal.press("\x1b")
        terminal.until(r"(nclude).*> $")
        terminal.press("n")
        terminal.until(r"(note on r\d+) > $")
        terminal.press("ask Zoë\n")
        terminal.until(r"(nclude).*> $")
        terminal.press("e\r")
        terminal.until(r"(r\d+)  PMID.*> $")
        terminal.press("q")
        terminal.until(r"(2 records labelled in this session)")
    assert _labels(path)[second] == ("exclude", "", "ask Zoë")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX terminal")
def test_ctrl_c_on_a_terminal_leaves_it_as_it_was(path: Path) -> None:
    """The sitting ends with 130, and what was decided stays."""
    with _Terminal(path) as terminal:
        terminal.until(r"(r\d+)  PMID.*> $")
        terminal.press("i")
        terminal.until(r"(r\d+)  PMID.*> $")
        terminal.interrupt(r"(every decision made so far is saved)")
        assert terminal.exit_code() == 130
    assert len(_labels(path)) == 1


class _Terminal:
    """A sitting in a process of its own, on a pseudo-terminal."""

    def __init__(self, path: Path) -> None:
        import pty

        self.process, self.screen = pty.fork()
        if self.process == 0:
            # A job in the background of a script is born deaf to Ctrl-C.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.environ.update(TERM="xterm", NO_COLOR="1", COLUMNS="100", LINES="40")
            command = [sys.executable, "-m", "autoscreen.cli", "screen-terminal", str(path)]
            os.execv(sys.executable, command)
        self.seen = ""
        self.status: int | None = None

    def __enter__(self) -> _Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.screen)
        if self.status is None:
            os.waitpid(self.process, 0)

    def press(self, keys: str) -> None:
        """Type keys; what was shown before no longer counts."""
        self.seen = ""
        os.write(self.screen, keys.encode())

    def interrupt(self, pattern: str) -> None:
        """Press Ctrl-C, as a person does again where nothing happens, until something shows."""
        for _ in range(6):
            self.press("\x03")
            with contextlib.suppress(AssertionError):
                self.until(pattern, within=10)
                return
        self.until(pattern, within=1)

    def until(self, pattern: str, *, within: float = 60) -> str:
        """Wait until something shows, and give its first group."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            if found := re.search(pattern, self.seen, re.DOTALL):
                return found[1]
            ready, _, _ = select.select([self.screen], [], [], 0.2)
            if ready:
                self.seen += self._read()
        raise AssertionError(f"{pattern!r} did not show in {self.seen!r}")

    def exit_code(self) -> int:
        """Wait for the end of the process."""
        _, status = os.waitpid(self.process, 0)
        self.status = os.waitstatus_to_exitcode(status)
        return self.status

    def _read(self) -> str:
        try:
            return os.read(self.screen, 65536).decode("utf-8", "replace")
        except OSError:  # Linux says so when the other end has closed
            return ""


def test_a_sitting_needs_a_review(capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong name is one line."""
    assert run(["screen-terminal", "no-such-review"]) == 1
    assert "there is no such review" in capsys.readouterr().err
