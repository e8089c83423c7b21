"""What the software did and did not do in a review, by the items of PRISMA-trAIce and RAISE."""

from __future__ import annotations

from pathlib import Path

from autoscreen.presentation.wording import counted, percent
from autoscreen.report.report_facts import ReportFacts

LIMITS = (
    "The ranking knows titles, abstracts, index terms and the decisions of this review; records "
    "with little text are ranked less well.",
    "Advice from past reviews says what held in completed reviews, and proves nothing for this "
    "one; a random audit does, with the confidence that is given.",
    "Numbers are those of the log of this review: what was done outside it, such as searches in "
    "other databases, is known only as far as it was entered.",
)


def software_rows(facts: ReportFacts) -> tuple[tuple[str, str], ...]:
    """Return the items and the text reported for each."""
    models = "; ".join(
        f"{one.model}, {one.first[:10]} to {one.last[:10]}, {counted(one.decisions, 'decision')}"
        for one in facts.models
    )
    audits = "; ".join(
        f"audit {one.number} of {one.at[:10]}: target {percent(one.target)}, "
        f"{'proved' if one.proved else 'not proved'}"
        for one in facts.audits
    )
    return (
        ("Name and version", f"autoscreen {facts.version}"),
        ("Developer and licence", "The autoscreen developers; Apache License 2.0"),
        ("Models and dates of use", models or "no decision was made in the order of a ranking"),
        (
            "Purpose",
            "To rank records for screening of titles, abstracts and full texts, to merge "
            "duplicates, to advise when screening may stop, and to derive this report from the log",
        ),
        ("Input", "Titles, abstracts, index terms, the protocol, and the reviewers' decisions"),
        (
            "What the software decided",
            "Which records were merged as duplicates (each can be undone), and in which order "
            "records were shown",
        ),
        (
            "What the software did not decide",
            "No record was included or excluded by it; no text was written by a language model",
        ),
        (
            "Human check",
            f"Each of the {facts.flow.databases.screened + facts.flow.other.screened} screened "
            "records was decided by a person here, or with a decision in an imported file; "
            "conflicts were resolved by a person",
        ),
        (
            "Prior knowledge",
            "; ".join(Path(one.path).name for one in facts.prior) or "no earlier review was used",
        ),
        ("Evaluation in this review", audits or "no random audit was made"),
        ("Stopping", facts.stopping.headline),
        (
            "Data sent to others",
            "Queries and identifiers to PubMed where a person asked for it; the model ran on the "
            "reviewers' own computer or server",
        ),
        ("Limits", " ".join(LIMITS)),
    )


def citation(facts: ReportFacts) -> str:
    """Return how to cite the software."""
    return (
        f"The autoscreen developers. autoscreen, version {facts.version} [computer software], "
        f"{facts.made[:4]}. Licence: Apache-2.0."
    )
