"""The command line: one module a verb, loaded when it is called.

It owns what people type and see. It must not know how records are stored or ranked: everything
goes through `autoscreen.review`, `autoscreen.protocol` and `autoscreen.formats`, imported inside
the verbs so that ``--help`` answers at once.
"""

from __future__ import annotations

from autoscreen.cli.main_command import main

__all__ = ["main"]
