"""The look of the pages: contrast in both themes, and what the browser is allowed to load."""

from __future__ import annotations

import re
from importlib import resources

import pytest

STATIC = resources.files("autoscreen.web") / "static"
TEMPLATES = resources.files("autoscreen.web") / "templates"
CSS = (STATIC / "base.css").read_text("utf-8")
KINDS = ("population", "intervention", "comparison", "outcome", "study_type", "other", "against")
ON_SURFACES = [
    (text, surface)
    for text in ("ink", "soft", "accent", "include", "exclude", "unsure", "problem")
    for surface in ("paper", "sheet", "raised")
]
TEXT = [
    *ON_SURFACES,
    ("accent-ink", "accent"),
    ("accent", "accent-tint"),
    *((name, f"{name}-tint") for name in ("include", "exclude", "unsure", "problem", *KINDS)),
    ("ink", "accent-tint"),
    ("soft", "unsure-tint"),
    ("ink", "unsure-tint"),
]
# What is no text but has to be seen: edges of fields and buttons, the ring around the focus.
SHAPES = [(name, surface) for name in ("edge", "focus", "accent") for surface in ("paper", "sheet")]


def _colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", block))


def _block(start: str) -> str:
    at = CSS.index(start) + len(start)
    return CSS[at : CSS.index("}", at)]


PAIRS = re.findall(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", CSS)
LIGHT = {name: light for name, light, _ in PAIRS}
DARK = {name: dark for name, _, dark in PAIRS}


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_says() -> None:
    """Black on white is 21 to 1, and a known grey is 4.54 to 1."""
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "surface"), TEXT)
def test_text_can_be_read(theme: dict[str, str], text: str, surface: str) -> None:
    """Text has at least 4.5 to 1 on each surface it stands on (WCAG 2.2, 1.4.3)."""
    assert _contrast(theme[text], theme[surface]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "surface"), SHAPES)
def test_shapes_can_be_seen(theme: dict[str, str], shape: str, surface: str) -> None:
    """Edges and the focus ring have at least 3 to 1 (WCAG 2.2, 1.4.11)."""
    assert _contrast(theme[shape], theme[surface]) >= 3


def test_each_colour_is_given_once_for_both_themes() -> None:
    """Every colour has its light and dark value in one place."""
    assert set(_colours(_block(":root {"))) == set()
    assert len(PAIRS) == len(LIGHT) > 30


def test_files_load_nothing_from_elsewhere() -> None:
    """No style sheet or script names another server."""
    for path in STATIC.iterdir():
        text = path.read_text("utf-8")
        assert not re.search(r"@import|url\(|https?://(?!www\.w3\.org/)", text), path.name


def test_mark_up_has_no_script_or_style_in_it() -> None:
    """The policy would refuse handlers, styles and scripts in the page; the templates have none."""
    found = re.compile(r"<[^>]*\s(?:on[a-z]+|style)=|<style|<script(?![^>]*\ssrc=)|javascript:")
    todo = [TEMPLATES]
    while todo:
        for path in todo.pop().iterdir():
            if path.is_dir():
                todo.append(path)
            else:
                assert not found.search(path.read_text("utf-8")), path.name


def test_what_a_template_does_not_escape_is_nothing() -> None:
    """No template switches the escaping of records and notes off."""
    todo = [TEMPLATES]
    while todo:
        for path in todo.pop().iterdir():
            if path.is_dir():
                todo.append(path)
            else:
                text = path.read_text("utf-8")
                assert not re.search(r"\|\s*safe\b|autoescape", text), path.name
