"""
Finds the Chromium that the browser tests drive; as a script, installs it where it is missing.

Playwright's own download is not used: the system's package is what reviewers have, too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
MISSING = (
    "the browser tests need Chromium: install it (Debian, Ubuntu: sudo apt-get install chromium) "
    "or name it in AUTOSCREEN_CHROMIUM"
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""It runs as root in CI, and must not ask anything of the net."""


def find_chromium() -> str | None:
    """Give the path of Chromium, or None."""
    named = os.environ.get("AUTOSCREEN_CHROMIUM")
    candidates = [named] if named else [*map(shutil.which, NAMES), *PLACES]
    return next((one for one in candidates if one and os.access(one, os.X_OK)), None)


def main() -> None:
    """Install Chromium as Debian's package if that can be done without asking."""
    if find_chromium():
        return
    apt = shutil.which("apt-get")
    if apt is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        print(f"make: {MISSING}; without it they are skipped", file=sys.stderr)
        return
    print("installing Chromium for the browser tests", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # Another installation may be at work, as on a machine that has just started.
    install = [apt, "-o", "DPkg::Lock::Timeout=300", "install", "-qq", "-y"]
    install.append("--no-install-recommends")
    for command in ([apt, "update", "-qq"], [*install, "chromium", "fonts-dejavu-core"]):
        ended = subprocess.run(command, check=False, env=quiet, stdout=subprocess.DEVNULL)
        if ended.returncode:
            print(f"make: {' '.join(command)} failed; {MISSING}", file=sys.stderr)
            return


if __name__ == "__main__":
    main()
