"""Loads protocols: built-in ones by name, others by path."""

from __future__ import annotations

import re
import shlex
from difflib import get_close_matches
from pathlib import Path

from autoscreen.errors import ConfigError
from autoscreen.protocol._model import Protocol
from autoscreen.protocol._parse import NAME, parse_protocol
from autoscreen.resources import resource

_PLACE = "NAME-OF-THE-REVIEW"


def builtin_protocols() -> tuple[str, ...]:
    """Return the names of the protocols that ship with autoscreen, sorted."""
    return tuple(sorted(path.stem for path in resource("data", "protocols").glob("*.toml")))


def load_protocol(name_or_path: str | Path) -> Protocol:
    """
    Return a built-in protocol by its name, or any other by its path.

    Parameters
    ----------
    name_or_path
        A name without suffix and folder (``rms-pnp``) is a built-in protocol; anything else is
        a TOML file.

    Raises
    ------
    ConfigError
        If there is no such protocol, or the file cannot be read or contains an error.

    Examples
    --------
    >>> load_protocol("rms-pnp").name
    'rms-pnp'
    """
    text, origin = protocol_text(name_or_path)
    return parse_protocol(text, origin=origin)


def protocol_text(name_or_path: str | Path) -> tuple[str, str]:
    """Return the text of a protocol given by name or path, and where it comes from."""
    given = str(name_or_path)
    if NAME.fullmatch(given) and given in builtin_protocols():
        path = resource("data", "protocols", f"{given}.toml")
        return path.read_text(encoding="utf-8"), path.name
    return _read(Path(name_or_path)), given


def _read(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"not UTF-8 text (byte {error.start + 1})",
            path=str(path),
            hint="save it as UTF-8",
        ) from None
    except FileNotFoundError:
        raise _unknown(path) from None
    except OSError as error:
        raise ConfigError(
            f"cannot be read: {error.strerror}", path=str(path), hint="check path and permissions"
        ) from None
    if not text.strip():
        hint = "write a new one: autoscreen protocol new FILE.toml"
        raise ConfigError("the file is empty", path=str(path), hint=hint)
    return text


def _unknown(path: Path) -> ConfigError:
    if path.suffix or path.parent != Path():
        hint = "check the path, or write a new one: autoscreen protocol new "
        return ConfigError("file not found", path=str(path), hint=hint + shlex.quote(str(path)))
    known = builtin_protocols()
    near = get_close_matches(path.name, known, n=1)
    guess = f"did you mean {near[0]}? " if near else ""
    return ConfigError(
        f'there is no protocol "{path}"',
        hint=f"{guess}built in: {', '.join(known)}; or use the path of a TOML file",
    )


def protocol_template(name: str) -> str:
    """Return a commented protocol file to fill in."""
    if not NAME.fullmatch(name):
        usable = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        raise ConfigError(
            f'"{name}" is not a valid protocol name',
            hint=f"use a-z, 0-9 and single hyphens, for example {usable or 'my-review'}",
        )
    return _template().replace(f'"{_PLACE}"      #', f'"{name}"'.ljust(len(_PLACE) + 7) + " #")


def is_untouched_template(protocol: Protocol) -> bool:
    """Whether a protocol still has the title or the concepts of the commented example."""
    example = parse_protocol(_template().replace(_PLACE, "example"))
    return protocol.title == example.title or protocol.concepts == example.concepts


def _template() -> str:
    return resource("data", "protocol-template.toml").read_text(encoding="utf-8")
