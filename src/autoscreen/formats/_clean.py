"""Cleans text, identifiers and years; independent of files and formats."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import unescape
from unicodedata import is_normalized, normalize
from urllib.parse import unquote

_INLINE = (
    "sub|sup|inf|i|b|u|s|em|strong|bold|italic|underline|sc|tt|small|big|font|span|a|code|cite|"
    "math|mi|mn|mo|mrow|mtext|msub|msup|msubsup|mfrac|msqrt|mover|munder|mstyle|mspace|mfenced|"
    "xref|ext-link|inline-formula|disp-formula|named-content|styled-content"
)
_BLOCK = (
    "p|br|hr|div|li|ul|ol|h[1-6]|title|sec|table|tr|td|th|tbody|blockquote|pre|list|list-item|"
    "abstract|abstracttext|otherabstract|copyrightinformation"
)
_ATTRIBUTES = r"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*/?>"""
_INLINE_TAG = re.compile(rf"</?(?:{_INLINE}|(?:mml|jats|xlink):[\w-]+){_ATTRIBUTES}", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"</?(?:jats:)?(?:{_BLOCK}){_ATTRIBUTES}|<!\[CDATA\[|\]\]>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});")
# Control, zero-width and direction characters: invisible, and they part or fake words.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")

_PMID = re.compile(
    r"(?:pmid|pubmed|medline|(?:https?://)?(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|"
    r"ncbi\.nlm\.nih\.gov/(?:m/)?pubmed)/)?[\s:/]*0*([1-9]\d{0,7})(?:\.0)?(?:\s*\[pmid\])?"
    r"(?:[/.]|/?\?\S*)?",
    re.IGNORECASE,
)
_PMCID = re.compile(
    r"(?:^|.*\bPMC|^pmcid[\s:]*)[\s:]*0*([1-9]\d{0,8})(?:\.\d+)?\D*$", re.IGNORECASE
)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"]{1,500}")
# A blank within a DOI: before or after its first slash, or where it cannot end.
_BROKEN_DOI = re.compile(
    r"(10\.\d{4,9})\s*/\s+(?!10\.)|(10\.\d{4,9})\s+/|(10\.\d{4,9}/\S*[.(/_-])\s+(?=\d\S*\s*$)"
)
_YEAR = re.compile(r"(?<!\d)([12]\d{3})(?=(?:\d{4})?(?!\d))")
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}


def plain(text: str) -> str:
    """
    Return the words of `text` on one line: no mark-up, entities resolved, Unicode NFC.

    Only the names of real tags count as mark-up, so "p < 0.05 and n > 3" stays. The function is
    idempotent.
    """
    return _plain_again(text) if len(text) <= _SHORT else _plain(text)


def pmid(text: str) -> str | None:
    """Return the digits of a PubMed identifier or its address; None if it is not one."""
    match = _PMID.fullmatch(_visible(text).strip())
    return match[1] if match else None


def pmcid(text: str) -> str | None:
    """Return a PubMed Central identifier as ``PMC`` and digits; None if it is not one."""
    match = _PMCID.match(text.strip())
    return f"PMC{match[1]}" if match else None


def doi(text: str) -> str | None:
    """Return the first DOI in `text`, in lower case from ``10.``; None if there is none."""
    if "%" in text:
        text = unquote(text)
    while "&" in text and (resolved := _ENTITY.sub(_resolve, text)) != text:
        text = resolved
    text = _visible(text)
    if "10." in text and any(map(str.isspace, text)):
        text = _BROKEN_DOI.sub(_mended_doi, text)
    match = _DOI.search(text)
    if not match:
        return None
    value = re.sub(r"\[(?:doi|pii)\].*$|</.*$", "", match[0].lower())
    while value and (value[-1] in ".,;:'\"|" or _closes_nothing(value)):
        value = value[:-1]
    return value if not value.endswith("/") else None


def _visible(text: str) -> str:
    return text if text.isascii() else _INVISIBLE.sub("", text)


def _mended_doi(match: re.Match[str]) -> str:
    return match[3] or f"{match[1] or match[2]}/"


def year(text: str) -> int | None:
    """Return the first year from 1000 to 2999 in a date of any shape; None if there is none."""
    match = _YEAR.search(text)
    return int(match[1]) if match else None


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values that are not empty, each once, in their order."""
    return tuple(dict.fromkeys(filter(None, values)))


def _plain(text: str) -> str:
    text = _one_line(text)
    while "<" in text or "&" in text:
        cleaner = _one_line(_ENTITY.sub(_resolve, _without_tags(text)))
        if cleaner == text:
            break
        text = cleaner
    return text


# Names, headings and journals are often repeated.
_SHORT = 80
_plain_again = lru_cache(1 << 15)(_plain)


def _one_line(text: str) -> str:
    if text.isprintable() and "  " not in text:  # nothing invisible, no space but U+0020: fast
        text = text.strip()
        return text if is_normalized("NFC", text) else normalize("NFC", text)
    text = _INVISIBLE.sub("", text)
    if text.isascii():
        return " ".join(text.split())
    text = " ".join(_SURROGATE.sub("\ufffd", text).split())
    return text if is_normalized("NFC", text) else normalize("NFC", text)


def _without_tags(text: str) -> str:
    if "<" not in text and "]]>" not in text:
        return text
    return _INLINE_TAG.sub("", _BLOCK_TAG.sub(" ", text))


def _resolve(match: re.Match[str]) -> str:
    return unescape(match[0])


def _closes_nothing(value: str) -> bool:
    opening = _PAIRS.get(value[-1])
    return opening is not None and value.count(opening) < value.count(value[-1])
