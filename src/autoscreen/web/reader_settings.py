"""The display settings of a reader, in a cookie without personal data."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

COOKIE = "autoscreen_reading"

CHOICES: dict[str, tuple[str, ...]] = {
    "theme": ("auto", "light", "dark"),
    "face": ("sans", "serif"),
    "size": ("2", "1", "3", "4"),
    "keys": ("on", "off"),
    "concepts": ("on", "off"),
    "evidence": ("off", "on"),
    "stopping": ("closed", "open"),
    "criteria": ("open", "closed"),
}
"""Each setting with its values, the usual one first."""


def read_settings(cookie: str) -> dict[str, str]:
    """Return all settings; missing or invalid ones have their default."""
    stored = dict(parse_qsl(cookie))
    return {
        name: stored[name] if stored.get(name) in values else values[0]
        for name, values in CHOICES.items()
    }


def write_settings(settings: dict[str, str]) -> str:
    """Return the cookie for these settings."""
    return urlencode({name: settings[name] for name in CHOICES})
