"""The methods of a review in the past tense, with every number from the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from autoscreen.presentation.search_wording import methods_sentence, shown_date
from autoscreen.presentation.wording import counted, grouped, percent
from autoscreen.report.report_facts import ReportFacts, StageFacts
from autoscreen.review.flow import Box, FlowColumn
from autoscreen.review.open_review import FULL_TEXT_MODEL


def methods_paragraphs(facts: ReportFacts) -> tuple[str, ...]:
    """Return one paragraph for each part of the methods."""
    parts = (
        _registration,
        _searches,
        _duplicates,
        _screening,
        _ranking,
        _stop,
        _full_texts,
        _extraction,
        _results,
    )
    return tuple(text for part in parts if (text := " ".join(part(facts))))


def _registration(facts: ReportFacts) -> Iterator[str]:
    if facts.protocol.registration:
        yield f"The review was registered ({facts.protocol.registration})."


def _searches(facts: ReportFacts) -> Iterator[str]:
    main = facts.flow.databases
    named = [f"{name} ({grouped(n)})" for (_, name), n in main.by_name.items()]
    yield f"Records were identified from {', '.join(named)}." if named else ""
    yield from map(methods_sentence, facts.searches)
    files = [one for one in main.imports if one.records]
    if files:
        first, last = min(one.at for one in files), max(one.at for one in files)
        when = shown_date(first)
        yield f"Records were imported into autoscreen on {when}" + (
            f", the last on {shown_date(last)}." if last[:10] != first[:10] else "."
        )
    others = [f"{name} ({grouped(n)})" for (_, name), n in facts.flow.other.by_name.items()]
    if others:
        yield f"Further records came from {', '.join(others)}."


def _duplicates(facts: ReportFacts) -> Iterator[str]:
    removed = facts.flow.databases.duplicates + facts.flow.other.duplicates
    found = f"{counted(removed, 'duplicate record')} {_was(removed)} removed before screening"
    yield (
        "Records with the same identifier or a matching title, authors and source were merged "
        f"automatically by autoscreen {facts.version}; each merge was logged, and reviewers could "
        f"undo it. {found if removed else 'No duplicate records were found'}."
    )
    unreadable = facts.flow.databases.unreadable + facts.flow.other.unreadable
    if unreadable:
        yield f"{counted(unreadable, 'record')} could not be read and {_was(unreadable)} removed."


def _screening(facts: ReportFacts) -> Iterator[str]:
    screened = _both(facts, lambda column: column.screened)
    excluded = _both(facts, lambda column: column.excluded)
    yield f"Titles and abstracts of {counted(screened, 'record')} were screened"
    yield f"by {_who(facts.stages[0])}. {_double(facts.stages[0])}".rstrip()
    yield f"{grouped(excluded) if excluded else 'None'} {_was(excluded)} excluded" + (
        ", all by human reviewers." if excluded else "."
    )


def _ranking(facts: ReportFacts) -> Iterator[str]:
    for model in facts.models:
        days = (
            model.first[:10]
            if model.first[:10] == model.last[:10]
            else (f"{model.first[:10]} to {model.last[:10]}")
        )
        what, learnt_from = (
            ("Full texts", "the decisions on titles and abstracts and on full texts")
            if model.model == FULL_TEXT_MODEL
            else ("Records", "the protocol and from the reviewers' decisions")
        )
        yield (
            f"{what} were shown in the order of a ranking by autoscreen {facts.version} (model "
            f"{model.model}, {days}, {counted(model.decisions, 'decision')}), which learnt from "
            f"{learnt_from}; the software excluded and included nothing."
        )
    before = ""
    for use in facts.embeddings:
        if use.encoder != before:
            how = f"used sentence embeddings ({use.encoder})" if use.encoder else "used none again"
            yield f"After decision {grouped(use.decision)} ({use.at[:10]}), the ranking {how}."
        before = use.encoder
    for file in facts.prior:
        yield (
            f"Decisions of an earlier review ({counted(file.included, 'included record')} and "
            f"{grouped(file.excluded)} excluded) trained the ranking."
        )


def _stop(facts: ReportFacts) -> Iterator[str]:
    left = _both(facts, lambda column: column.automation)
    other = _both(facts, lambda column: column.removed_by_stop)
    stop = facts.stops[-1] if facts.stops else None
    if stop is None or not stop.stopped:
        return
    yield f"Screening was stopped on {shown_date(stop.at)}"
    yield f"by {stop.reviewer or 'an unnamed reviewer'}."
    if left:
        yield (
            f"{counted(left, 'record')} {_was(left)} not screened because of the ranking and its "
            f"stopping advice for a target recall of {percent(facts.stopping.target)}. The advice "
            f"when this report was made: “{facts.stopping.headline}”"
        )
    if other:
        yield f"{counted(other, 'record')} {_was(other)} not screened for another reason."
    if stop.note:
        yield f"The reason that was noted: {stop.note}."


def _full_texts(facts: ReportFacts) -> Iterator[str]:
    sought = _both(facts, lambda column: column.sought)
    assessed = _both(facts, lambda column: column.assessed)
    missing = _both(facts, lambda column: column.not_retrieved)
    if not sought:
        return
    yield (
        f"{counted(sought, 'report')} {_was(sought)} sought for retrieval, "
        f"{grouped(missing) if missing else 'none'} {_was(missing or 1)} marked as not retrieved"
    )
    how = f" by {_who(facts.stages[1])}. {_double(facts.stages[1])}".rstrip() if assessed else "."
    number = grouped(assessed) if assessed else "none"
    yield f"and {number} {_was(assessed)} assessed for eligibility{how}"


def _extraction(facts: ReportFacts) -> Iterator[str]:
    done = facts.extraction
    if not done.studies:
        return
    who = f"{counted(done.reviewers, 'reviewer')}, each value by one of them"
    if done.double:
        who = "two reviewers independently, blinded to each other"
    yield f"Data of {counted(done.studies, 'study', 'studies')} were extracted by {who}."
    yield "Values proposed by rules were used only where a person confirmed them."
    if done.resolved:
        yield f"{counted(done.resolved, 'difference')} {_was(done.resolved)} resolved by a person."
    if done.unresolved:
        yield f"{counted(done.unresolved, 'difference')} {_was(done.unresolved)} not resolved yet."


def _results(facts: ReportFacts) -> Iterator[str]:
    flow = facts.flow
    yield (
        f"{counted(flow.studies(), 'study', 'studies')} in {counted(flow.reports(), 'report')} "
        f"{_was(flow.studies())} included."
    )
    for box, what in ((Box.AWAITING, "awaiting classification"), (Box.ONGOING, "ongoing")):
        if number := flow.studies(box):
            yield f"{counted(number, 'study', 'studies')} {_was(number)} {what}."
    unfinished = _both(
        facts, lambda column: column.count(Box.UNSCREENED, Box.SCREENING, Box.UNASSESSED)
    ) + _both(facts, lambda column: column.count(Box.ASSESSING))
    if unfinished:
        yield f"The review is not finished: {counted(unfinished, 'record')} are not decided yet."


def _who(stage: StageFacts) -> str:
    number = len(stage.reviewers)
    return counted(number, "reviewer") if number else "reviewers of an earlier tool"


def _double(stage: StageFacts) -> str:
    share = stage.settings[-1].share if stage.settings else 0.0
    if not share:
        return "Each was decided by one of them." if len(stage.reviewers) != 1 else ""
    part = "All" if share == 1 else f"{percent(share)}"
    text = f"{part} were decided by two reviewers independently, blinded to each other"
    text += f"; {counted(stage.resolved, 'conflict')} were resolved" if stage.resolved else ""
    return f"{text}."


def _both(facts: ReportFacts, count: Callable[[FlowColumn], int]) -> int:
    return count(facts.flow.databases) + count(facts.flow.other)


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
