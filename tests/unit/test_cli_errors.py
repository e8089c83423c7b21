"""One line for people, an exit code for scripts."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from autoscreen.cli.main_command import SECTIONS, app, run
from autoscreen.errors import AutoscreenError, InputError, StoreError


@click.command("break")
@click.argument("how")
def breaking(how: str) -> None:
    """Fail in the way that is asked for."""
    errors: dict[str, BaseException] = {
        "user": InputError("is empty", path="a.ris", line=3, hint="export it again"),
        "tree": StoreError("two\nlines"),
        "file": PermissionError(13, "Permission denied", "here.csv"),
        "ours": KeyError("x"),
        "stop": KeyboardInterrupt(),
        "exit": click.exceptions.Exit(1),
        "pipe": BrokenPipeError(32, "Broken pipe"),
    }
    if how in errors:
        raise errors[how]
    click.echo("done")


@pytest.fixture
def _with_breaking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "list_commands", lambda _: ["break"])
    monkeypatch.setattr(app, "get_command", lambda *_: breaking)
    monkeypatch.setattr("autoscreen.cli.main_command.leave_quietly", lambda: None)


@pytest.mark.usefixtures("_with_breaking")
@pytest.mark.parametrize(
    ("how", "code", "message"),
    [
        ("fine", 0, ""),
        ("user", 1, "autoscreen: error: a.ris, line 3: is empty; export it again\n"),
        ("tree", 1, "autoscreen: error: two lines\n"),
        ("file", 1, "autoscreen: error: here.csv: permission denied\n"),
        ("exit", 1, ""),
        ("pipe", 0, ""),
    ],
)
def test_every_end_has_its_code_and_at_most_one_line(
    how: str, code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Users' errors are 1 with one line on stderr; a closed pipe is no error."""
    assert run(["break", how]) == code
    assert capsys.readouterr().err == message


@pytest.mark.usefixtures("_with_breaking")
def test_ctrl_c_says_that_decisions_are_saved(capsys: pytest.CaptureFixture[str]) -> None:
    """Stopping is 130."""
    assert run(["break", "stop"]) == 130
    assert capsys.readouterr().err.strip() == (
        "autoscreen: error: stopped; every decision made so far is saved"
    )


@pytest.mark.usefixtures("_with_breaking")
def test_a_fault_of_ours_leaves_a_trace_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The message names a file that holds the trace, and the code is 70."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run(["break", "ours"]) == 70
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    trace = Path(re.findall(r"the file (.+)$", message.strip())[0])
    assert "KeyError: 'x'" in trace.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["rnak"], "there is no command 'rnak'; did you mean 'rank'? (see autoscreen --help)"),
        (["screen-t"], "did you mean 'screen-terminal'?"),
        (["protocol", "chekc"], "did you mean 'check'? (see autoscreen protocol --help)"),
        (["xyzzy"], "the commands are app, serve, screen,"),
        (["rank", "a", "--tpo", "3"], "did you mean '--top'?"),
        (["rank"], "missing argument 'REVIEW' (see autoscreen rank --help)"),
        (["rank", "a", "--top", "0"], "0 is less than 1 (see autoscreen rank --help)"),
        (["rank", "a", "--top", "x"], "'x' is not a whole number (see autoscreen rank --help)"),
        (["target", "a", "95"], "95.0 is not between 0 and 1; 95% is 0.95 (see"),
        (["import", "a", "b", "--nonsense"], "no such option '--nonsense' (see"),
        (
            ["import", "a", "b", "--from", "c"],
            "; did you mean one of '--format', ",
        ),
        (["watch", "a", "--since", "x"], "'x' is not a date such as 2024-01-31 (see"),
    ],
)
def test_wrong_usage_says_what_was_probably_meant(
    typed: list[str], meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Usage errors are one line with a suggestion and the place of help, and 2."""
    assert run(typed) == 2
    message = capsys.readouterr().err
    assert message.startswith("autoscreen: error: ")
    assert message.count("\n") == 1
    assert meant.lower() in message.lower()


def test_each_verb_is_in_one_section() -> None:
    """The help tells every verb once."""
    verbs = [verb for _, section in SECTIONS for verb in section]
    assert len(verbs) == len(set(verbs))


def test_every_error_of_the_tree_ends_with_code_one() -> None:
    """No error that we raise on purpose is reported as a bug."""
    from autoscreen import errors

    raised = [getattr(errors, name) for name in errors.__all__ if name != "ReadWarning"]
    assert all(issubclass(one, AutoscreenError) for one in raised)


@pytest.mark.parametrize("typed", [[], ["team"], ["protocol"]])
def test_without_a_verb_the_help_is_shown(
    typed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The first thing that a user types is answered in lines, and is no error."""
    assert run(typed) == 0
    out, err = capsys.readouterr()
    assert out.startswith(" ".join(["Usage: autoscreen", *typed]))
    assert out.count("\n") > 10
    assert not err


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["init", "folder", "--title", "Sleep"], "folder: is a folder; choose another name"),
        (["export", "mine", "folder"], "folder: is a folder; add a file name: folder/all.ris"),
        (["init", "x", "--protocol", "empty.toml"], "empty.toml: the file is empty; write a new"),
        (["score", "empty.toml", "empty.toml"], "empty.toml: is not a saved model; a model is"),
        (["imports", "mine", "7"], "there is no import 7; see: autoscreen imports mine"),
    ],
)
def test_a_wrong_file_is_named_for_what_it_is(
    typed: list[str],
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One line: what is wrong with it, and what to do; the code is 1."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.toml").touch()
    assert run(["init", "mine", "--title", "Sleep"]) == 0
    capsys.readouterr()
    assert run(typed) == 1
    message = capsys.readouterr().err
    assert message.startswith(f"autoscreen: error: {expected}")
    assert message.count("\n") == 1


def test_proposed_commands_quote_the_name_of_the_review(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name with a space can be pasted into a shell."""
    monkeypatch.chdir(tmp_path)
    assert run(["init", "my review", "--title", "Sleep"]) == 0
    assert "autoscreen import 'my review' FILE" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("verb", "code"),
    [
        ("next", 0),
        ("rank", 0),
        ("records", 0),
        ("imports", 0),
        ("screen-terminal", 1),
        ("audit", 1),
    ],
)
def test_a_review_without_records_says_how_to_import_some(
    verb: str,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing to show is not taken for everything done."""
    monkeypatch.chdir(tmp_path)
    assert run(["init", "my review", "--title", "Sleep"]) == 0
    capsys.readouterr()
    assert run([verb, "my review"]) == code
    message = capsys.readouterr().err
    assert "import some with: autoscreen import 'my review' FILE..." in message
    assert message.count("\n") == 1
