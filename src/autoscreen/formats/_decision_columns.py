"""Which columns of a table hold decisions, at which stage, and what a row says in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from autoscreen.formats._decision_notes import Notes
from autoscreen.formats._decision_words import decision_of
from autoscreen.formats._reviewer_columns import vote_columns
from autoscreen.formats._vote_lists import votes_in
from autoscreen.records import Label, Stage, Verdict

_ASREVIEW = "asreview label"
_OWN_COPY = "label included"  # beside "label" in autoscreen's own tables
_FINAL = re.compile(r"final|consensus")
_FULL_TEXT = re.compile(
    r"(?=.*(?:\bfull ?text|\bft\b|fulltext|volltext|texte int gral|texto completo))"
    r"(?=.*\b(?:decision|inclusion|included?|label|screening|vote|eligib\w*|entscheidung|einschluss"
    r"|fulltext)\b)"
)
_TITLE_ABSTRACT = re.compile(
    r"(?=.*\b(?:abstract|title|t a|ta|ti ab|tiab)\b)(?=.*\b(?:decision"
    r"|inclusion|included?|label|screening|vote|eligib\w*|entscheidung|einschluss)\b)"
)
_LIKELY = re.compile(
    r"\b(?:decision|inclu\w+|exclu\w+|vote|verdict|eligib\w*|relevan\w+|screening)\b|^label"
)
_NO_DECISION = re.compile(
    r"\b(?:reasons?|notes?|comments?|date|time|by|reviewer|url|link|criteria|prior|count|number"
    r"|available|file|pdf|probability|score|tags?|labels)\b(?!.*\b(?:decision|vote|label)$)"
)
_CODE = re.compile(r"\b(?:in|ex)clude[ds]? (?:on|for)\b")  # columns of EPPI-Reviewer's codes


class DecisionColumns:
    """The columns of decisions in one table.

    `names` are those of all columns, as they are compared; `known` the places of the columns whose
    names tools use for decisions, best first; in `header` the names of reviewers are read.
    """

    def __init__(self, names: Sequence[str], known: Sequence[int], header: Sequence[str]) -> None:
        self.votes = vote_columns(header)
        taken = {one.at for one in self.votes} | {one.names for one in self.votes}
        decisive = [
            at for at, name in enumerate(names) if at not in taken and not _NO_DECISION.search(name)
        ]
        self.full_text = [at for at in decisive if _FULL_TEXT.search(names[at])]
        first = [at for at in decisive if at in known or _TITLE_ABSTRACT.match(names[at])]
        first = [at for at in first if at not in self.full_text]
        first.sort(key=lambda at: known.index(at) if at in known else -1)
        if any(_TITLE_ABSTRACT.match(names[at]) for at in first):
            # What is final beside the decision on title and abstract is that on the full text.
            final = [at for at in first if _FINAL.search(names[at])]
            first = [at for at in first if at not in final]
            self.full_text += final
        asreview = [at for at in first if names[at] == _ASREVIEW]
        self.title_abstract = asreview or first
        likely = [
            at
            for at, name in enumerate(names)
            if (at in decisive and _LIKELY.search(name)) or (at not in taken and _CODE.search(name))
        ]
        used = {*self.title_abstract[:1], *self.full_text[:1]}
        self.unused = [at for at in likely if at not in used]
        if first and names[first[0]] == "label":
            self.unused = [at for at in self.unused if names[at] != _OWN_COPY]

    def choose(self, at: Sequence[int]) -> None:
        """Read decisions from these columns and no others."""
        read = (*self.title_abstract, *self.full_text, *(one.at for one in self.votes))
        self.unused = [one for one in read if one not in at]
        self.title_abstract, self.full_text, self.votes = list(at), [], ()

    def verdicts(
        self,
        cells: Sequence[str],
        notes: Notes,
        texts: Mapping[str, str],
        unread: Callable[[int, str], None],
    ) -> tuple[Verdict, ...]:
        """Return the decisions of a row; the note of Covidence is the reason of one of them."""
        votes = self._votes(cells, texts["reviewer"], unread)
        if not self.votes and votes:
            return _with_covidence(votes, notes.reasons)
        label, detail = _first(cells, self.title_abstract, unread)
        later, later_detail = _first(cells, self.full_text, unread)
        reason = texts["reason"] or "; ".join(notes.reasons)
        of_full_text = label is not Label.EXCLUDE and later is Label.EXCLUDE
        found = list(votes)
        if label is not None:
            detail, note = (detail, "") if label is Label.EXCLUDE else ("", detail)
            found.append(
                Verdict(
                    label=label,
                    reason="" if of_full_text else texts["reason"] or detail,
                    reviewer=texts["reviewer"],
                    note=texts["label_note"] or note,
                    resolves=any(one.label is not label for one in found),
                )
            )
        if later is not None:
            found.append(
                Verdict(
                    label=later,
                    reason=(reason if of_full_text else "") or later_detail,
                    stage=Stage.FULL_TEXT,
                )
            )
        return _with_covidence(found, notes.reasons)

    def _votes(
        self, cells: Sequence[str], reviewers: str, unread: Callable[[int, str], None]
    ) -> list[Verdict]:
        """Return the votes of single reviewers, out of their own columns or out of one cell."""
        if not self.votes:
            text = next((_cell(cells, at) for at in self.title_abstract if _cell(cells, at)), "")
            return [
                _vote(cell.label, cell.detail, who, Stage.TITLE_ABSTRACT)
                for who, cell in votes_in(text, reviewers)
                if cell.label
            ]
        found = []
        for column in self.votes:
            label, detail = _first(cells, [column.at], unread)
            who = _cell(cells, column.names) if column.names is not None else ""
            if label is not None:
                found.append(_vote(label, detail, who or column.reviewer, column.stage))
        return found


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def _vote(label: Label, detail: str, reviewer: str, stage: Stage) -> Verdict:
    excluded = label is Label.EXCLUDE
    return Verdict(
        label=label,
        reason=detail if excluded else "",
        note="" if excluded else detail,
        reviewer=reviewer,
        stage=stage,
    )


def _with_covidence(found: list[Verdict], reasons: Sequence[str]) -> tuple[Verdict, ...]:
    """Put a reason for exclusion that stands in a note where it belongs."""
    missing = [reason for reason in reasons if all(reason not in one.reason for one in found)]
    for reason in missing:
        at = next((n for n, v in enumerate(found) if v.label is Label.EXCLUDE and not v.reason), -1)
        if at >= 0:
            found[at] = replace(found[at], reason=reason)
        else:
            stage = Stage.FULL_TEXT if found else Stage.TITLE_ABSTRACT
            found.append(Verdict(label=Label.EXCLUDE, reason=reason, stage=stage))
    return tuple(found)


def _first(
    cells: Sequence[str], places: Sequence[int], unread: Callable[[int, str], None]
) -> tuple[Label | None, str]:
    """Return the decision of the first of these cells that has one."""
    for at in places:
        text = _cell(cells, at)
        cell = decision_of(text) if text else None
        if text and cell is None:
            unread(at, text)
        if cell and cell.label:
            return cell.label, cell.detail
    return None, ""
