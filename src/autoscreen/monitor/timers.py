"""Files that run the watch every day: systemd, cron, GitHub Actions."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path

from autoscreen.errors import ConfigError

_HOUR, _MINUTE = 6, 17
_ODD = re.compile(r"[^A-Za-z0-9_.-]+")


def timer_text(kind: str, *, program: Sequence[str], review: Path, options: Sequence[str]) -> str:
    """Return a file that makes the system run the watch once a day."""
    words = [*program, "watch", str(review), *options, "--quiet"]
    if any(ord(character) < 32 for word in words for character in word):
        raise ConfigError(
            "a path or an option with a line break cannot be written into a timer's file"
        )
    return TIMERS[kind](words, review)


def _systemd(words: Sequence[str], review: Path) -> str:
    name = f"autoscreen-watch-{_unit_name(review)}"
    folder = "~/.config/systemd/user"
    return f"""\
# Save this part as {folder}/{name}.service
[Unit]
Description=autoscreen watches {_percent(review.stem)}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={_percent(str(review.parent))}
# NCBI_EMAIL=..., and AUTOSCREEN_SMTP_... for mail; only you should be able to read that file.
EnvironmentFile=-%h/.config/autoscreen/watch.env
ExecStart={" ".join(map(_systemd_word, words))}

# Save this part as {folder}/{name}.timer
[Unit]
Description=autoscreen watches {_percent(review.stem)} every day

[Timer]
OnCalendar=*-*-* {_HOUR:02}:{_MINUTE:02}:00
RandomizedDelaySec=30min
# A day on which the machine was off is made up for.
Persistent=true

[Install]
WantedBy=timers.target

# Then: systemctl --user daemon-reload && systemctl --user enable --now {name}.timer
"""


def _cron(words: Sequence[str], review: Path) -> str:
    # cron takes % for the end of the line, also inside quotes.
    there = shlex.quote(str(review.parent)).replace("%", r"\%")
    command = shlex.join(words).replace("%", r"\%")
    return f"""\
# Add these lines with: crontab -e
# cron sends what the watch writes, which is errors only, to the address of MAILTO.
# NCBI_EMAIL=you@example.org
{_MINUTE} {_HOUR} * * * cd {there} && {command}
"""


def _github(words: Sequence[str], review: Path) -> str:
    start = words.index("watch")
    options = words[start + 2 :]
    command = shlex.join(["autoscreen", "watch", review.name, *options])
    return f"""\
# Save as .github/workflows/autoscreen-watch.yml in the repository that holds {review.name}.
# Set NCBI_EMAIL, and AUTOSCREEN_SMTP_... for mail, as secrets of the repository.
# The review and its digests are committed after each run: keep the repository private.
# Put the source of your autoscreen into the line "pip install".
name: autoscreen watch
on:
  schedule:
    - cron: "{_MINUTE} {_HOUR} * * *"
  workflow_dispatch:
permissions:
  contents: write
concurrency: autoscreen-watch
jobs:
  watch:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: pip install autoscreen
      - name: Watch
        env:
          NCBI_EMAIL: ${{{{ secrets.NCBI_EMAIL }}}}
          NCBI_API_KEY: ${{{{ secrets.NCBI_API_KEY }}}}
          AUTOSCREEN_SMTP_HOST: ${{{{ secrets.AUTOSCREEN_SMTP_HOST }}}}
          AUTOSCREEN_SMTP_USER: ${{{{ secrets.AUTOSCREEN_SMTP_USER }}}}
          AUTOSCREEN_SMTP_PASSWORD: ${{{{ secrets.AUTOSCREEN_SMTP_PASSWORD }}}}
          AUTOSCREEN_SMTP_FROM: ${{{{ secrets.AUTOSCREEN_SMTP_FROM }}}}
        run: {json.dumps(command)}
      - name: Keep what was found
        if: always()
        run: |
          git config user.name "autoscreen watch"
          git config user.email "autoscreen-watch@users.noreply.github.com"
          git add --all -- ':!*.lock' ':!*-counts.npz'
          git diff --cached --quiet || git commit --message "The watch has run"
          git push
"""


TIMERS: dict[str, Callable[[Sequence[str], Path], str]] = {
    "systemd": _systemd,
    "cron": _cron,
    "github-actions": _github,
}
"""What can start the watch, by name."""


def _systemd_word(word: str) -> str:
    """Quote a word for systemd, which interprets % and $."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{_percent(escaped)}"'


def _percent(text: str) -> str:
    return text.replace("%", "%%")


def _unit_name(review: Path) -> str:
    return _ODD.sub("-", review.stem).strip("-.") or "review"
