"""Europe PMC: PubMed, PubMed Central, preprints, and more; its REST API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autoscreen.http_client.failures import MalformedAnswer, Transient, one_line
from autoscreen.sources.result_page import (
    Api,
    Question,
    ResultPage,
    by_identifier,
    counted_in,
    cursor_in,
    json_object,
    listed,
)

_NAME = "Europe PMC"
_FIRST_DAY, _LAST_DAY = "1500-01-01", "3000-12-31"


def _asked(question: Question, cursor: str, size: int) -> Mapping[str, str | int]:
    query = question.query
    if question.since or question.until:
        first, last = question.since or _FIRST_DAY, question.until or _LAST_DAY
        query = f"({query}) AND FIRST_IDATE:[{first} TO {last}]"
    return {
        "query": query,
        "format": "json",
        "resultType": "core" if size else "idlist",
        "synonym": "false",
        "cursorMark": cursor,
        "pageSize": max(1, size),
    }


def _read(body: bytes) -> ResultPage:
    answer = json_object(body, _NAME)
    if message := answer.get("errMsg"):
        raise Transient(f"{_NAME} says {one_line(str(message))!r}")
    results = answer.get("resultList", {})
    if not isinstance(results, dict):
        raise MalformedAnswer(f"{_NAME} sent an answer without a list of records", body)
    found = listed(results.get("result", []), _NAME, body)
    cursor = cursor_in(answer.get("nextCursorMark"), _NAME, body)
    return ResultPage(
        count=counted_in(answer.get("hitCount"), _NAME, body),
        cursor=cursor if found else "",
        **by_identifier(found, _identified),
    )


def _identified(one: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]] | None:
    source, number = one.get("source"), one.get("id")
    if not source or not number:
        return None
    # In this order the reader of the format knows them.
    first = {"id": str(number), "source": str(source)}
    return f"{source}:{number}", {**first, **one, **first}


EUROPE_PMC = Api(
    key="europepmc",
    name=_NAME,
    base="https://www.ebi.ac.uk/europepmc/webservices/rest/",
    path="search",
    long_path="searchPOST",
    setting="europe_pmc_url",
    variable="EUROPE_PMC_URL",
    rate=5.0,
    format="europe-pmc",
    date_type="FIRST_IDATE",
    start="*",
    repeats_last=True,
    asked=_asked,
    read=_read,
)
