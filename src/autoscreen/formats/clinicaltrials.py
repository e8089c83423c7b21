"""ClinicalTrials.gov: registry entries as version 2 of its API returns them, one a line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from autoscreen.formats._base import each_record
from autoscreen.formats._clean import unique, year
from autoscreen.formats._json_lines import json_lines, json_object, objects, part, text, texts
from autoscreen.formats._problem import Problem
from autoscreen.formats._source import Source
from autoscreen.formats.trial_registries import registry_numbers
from autoscreen.records import Record

_SNIFF = re.compile(r'\s*\{\s*"protocolSection"\s*:')
_JOURNAL = "ClinicalTrials.gov"


class _Reader:
    """Reads registry entries of ClinicalTrials.gov."""

    name = "clinicaltrials"

    def sniff(self, head: str) -> bool:
        """Return whether the first line begins like a registry entry."""
        return bool(_SNIFF.match(head))

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records one by one."""
        return each_record(source, json_lines(source), _record)


def _record(line: str, warn: Callable[[str], None]) -> Record:
    entry = part(json_object(line), "protocolSection")
    names, status = part(entry, "identificationModule"), part(entry, "statusModule")
    number = text(names.get("nctId")).upper()
    if registry_numbers(number) != (number,):
        raise ValueError("a registry entry without an NCT number")
    posted = text(part(status, "studyFirstPostDateStruct").get("date"))
    day = posted or text(status.get("studyFirstSubmitDate"))
    conditions = part(entry, "conditionsModule")
    sponsor = text(part(entry, "sponsorCollaboratorsModule", "leadSponsor").get("name"))
    return Record(
        title=text(names.get("officialTitle")) or text(names.get("briefTitle")),
        abstract=_abstract(entry),
        authors=unique([sponsor]),
        year=year(day),
        journal=_JOURNAL,
        accession=number,
        keywords=unique([*texts(conditions.get("conditions")), *texts(conditions.get("keywords"))]),
        urls=(f"https://clinicaltrials.gov/study/{number}",),
        record_type="registry entry",
        entered=posted,
        raw=line,
        raw_format=READER.name,
    )


def _abstract(entry: dict[str, Any]) -> str:
    """Return what is registered of the study, in sections like those of an abstract."""
    names, said = part(entry, "identificationModule"), part(entry, "descriptionModule")
    official, brief = text(names.get("officialTitle")), text(names.get("briefTitle"))
    arms = part(entry, "armsInterventionsModule")
    outcomes = part(entry, "outcomesModule")
    sections = {
        "BRIEF TITLE": brief if official and brief != official else "",
        "SUMMARY": text(said.get("briefSummary")),
        "DESIGN": _design(entry),
        "CONDITIONS": _joined(texts(part(entry, "conditionsModule").get("conditions"))),
        "INTERVENTIONS": _joined(map(_intervention, objects(arms.get("interventions")))),
        "OUTCOMES": _joined(
            text(one.get("measure")) for one in objects(outcomes.get("primaryOutcomes"))
        ),
        "DESCRIPTION": text(said.get("detailedDescription")),
    }
    return " ".join(f"{name}: {_ended(words)}" for name, words in sections.items() if words)


def _design(entry: dict[str, Any]) -> str:
    """Return kind, allocation and masking of a study in words: ``randomized``, ``crossover``."""
    module, status = part(entry, "designModule"), part(entry, "statusModule")
    info = part(module, "designInfo")
    people = text(part(module, "enrollmentInfo").get("count"))
    words = [
        _words(module.get("studyType")),
        _words(info.get("allocation")),
        _words(info.get("interventionModel")),
        _words(info.get("observationalModel")),
        f"masking {masked}" if (masked := _words(part(info, "maskingInfo").get("masking"))) else "",
        *(_words(phase) for phase in texts(module.get("phases"))),
        f"{people} participants" if people else "",
        f"status {state}" if (state := _words(status.get("overallStatus"))) else "",
    ]
    return ", ".join(filter(None, words))


def _words(code: object) -> str:
    """Return a code of the registry in words; nothing for ``NA``."""
    said = text(code)
    return "" if said == "NA" else said.replace("_", " ").lower()


def _intervention(one: dict[str, Any]) -> str:
    name, description = text(one.get("name")), text(one.get("description"))
    return f"{name} ({description})" if name and description else name or description


def _joined(words: Any) -> str:
    return "; ".join(filter(None, words))


def _ended(words: str) -> str:
    return words if words.endswith((".", "?", "!")) else f"{words}."


READER = _Reader()
