"""Records of Europe PMC and ClinicalTrials.gov, as their APIs return them, one a line."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from autoscreen.formats import Problem, read
from autoscreen.formats.trial_registries import entry_numbers
from autoscreen.records import Notice, NoticeKind, Record

ARTICLE = {
    "id": "90000001",
    "source": "MED",
    "pmid": "90000001",
    "pmcid": "PMC7000001",
    "doi": "10.1000/J.1",
    "title": "An <i>invented</i> trial &amp; more.",
    "authorString": "Sample A, Group.",
    "authorList": {
        "author": [
            {"fullName": "Sample A", "firstName": "Ada", "lastName": "Sample", "initials": "A"},
            {"fullName": "Other B", "lastName": "Other", "initials": "B"},
            {"collectiveName": "Group"},
        ]
    },
    "journalInfo": {
        "issue": "3",
        "volume": "7",
        "yearOfPublication": 2021,
        "journal": {"title": "Invented Research", "issn": "1234-5678", "essn": "8765-4321"},
    },
    "pubYear": "2021",
    "pageInfo": "11-19",
    "abstractText": "<h4>Methods:</h4>We made it up. <h4>Results</h4><p>p &lt; 0.05</p>",
    "language": "eng",
    "pubTypeList": {"pubType": ["Randomized Controlled Trial", "research-article"]},
    "keywordList": {"keyword": ["pain", ""]},
    "meshHeadingList": {
        "meshHeading": [
            {"majorTopic_YN": "N", "descriptorName": "Humans"},
            {
                "majorTopic_YN": "N",
                "descriptorName": "Pain",
                "meshQualifierList": {
                    "meshQualifier": [{"qualifierName": "therapy", "majorTopic_YN": "Y"}]
                },
            },
        ]
    },
    "commentCorrectionList": {
        "commentCorrection": [
            {"id": "90000002", "source": "MED", "type": "Retraction in", "reference": "J. 2022"},
            {"id": "90000003", "source": "MED", "type": "Comment in"},
        ]
    },
    "firstIndexDate": "2021-02-03",
}
TRIAL: dict[str, Any] = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT01234567",
            "briefTitle": "Coils for Nerves",
            "officialTitle": "A Randomized Trial of Magnetic Coils",
            "secondaryIdInfos": [{"id": "2010-012345-67", "type": "EUDRACT_NUMBER"}],
        },
        "statusModule": {
            "overallStatus": "ACTIVE_NOT_RECRUITING",
            "studyFirstSubmitDate": "2019-12-30",
            "studyFirstPostDateStruct": {"date": "2020-01-02", "type": "ACTUAL"},
        },
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Hospital", "class": "OTHER"}},
        "descriptionModule": {
            "briefSummary": "Do coils\n\nhelp?",
            "detailedDescription": "In full",
        },
        "conditionsModule": {"conditions": ["Neuralgia", "Pain"], "keywords": ["coil"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["NA"],
            "designInfo": {
                "allocation": "RANDOMIZED",
                "interventionModel": "CROSSOVER",
                "maskingInfo": {"masking": "DOUBLE"},
            },
            "enrollmentInfo": {"count": 40, "type": "ESTIMATED"},
        },
        "armsInterventionsModule": {
            "interventions": [
                {"type": "DEVICE", "name": "Coil", "description": "at 10 Hz"},
                {"type": "DEVICE", "name": "Sham"},
            ]
        },
        "outcomesModule": {"primaryOutcomes": [{"measure": "Pain intensity", "timeFrame": "1 w"}]},
    },
    "hasResults": False,
}


def results(*objects: object) -> list[Record | Problem]:
    lines = "".join(f"{json.dumps(one)}\n" for one in objects)
    return list(read(io.BytesIO(lines.encode())))


def test_an_article_of_europe_pmc():
    """As PubMed's own record of it would come in."""
    (record,) = results(ARTICLE)
    assert record == Record(
        title="An invented trial & more.",
        abstract="METHODS: We made it up. RESULTS: p < 0.05",
        authors=("Sample, Ada", "Other, B", "Group"),
        year=2021,
        journal="Invented Research",
        volume="7",
        issue="3",
        pages="11-19",
        pmid="90000001",
        pmcid="PMC7000001",
        doi="10.1000/j.1",
        mesh=("Humans", "Pain/*therapy"),
        keywords=("pain",),
        publication_types=("Randomized Controlled Trial", "research-article"),
        languages=("eng",),
        issns=("1234-5678", "8765-4321"),
        entered="2021-02-03",
        notices=(Notice(kind=NoticeKind.RETRACTED, reference="J. 2022", pmid="90000002"),),
    )
    assert json.loads(record.raw) == ARTICLE


def test_a_preprint_of_europe_pmc():
    """It has no PMID, but the identifier of Europe PMC, and its server in place of a journal."""
    (record,) = results(
        {
            "id": "PPR1",
            "source": "PPR",
            "title": "T",
            "authorString": "Sample A, Other B.",
            "bookOrReportDetails": {"publisher": "medRxiv", "yearOfPublication": 2025},
            "pubTypeList": {"pubType": ["Preprint"]},
            "pubYear": "2025",
        }
    )
    assert (record.pmid, record.accession, record.record_type) == (None, "PPR1", "preprint")
    assert (record.journal, record.year) == ("medRxiv", 2025)
    assert record.authors == ("Sample A", "Other B")
    assert record.urls == ("https://europepmc.org/article/PPR/PPR1",)


def test_an_entry_of_clinicaltrials_gov():
    """It is an entry under its NCT number; what is registered of it reads like an abstract."""
    (record,) = results(TRIAL)
    assert isinstance(record, Record)
    assert entry_numbers(record) == ("NCT01234567",)
    assert record == Record(
        title="A Randomized Trial of Magnetic Coils",
        abstract="BRIEF TITLE: Coils for Nerves. SUMMARY: Do coils help? DESIGN: interventional, "
        "randomized, crossover, masking double, 40 participants, status active not recruiting. "
        "CONDITIONS: Neuralgia; Pain. INTERVENTIONS: Coil (at 10 Hz); Sham. "
        "OUTCOMES: Pain intensity. DESCRIPTION: In full.",
        authors=("Hospital",),
        year=2020,
        journal="ClinicalTrials.gov",
        accession="NCT01234567",
        keywords=("Neuralgia", "Pain", "coil"),
        urls=("https://clinicaltrials.gov/study/NCT01234567",),
        record_type="registry entry",
        entered="2020-01-02",
    )


@pytest.mark.parametrize("good", [ARTICLE, TRIAL])
def test_a_line_that_cannot_be_read_is_lost_alone(good):
    """It is a problem with its number; the lines after it are read."""
    deep = '{"a":' * 100_000
    lines = f"{json.dumps(good)}\n{{broken\n[1]\n{deep}\n\n{{}}\n{json.dumps(good)}\n"
    found = list(read(io.BytesIO(lines.encode())))
    assert [isinstance(one, Record) for one in found] == [True, False, False, False, False, True]
    assert [one.line for one in found if isinstance(one, Problem)] == [2, 3, 4, 6]
    assert all(one.lost for one in found if isinstance(one, Problem))


STRANGE: list[Any] = [None, 7, True, "text", [], [None, 3, [], {}], {}, {"a": {"b": []}}]


@pytest.mark.parametrize("value", STRANGE)
def test_strange_values_lose_no_record(value):
    """Whatever lies in a field, the record comes in with the others."""
    names = [name for name in ARTICLE if name not in ("id", "source")]
    articles = [{**ARTICLE, name: value} for name in names]
    section = TRIAL["protocolSection"]
    trials = [
        {"protocolSection": {**section, name: value}}
        for name in section
        if name != "identificationModule"
    ]
    for objects in (articles, trials):
        records = [one for one in results(*objects) if isinstance(one, Record)]
        assert len(records) == len(objects)
