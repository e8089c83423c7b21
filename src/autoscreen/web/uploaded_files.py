"""Files that a form uploads, opened under their original names."""

from __future__ import annotations

import re

from starlette.datastructures import UploadFile

from autoscreen.formats import Source, open_source

FILES = 50
"""Files that a form may upload at once."""
_NAME = 200


def uploaded_source(file: UploadFile) -> Source:
    """Open an upload under its original name, without its folder."""
    name = re.split(r"[/\\]", file.filename or "")[-1]
    clean = "".join(char if char.isprintable() else " " for char in name)
    return open_source(file.file, name=clean.strip()[-_NAME:] or "unnamed")
