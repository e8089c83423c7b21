"""The settings for requests to PubMed, from environment variables or the settings file."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from autoscreen.errors import ConfigError
from autoscreen.http_client.user_settings import (
    checked_address,
    checked_seconds,
    config_file,
    given_settings,
    settings_table,
)

NCBI = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
"""The address of the E-utilities of the National Center for Biotechnology Information."""

_VARIABLES = {
    "email": "NCBI_EMAIL",
    "api_key": "NCBI_API_KEY",
    "eutils_url": "NCBI_EUTILS_URL",
    "tool": "NCBI_TOOL",
    "timeout": "NCBI_TIMEOUT",
}
_FIELDS = {"eutils_url": "base", "api_key": "key"}
_EMAIL = re.compile(r"""[^@\s,;<>"'\\]+@[^@\s,;<>"'\\]+""")
_WITHOUT_KEY, _WITH_KEY = 3.0, 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings for requests to PubMed."""

    # Base address of the E-utilities, with or without a slash at its end
    base: str = NCBI
    email: str = ""  # The address that NCBI writes to before it blocks a caller; empty if not set
    # API key of NCBI, which allows ten requests a second; empty if there is none. It is never
    # shown.
    key: str = field(default="", repr=False)
    tool: str = "autoscreen"  # Name of the program in requests
    # Seconds to wait for data; a whole response may take ten times as long
    timeout: float = 30.0
    # Requests a second; None for what NCBI allows: 3 without a key, 10 with one
    rate: float | None = None

    @property
    def requests_per_second(self) -> float:
        """How many requests a second may be sent."""
        return self.rate or (_WITH_KEY if self.key else _WITHOUT_KEY)

    @property
    def is_ncbi(self) -> bool:
        """Whether requests go to NCBI, not to a mirror or a test server."""
        host = urlsplit(self.base).hostname or ""
        return host == "nih.gov" or host.endswith(".nih.gov")


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; environment variables take precedence over the user's file."""
    given = given_settings("ncbi", _VARIABLES, environ)
    values: dict[str, Any] = {
        _FIELDS.get(name, name): _checked(name, *value) for name, value in given.items()
    }
    return replace(Settings(), **values)


def remember_email(email: str, environ: Mapping[str, str] | None = None) -> Path:
    """Write an e-mail address into the user's settings, and return their file."""
    path = config_file(environ)
    line = f'email = "{_checked("email", email, "--email")}"'
    held = settings_table(path, "ncbi", _VARIABLES)
    try:
        text = path.read_text("utf-8") if path.exists() else ""
        if "email" in held:
            text = re.sub(r"(?m)^\s*email\s*=.*$", line, text, count=1)
        elif re.search(r"(?m)^\[ncbi\]\s*$", text):
            text = re.sub(r"(?m)^\[ncbi\]\s*$", f"[ncbi]\n{line}", text, count=1)
        else:
            text = f"{text.rstrip()}\n\n[ncbi]\n{line}\n".lstrip()
        path.parent.mkdir(parents=True, exist_ok=True)
        # It may contain an API key later, so other users may not read it.
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        part.touch(mode=0o600)
        part.write_text(text, "utf-8")
        part.replace(path)
    except OSError as error:
        raise ConfigError(
            f"cannot be written: {error.strerror}", path=str(path), hint="set NCBI_EMAIL instead"
        ) from error
    return path


def _checked(name: str, value: Any, where: str) -> str | float:
    """Return a checked setting; errors do not show the value, as it may be a key."""
    if name == "timeout":
        return checked_seconds(value, where)
    if not isinstance(value, str) or not value.isprintable():
        raise ConfigError(f"{name} must be one line of text", path=where)
    text = value.strip()
    if name == "email" and not _EMAIL.fullmatch(text):
        raise ConfigError(
            "this is not an e-mail address", path=where, hint="one like ann@example.org"
        )
    if name == "eutils_url":
        return checked_address(text, where, what="of E-utilities", example=NCBI)
    return text
