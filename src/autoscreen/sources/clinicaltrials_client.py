"""ClinicalTrials.gov: the registry of trials of the United States; version 2 of its API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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

_NAME = "ClinicalTrials.gov"


def _asked(question: Question, cursor: str, size: int) -> Mapping[str, str | int]:
    asked: dict[str, str | int] = {
        "format": "json",
        "query.term": question.query,
        "countTotal": "true",
        "pageSize": max(1, size),
        "fields": "protocolSection" if size else "NCTId",
    }
    if question.since or question.until:
        first, last = question.since or "MIN", question.until or "MAX"
        asked["filter.advanced"] = f"AREA[StudyFirstPostDate]RANGE[{first},{last}]"
    return {**asked, "pageToken": cursor} if cursor else asked


def _read(body: bytes) -> ResultPage:
    answer = json_object(body, _NAME)
    studies = listed(answer.get("studies"), _NAME, body)
    # The registry counts on the first page only.
    total = answer.get("totalCount")
    count = None if total is None else counted_in(total, _NAME, body)
    cursor = cursor_in(answer.get("nextPageToken"), _NAME, body)
    return ResultPage(count=count, cursor=cursor, **by_identifier(studies, _identified))


def _identified(study: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]] | None:
    number = _number(study)
    return (number, {"protocolSection": {}, **study}) if number else None


def _number(study: Mapping[str, object]) -> str:
    section = study.get("protocolSection")
    module = section.get("identificationModule") if isinstance(section, dict) else None
    number = module.get("nctId") if isinstance(module, dict) else None
    return number.strip().upper() if isinstance(number, str) else ""


CLINICALTRIALS = Api(
    key="clinicaltrials",
    name=_NAME,
    base="https://clinicaltrials.gov/api/v2/",
    path="studies",
    long_path="",
    setting="clinicaltrials_url",
    variable="CLINICALTRIALS_URL",
    rate=0.8,
    format="clinicaltrials",
    date_type="StudyFirstPostDate",
    start="",
    repeats_last=False,
    asked=_asked,
    read=_read,
)
