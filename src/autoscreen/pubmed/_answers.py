"""Parses and checks the responses of the E-utilities."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from autoscreen.errors import SourceError
from autoscreen.http_client.failures import MalformedAnswer, Transient, one_line, shown

_SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False}
_PARSER = etree.XMLParser(**_SAFE, remove_comments=True, remove_pis=True)
_ARTICLES = {"PubmedArticle": "MedlineCitation/PMID", "PubmedBookArticle": "BookDocument/PMID"}
_START = re.compile(rb"(?=<Pubmed(?:Book)?Article[\s>])")
_ELEMENT = re.compile(rb"<(Pubmed(?:Book)?Article)[\s>].*?</\1\s*>", re.DOTALL)
_PMID = re.compile(rb"<PMID[^>]*>\s*(\d+)\s*</PMID>")
_LOST = re.compile(r"WebEnv|unable to obtain query|history data|query_key", re.IGNORECASE)
_KEY = re.compile(r"api.key", re.IGNORECASE)
_FINAL = re.compile(r"api.key|empty term|invalid db", re.IGNORECASE)
"""Errors after which a retry is useless; all others are known to be temporary."""
_RATE = re.compile(r"rate limit|too many requests", re.IGNORECASE)
_NOBODY = re.compile(r"id list is empty", re.IGNORECASE)
_EXPECTED = {"eSearchResult": "what it found", "PubmedArticleSet": "records"}
_WARNINGS = {
    "PhraseNotFound": "found nothing for the phrase",
    "FieldNotFound": "knows no search field",
    "PhraseIgnored": "ignored",
    "QuotedPhraseNotFound": "has no such quoted phrase, and searched its words or nothing",
}
"""Warnings of PubMed about a query, by the name of their XML element."""


class HistoryLost(SourceError):
    """The server no longer has the result of a search that it had kept."""


class UnknownPmids(SourceError):
    """The server has no record for any of the identifiers that it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A response of ESearch."""

    count: int
    ids: tuple[str, ...] = ()  # The requested PMIDs, in the order of the server
    translation: str = ""  # The query as the database understood it
    warnings: tuple[str, ...] = ()  # PubMed's warnings about the query
    web_env: str = ""  # Where the server keeps the result; empty if it does not
    query_key: str = ""


def found_in(body: bytes) -> Found:
    """Read a response of ESearch."""
    root = _root(body, "eSearchResult")
    count = (root.findtext("Count") or "").strip()
    if not count.isdecimal():
        raise MalformedAnswer("PubMed sent an answer without a number of records", body)
    ids = tuple((one.text or "").strip() for one in root.iterfind("IdList/Id"))
    if not all(map(str.isdecimal, ids)):
        raise MalformedAnswer("PubMed sent a PMID that is no number", body)
    return Found(
        count=int(count),
        ids=ids,
        translation=" ".join((root.findtext("QueryTranslation") or "").split()),
        warnings=tuple(_warnings(root)),
        web_env=(root.findtext("WebEnv") or "").strip(),
        query_key=(root.findtext("QueryKey") or "").strip(),
    )


def records_in(body: bytes) -> dict[str, str]:
    """Read a response of EFetch: the XML of each record by its PMID."""
    return _by_pmid(_root(body, "PubmedArticleSet"))


def salvaged(body: bytes, *, damaged: bool = False) -> dict[str, str]:
    """Return the complete records of a damaged response."""
    found: dict[str, str] = {}
    for piece in _START.split(body):
        match = _ELEMENT.match(piece)
        if not match:
            continue
        try:
            found |= _by_pmid([etree.fromstring(match[0], _PARSER)])
        except etree.XMLSyntaxError:
            pmid = _PMID.search(match[0])
            if damaged and pmid:
                found[pmid[1].decode()] = match[0].decode("utf-8", "replace")
    return found


def _by_pmid(elements: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in elements:
        place = _ARTICLES.get(element.tag)
        if place and (pmid := (element.findtext(place) or "").strip()).isdecimal():
            found[pmid] = etree.tostring(element, encoding="unicode", with_tail=False)
    return found


def _root(body: bytes, name: str) -> etree._Element:
    """Parse a response whose root element must have this name."""
    if message := complaint_in(body):
        raise judged(message, body)
    try:
        root = etree.fromstring(body, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        begun = f"<{name}".encode() in body
        what = "a damaged or incomplete response" if begun else _instead(body, name)
        raise MalformedAnswer(f"PubMed sent {what}", body) from error
    if root.tag != name:
        raise MalformedAnswer(f"PubMed sent {_instead(body, name)}", body)
    return root


def _instead(body: bytes, name: str) -> str:
    return f"{shown(body)} instead of {_EXPECTED[name]}"


def complaint_in(body: bytes) -> str:
    """Return the error message of a response, in JSON or in ERROR elements, or an empty text."""
    start = body[:4096].lstrip()
    if start.startswith(b"{"):
        try:
            return one_line(str(json.loads(body).get("error", "")))
        except (ValueError, RecursionError):  # damaged, or nested without end
            return ""
    if b"<ERROR>" not in body or b"</PubmedArticleSet>" in body:
        return ""
    texts = re.findall(r"<ERROR>(.*?)(?:</ERROR>|\Z)", body.decode("utf-8", "replace"), re.DOTALL)
    return one_line("; ".join(texts))


def judged(message: str, body: bytes) -> SourceError:
    """Return the exception for an error message."""
    if _RATE.search(message):
        return Transient(f"PubMed says {message!r}")
    if _LOST.search(message):
        return HistoryLost(f"PubMed says {message!r}")
    if _NOBODY.search(message):
        return UnknownPmids("PubMed knows none of these identifiers")
    if _FINAL.search(message):
        hint = "check NCBI_API_KEY, or api_key in your settings" if _KEY.search(message) else ""
        return SourceError(f"PubMed refuses: {message!r}", hint=hint)
    return MalformedAnswer(f"PubMed says {message!r}", body)


def _warnings(root: etree._Element) -> list[str]:
    found = []
    for part in (*root.iterfind("ErrorList/*"), *root.iterfind("WarningList/*")):
        text = one_line(part.text or "")
        if text and isinstance(part.tag, str):
            known = _WARNINGS.get(part.tag)
            found.append(f"PubMed {known}: {text}" if known else f"PubMed says: {text}")
    return list(dict.fromkeys(found))
