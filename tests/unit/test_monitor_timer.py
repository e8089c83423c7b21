"""Ready files that run the watch, with quotes where a path needs them."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from autoscreen.errors import ConfigError
from autoscreen.monitor.timers import TIMERS, timer_text

REVIEW = Path('/home/a b/100% "pain" $HOME\'s/rms.autoscreen')
PROGRAM = ["/opt/my tools/autoscreen"]
OPTIONS = ["--digest", "/srv/a b", "--mail", "team@example.org"]


def text(kind: str) -> str:
    return timer_text(kind, program=PROGRAM, review=REVIEW, options=OPTIONS)


def systemd_words(line: str) -> list[str]:
    """Read a command line as systemd does: quotes, backslashes, %% and $$."""
    return [word.replace("%%", "%").replace("$$", "$") for word in shlex.split(line)]


def test_systemd_gets_a_service_and_a_timer() -> None:
    """With full paths, and a day that was missed is made up for."""
    made = text("systemd")
    (command,) = (line for line in made.splitlines() if line.startswith("ExecStart="))
    words = systemd_words(command.removeprefix("ExecStart="))
    assert words == [*PROGRAM, "watch", str(REVIEW), *OPTIONS, "--quiet"]
    assert f"WorkingDirectory={str(REVIEW.parent).replace('%', '%%')}\n" in made
    assert "Persistent=true" in made
    assert "autoscreen-watch-rms.timer" in made


def test_cron_gets_one_line_that_a_shell_reads_as_meant() -> None:
    """cron takes a bare % for a line break."""
    line = text("cron").splitlines()[-1]
    assert line.split()[:5] == ["17", "6", "*", "*", "*"]
    assert "%" not in line.replace(r"\%", "")
    command = line.split(maxsplit=5)[5].replace(r"\%", "%")
    folder, _, rest = command.removeprefix("cd ").partition(" && ")
    assert shlex.split(folder) == [str(REVIEW.parent)]
    assert shlex.split(rest) == [*PROGRAM, "watch", str(REVIEW), *OPTIONS, "--quiet"]


def test_github_gets_a_workflow_for_a_repository_with_the_review() -> None:
    """Secrets come from the repository, and what was found is committed."""
    made = text("github-actions")
    (run,) = (
        line.strip()
        for line in made.splitlines()
        if "autoscreen watch rms" in line and "run" in line
    )
    words = shlex.split(json.loads(run.removeprefix("run: ")))
    assert words == ["autoscreen", "watch", REVIEW.name, *OPTIONS, "--quiet"]
    assert "secrets.AUTOSCREEN_SMTP_PASSWORD" in made
    assert "git push" in made


@pytest.mark.parametrize("kind", TIMERS)
def test_a_line_break_in_a_path_is_refused(kind: str) -> None:
    """It would end the line of the file, and begin another command."""
    with pytest.raises(ConfigError, match="line break"):
        timer_text(kind, program=PROGRAM, review=Path("/a\nb"), options=[])
