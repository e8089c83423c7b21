"""Writes docs/reference/python.md from the docstrings: ``make docs-reference``.

A test fails while the page differs from what this would write.
"""

from __future__ import annotations

import enum
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent / "reference" / "python.md"
ROOMS = (
    "review",
    "monitor",
    "records",
    "protocol",
    "formats",
    "pubmed",
    "active",
    "evaluation",
    "training",
    "ranking",
    "dedup",
    "text",
)
HEAD = """\
# Python

This page is written by `make docs-reference` from the docstrings; do not edit it.
[Use it from Python](../how-to/use-from-python.md) shows the way through a review.
[Errors](errors.md) lists what may be raised.

`autoscreen` itself offers `Review`, `ScreeningClassifier`, `Record` and `Label`.
The rest is imported from its room.
"""
WIDTH = 90
_TITLE = re.compile(r"^([A-Z][A-Za-z ]+)\n-{3,}$", re.MULTILINE)
_LISTS = {"Parameters", "Attributes", "Returns", "Yields", "Raises"}
_ROLE = re.compile(r":\w+:`~?([^`]+)`")


def page() -> str:
    """Write the whole page."""
    parts = [HEAD]
    for room in ROOMS:
        module = import_module(f"autoscreen.{room}")
        parts += [f"## autoscreen.{room}\n", _prose(inspect.getdoc(module) or "")]
        for name in sorted(module.__all__, key=str.lower):
            value = getattr(module, name)
            if inspect.isclass(value) or inspect.isfunction(value):
                parts += _thing(f"autoscreen.{room}", name, value)
    return "\n".join(parts).rstrip() + "\n"


def _thing(room: str, name: str, value: Any) -> Iterator[str]:
    yield f"### {name}\n"
    home = value.__module__.split(".")[1]
    if home in ROOMS and room != f"autoscreen.{home}":
        yield f"See `autoscreen.{home}`.\n"
        return
    if inspect.isclass(value) and issubclass(value, enum.Enum):
        yield _prose(inspect.getdoc(value) or "")
        yield "\n".join(f"- `{member.name}` = `{str(member.value)!r}`" for member in value) + "\n"
        return
    yield _signature(name, value)
    yield _docstring(value)
    if inspect.isclass(value):
        for attribute, member in _members(value).items():
            if not attribute.startswith("_"):
                yield from _member(attribute, member)


def _members(value: type) -> dict[str, Any]:
    """Give what a class and its bases in the same room define, bases first."""
    room = value.__module__.split(".")[:2]
    bases = [base for base in value.__mro__ if base.__module__.split(".")[:2] == room]
    return {name: one for base in reversed(bases) for name, one in vars(base).items()}


def _member(name: str, member: Any) -> Iterator[str]:
    function = member.__func__ if isinstance(member, classmethod | staticmethod) else member
    if inspect.isfunction(function):
        yield f"#### .{name}()\n"
        yield _signature(name, function)
        yield _docstring(function)
    elif isinstance(member, property):
        yield f"#### .{name}\n"
        yield _docstring(member)


def _signature(name: str, value: Any) -> str:
    signature = inspect.signature(value)
    parameters = [p for p in signature.parameters.values() if p.name not in {"self", "cls"}]
    written = [_parameter(one) for one in parameters]
    named = [at for at, one in enumerate(parameters) if one.kind is one.KEYWORD_ONLY]
    if named and not any(one.kind is one.VAR_POSITIONAL for one in parameters):
        written.insert(named[0], "*")
    end = "" if inspect.isclass(value) else f" -> {_type(signature.return_annotation)}"
    text = f"{name}({', '.join(written)}){end}"
    if len(text) > WIDTH:
        lines = "".join(f"\n    {one}," for one in written)
        text = f"{name}({lines}\n){end}"
    return f"```text\n{text}\n```\n"


def _parameter(one: inspect.Parameter) -> str:
    stars = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "")
    shown = getattr(one.default, "__name__", repr(one.default))
    default = "" if one.default is one.empty else f" = {shown}"
    return f"{stars}{one.name}: {_type(one.annotation)}{default}"


def _type(annotation: Any) -> str:
    return str(annotation).strip("'\"") if isinstance(annotation, str) else str(annotation)


def _docstring(value: Any) -> str:
    summary, *sections = _TITLE.split(inspect.getdoc(value) or "")
    parts = [_prose(summary)]
    for title, body in zip(sections[::2], sections[1::2], strict=True):
        parts += [f"*{title}*\n", _listed(body) if title in _LISTS else _prose(body)]
    return "\n".join(parts)


def _listed(body: str) -> str:
    lines = []
    for line in body.strip("\n").splitlines():
        indented = line.startswith(" ")
        lines.append(f"  {_inline(line.strip())}" if indented else f"- `{line.strip()}`")
    return "\n".join(line.rstrip() for line in lines if line.strip() != "- ``") + "\n"


def _prose(text: str) -> str:
    lines: list[str] = []
    inside = False
    for line in [*text.strip("\n").splitlines(), ""]:
        if line.startswith(">>>") and not inside:
            inside = True
            lines.append("```pycon")
        elif inside and not line.strip():
            inside = False
            lines.append("```")
        lines.append(line if inside else _inline(line))
    return "\n".join(lines).rstrip() + "\n"


def _inline(line: str) -> str:
    return _ROLE.sub(r"`\1`", line).replace("``", "`")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
