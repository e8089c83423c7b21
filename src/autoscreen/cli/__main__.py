"""Runs the command line as ``python -m autoscreen.cli``."""

from __future__ import annotations

from autoscreen.cli import main

if __name__ == "__main__":
    main()
