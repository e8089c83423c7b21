"""Lets ``python -m autoscreen.cli`` stand in for the ``autoscreen`` script."""

from __future__ import annotations

from autoscreen.cli import main

if __name__ == "__main__":
    main()
