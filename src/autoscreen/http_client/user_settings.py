"""The files with the user's settings and with what the user's processes share."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from autoscreen.errors import ConfigError


def config_file(environ: Mapping[str, str] | None = None) -> Path:
    """
    Return the file with the user's settings, whether it exists or not.

    ``AUTOSCREEN_CONFIG`` names it; otherwise it is where the system keeps settings of programs, on
    Linux ``~/.config/autoscreen/config.toml``.
    """
    variables = os.environ if environ is None else environ
    if named := variables.get("AUTOSCREEN_CONFIG"):
        return Path(named).expanduser()
    if sys.platform == "win32":
        base = Path(variables.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(variables.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return base / "autoscreen" / "config.toml"


def state_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Return the folder that processes of this user share."""
    variables = os.environ if environ is None else environ
    if named := variables.get("AUTOSCREEN_STATE"):
        return Path(named).expanduser()
    if sys.platform == "win32":
        base = Path(variables.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(variables.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return base / "autoscreen"


def given_settings(
    table: str, variables: Mapping[str, str], environ: Mapping[str, str] | None = None
) -> dict[str, tuple[Any, str]]:
    """
    Return the settings that are given, each with the place where it is.

    `variables` names the environment variable of each setting; it counts more than the file.
    """
    environ = os.environ if environ is None else environ
    path = config_file(environ)
    given = {
        name: (value, str(path)) for name, value in settings_table(path, table, variables).items()
    }
    return given | {
        name: (value, variable)
        for name, variable in variables.items()
        if (value := environ.get(variable, "").strip())
    }


def settings_table(path: Path, name: str, known: Collection[str]) -> dict[str, Any]:
    """Return one table of the user's settings; nothing if there is no file."""
    try:
        settings = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError(
            f"the settings cannot be read: {reason}", path=str(path), hint="correct or remove it"
        ) from error
    table = settings.get(name, {})
    if not isinstance(table, dict):
        raise ConfigError(
            f"{name} is not a table", path=str(path), hint=f"write [{name}] on its own"
        )
    if unknown := sorted(set(table) - set(known)):
        raise ConfigError(
            f"[{name}] has no setting {unknown[0]!r}",
            path=str(path),
            hint=f"it knows {', '.join(known)}",
        )
    return table


def checked_seconds(value: Any, where: str) -> float:
    """Return a number of seconds to wait, as it is used."""
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise ConfigError("timeout must be a number of seconds, at most 3600", path=where)
    return seconds


def checked_address(text: str, where: str, *, what: str, example: str) -> str:
    """Return an address with a slash at its end."""
    try:
        parts = urlsplit(text)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname)
        valid = valid and (parts.port is None or parts.port > 0)
    except ValueError:
        valid = False
    if not valid or parts.query or parts.fragment:
        raise ConfigError(
            f"{text!r} is not an address {what}", path=where, hint=f"one like {example}"
        )
    return text.rstrip("/") + "/"
