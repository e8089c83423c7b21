"""Writes docs/reference/python.md from the docstrings: ``make docs-reference``.

The page covers the names in ``autoscreen.__all__`` with their public methods and attributes.
A test fails while the page differs from what this would write.
"""

from __future__ import annotations

import enum
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import autoscreen

PAGE = Path(__file__).parent / "reference" / "python.md"
HEAD = """\
# Python

[Use it from Python](../how-to/use-from-python.md) shows the way through a review.

Everything here is imported from `autoscreen`, as in `from autoscreen import Review`.
"""
WRITTEN = "`make docs-reference` writes this page from the docstrings; do not edit it.\n"
ERRORS = """\
## Errors

[Errors](errors.md) says what to do about each.
"""
WIDTH = 90
_TITLE = re.compile(r"^([A-Z][A-Za-z ]+)\n-{3,}$", re.MULTILINE)
_LISTS = {"Parameters": "", "Attributes": "", "Returns": "returns ", "Yields": "yields ",
          "Raises": "raises "}  # fmt: skip
"""Sections that are lists, with what is written before each name."""
_ROLE = re.compile(r":\w+:`~?([^`]+)`")
_ASSIGNED = re.compile(r"self\.([a-z]\w*)(?:: (\w+))? = (\w+)")


def page() -> str:
    """Return the whole page."""
    names = [one for one in autoscreen.__all__ if not one.startswith("_")]
    values = {one: getattr(autoscreen, one) for one in sorted(names, key=str.lower)}
    errors = {name: one for name, one in values.items() if is_error(one)}
    parts = [HEAD, WRITTEN]
    for name, value in values.items():
        if name not in errors:
            parts += _entry(name, value)
    if errors:
        parts += [ERRORS, *_errors(errors)]
    return "\n".join(parts).rstrip() + "\n"


def is_error(value: Any) -> bool:
    """Return whether this is a class of errors."""
    return inspect.isclass(value) and issubclass(value, Exception)


def _errors(errors: dict[str, type]) -> Iterator[str]:
    for name, value in errors.items():
        summary = _TITLE.split(inspect.getdoc(value) or "")[0]
        yield f"- `{name}` ({value.__bases__[0].__name__}): {_one_line(summary)}"


def _entry(name: str, value: Any) -> Iterator[str]:
    yield f"## {name}\n"
    if inspect.isclass(value) and issubclass(value, enum.Enum):
        yield _prose(inspect.getdoc(value) or "")
        yield "\n".join(f"- `{one.name}` = `{str(one.value)!r}`" for one in value) + "\n"
        return
    yield _signature(name, value)
    yield _docstring(value)
    if inspect.isclass(value):
        yield from _in_full(name, value)
        for attribute, facet in facets(value).items():
            yield f"### {name}.{attribute}\n"
            yield _docstring(facet)
            yield "\n".join(_in_short(facet)) + "\n"


def members(value: type) -> dict[str, Any]:
    """Return the methods and properties of a class and its bases in autoscreen, bases first."""
    bases = [one for one in value.__mro__ if one.__module__.startswith("autoscreen.")]
    found = {name: one for base in reversed(bases) for name, one in vars(base).items()}
    plain = {
        name: one.__func__ if isinstance(one, classmethod | staticmethod) else one
        for name, one in found.items()
        if not name.startswith("_")
    }
    return {
        name: one
        for name, one in plain.items()
        if inspect.isfunction(one) or isinstance(one, property)
    }


def _in_full(of: str, value: type) -> Iterator[str]:
    for name, member in members(value).items():
        if isinstance(member, property):
            yield f"### {of}.{name}\n"
        else:
            yield f"### {of}.{name}()\n"
            yield _signature(name, member)
        yield _docstring(member)


def _in_short(value: type) -> Iterator[str]:
    """Yield one line for each method and property."""
    for name, member in members(value).items():
        call = name if isinstance(member, property) else f"{name}({_names(member)})"
        summary = (inspect.getdoc(member) or "").partition("\n\n")[0]
        yield f"- `{call}`: {_one_line(summary)}"


def _names(function: Any) -> str:
    """Return the parameters of a function without their types."""
    signature = inspect.signature(function)
    bare = [
        one.replace(annotation=one.empty)
        for one in signature.parameters.values()
        if one.name != "self"
    ]
    return str(signature.replace(parameters=bare, return_annotation=signature.empty))[1:-1]


def facets(value: type) -> dict[str, type]:
    """Return the attributes of a class that hold further methods, each with its class."""
    if not inspect.isfunction(vars(value).get("__init__")):
        return {}
    module = sys.modules[value.__module__]
    try:
        source = inspect.getsource(value.__init__)
    except OSError:  # made by dataclass
        return {}
    found = {
        name: getattr(module, annotation or made, None)
        for name, annotation, made in _ASSIGNED.findall(source)
    }
    return {
        name: one
        for name, one in found.items()
        if inspect.isclass(one) and one.__module__.startswith("autoscreen.")
    }


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
        text = f"{name}(\n    {', '.join(written)}\n){end}"
    return f"```text\n{text}\n```\n"


def _parameter(one: inspect.Parameter) -> str:
    stars = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "")
    shown = getattr(one.default, "__name__", repr(one.default))
    default = "" if one.default is one.empty else f" = {shown}"
    return f"{stars}{one.name}: {_type(one.annotation)}{default}"


def _type(annotation: Any) -> str:
    return str(annotation).strip("'\"")


def _docstring(value: Any) -> str:
    summary, *sections = _TITLE.split(inspect.getdoc(value) or "")
    parts, listed = [_prose(summary)], []
    for title, body in zip(sections[::2], sections[1::2], strict=True):
        if title in _LISTS:
            listed += _listed(body, _LISTS[title])
        else:
            parts += [f"*{title}*\n", _prose(body)]
    if listed:
        parts.insert(1, "\n".join(listed) + "\n")
    return "\n".join(parts)


def _listed(body: str, before: str) -> Iterator[str]:
    """Yield one line for each name, with its description."""
    found: list[list[str]] = []
    for line in filter(str.strip, body.splitlines()):
        if line.startswith(" ") and found:
            found[-1].append(line)
        else:
            found.append([line])
    for name, *text in found:
        described = f": {_one_line(' '.join(text))}" if text else ""
        yield f"- {before}`{name.strip()}`{described}"


def _one_line(text: str) -> str:
    return _inline(" ".join(text.split()))


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
