"""Text as BibTeX writes it, and back: escapes, accents, symbols, braces."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import name, normalize

from bibtexparser.library import Library
from bibtexparser.middlewares import LatexDecodingMiddleware
from bibtexparser.model import Entry, Field

# Commands that only change how their text looks.
_LOOKS = re.compile(
    r"\\(?:emph|text(?:it|bf|rm|sf|tt|sc|sl|up|md|normal|superscript|subscript)?|math(?:it|bf|rm|"
    r"sf|tt|cal|bb|normal)?|mbox|ensuremath|enquote|uppercase|lowercase|NoCaseChange|url|"
    r"(?:bf|it|rm|sf|tt|sc|sl|em|bfseries|itshape|scshape)(?=[\s{}]))(?![A-Za-z])\s*"
)
# An accent with its letter, or another command with the plain argument that it may have.
_LETTER = r"(?:\\[ij](?![A-Za-z])|[^\W\d_])"
_COMMAND = re.compile(
    rf"(?P<accent>\\(?:[`'^\"~=.]|[uvHcdbkrt](?=[\s{{]))\s*(?:\{{\s*{_LETTER}?\s*\}}|{_LETTER}))"
    r"|(?P<command>\\[A-Za-z]+(?:\{\}|\{[^{}\\]*\})?)(?P<space>[ \t]*)"
)
# Commands that the library does not know, or shows as another character.
_OWN = {"textless": "<", "textgreater": ">", "textasciicircum": "^", "pounds": "£", "euro": "€"}
_ESCAPE = re.compile(r"\\([^A-Za-z])")
_SPACES = {"\\": " ", "\n": " ", ",": " ", ";": " ", ":": " ", " ": " "} | dict.fromkeys(
    "!/-()", ""
)
# A tie, but not the "about" of "~5", nor a range such as "5~10".
_TIE = re.compile(r"(?<=[^\s\\])~(?=\S)(?!(?<=\d~)\d)")
_DOLLAR = re.compile(r"(?<!\\)\$")
_INLINE_MATH = re.compile(r"\\\((.{1,200}?)\\\)")
# What dollars enclose is mathematics if it looks like it; otherwise they are a currency.
_MATH = re.compile(
    r"\s*[<>=]+\s*|(?! )(?:[^$]*[\\^_{=<>+][^$]*|[A-Za-z]'*|-?\d+(?:\.\d+)?\s*(?:\\?%)?)(?<! )",
    re.DOTALL,
)
_SCRIPT = re.compile(r"(?<!\\)[_^](?=[\w{\\+-])")
_RESERVED = {
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    **{char: f"\\{char}" for char in "{}$&%#_"},
}
_TO_ENCODE = re.compile(r"[\\{}$&%#_~^]")
# Unicode noncharacters replace literal braces and backslashes of the text while those of LaTeX
# are removed.
_KEPT = str.maketrans({"{": "\ufdd0", "}": "\ufdd1", "\\": "\ufdd2"})
_STAND_INS = re.compile("[\ufdd0-\ufdd2]")
_GIVEN_BACK = str.maketrans({"\ufdd0": "{", "\ufdd1": "}", "\ufdd2": "\\"})


def decoded(text: str) -> str:
    """
    Return the text that LaTeX would print.

    Only the commands in it go to bibtexparser's decoder, which takes milliseconds and drops what
    follows a bare per cent sign.
    """
    if not text.isascii():
        text = _STAND_INS.sub("", text)
    if "~" in text:
        text = _TIE.sub(" ", text)
    if "$" in text or "\\(" in text:
        text = _without_math(text)
    if "\\" in text:
        text = _LOOKS.sub("", text)
        text = _ESCAPE.sub(_escaped, _COMMAND.sub(_printed, text))
    if "{" in text or "}" in text:
        text = text.replace("{", "").replace("}", "")
    if "``" in text and "''" in text:
        text = text.replace("``", "\u201c").replace("''", "\u201d")
    return text if text.isascii() or text.isprintable() else text.translate(_GIVEN_BACK)


def _without_math(text: str) -> str:
    """Return the text of mathematics, without dollars and marks of sub- and superscripts."""
    text = _INLINE_MATH.sub(r"$\1$", text)
    first, *parts = _DOLLAR.split(text)
    pieces = [first]
    while parts:
        inner = parts.pop(0)
        if (
            parts
            and _MATH.fullmatch(inner)
            and not (inner[-1:].isdigit() and parts[0][:1].isdigit())
        ):
            pieces += [_SCRIPT.sub("", inner), parts.pop(0)]
        else:
            pieces.append(f"${inner}")
    return "".join(pieces)


def unescaped(text: str) -> str:
    """Return an address or identifier, in which only the reserved characters are escaped."""
    if "\\" in text:
        text = text.replace("\\textasciitilde", "~").replace("\\~", "~")
        text = re.sub(r"\\([&%$#_{}])", r"\1", text)
    return text.replace("{", "").replace("}", "") if "{" in text else text


def encoded(text: str) -> str:
    """Return text as LaTeX writes it; letters beyond ASCII stay as they are."""
    return _TO_ENCODE.sub(lambda match: _RESERVED[match[0]], text)


def _printed(match: re.Match[str]) -> str:
    if match["accent"]:
        return _by_library(match["accent"])
    shown = _by_library(match["command"])
    # A space that ends the name of a letter is not printed: \o re is one word.
    swallowed = len(shown) == 1 and name(shown, "").startswith("LATIN")
    return shown if swallowed else shown + match["space"]


def _escaped(match: re.Match[str]) -> str:
    return _SPACES.get(match[1], match[1]).translate(_KEPT)


@lru_cache(maxsize=4096)
def _by_library(command: str) -> str:
    if symbol := _OWN.get(command.strip("\\{}")):
        return symbol
    entry = Entry("misc", "key", [Field("text", command)])
    block = LatexDecodingMiddleware().transform_entry(entry, Library())
    shown = str(block.fields[0].value) if isinstance(block, Entry) else ""
    # What the library does not know keeps its name and argument, so that no word is lost.
    return normalize("NFC", shown or re.sub(r"[\\{}]+", " ", command)).translate(_KEPT)
