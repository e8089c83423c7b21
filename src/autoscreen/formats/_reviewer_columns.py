"""Which columns of a table hold the votes of single reviewers, and whose they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import combining, normalize

from autoscreen.records import Stage

_ROLE = (
    r"(?:reviewers?|screeners?|raters?|assessors?|coders?|annotators?|users?|readers?|evaluators?"
    r"|gutachter(?:in)?|beurteiler(?:in)?|relecteur|evaluateur|revisore?s?|evaluador(?:a)?"
    r"|avaliador(?:a)?|beoordelaar|审稿人|评审员?|评价者|筛选者|評価者|レビュアー|검토자)"
)
_VOTE = (
    r"(?:votes?|voted|decisions?|labels?|include[ds]?|inclusion|verdict|rating|judge?ment|answer"
    r"|screening|status|entscheidung|votum|stimme|einschluss|avis|vote|decisao|voto|beslissing"
    r"|inclure|incluir|决定|投票|判定|판정|결정)"
)
_STAGE = (
    r"(?:titles?(?: ?(?:and|&)? ?abstracts?)?|abstracts?|tiab|ti ?ab|t a|ta|full ?texts?|ft"
    r"|volltext|texte integral|texto completo)(?: screening| review)?"
)
_FULL_TEXT = re.compile(
    r"\b(?:full ?texts?|ft|volltext|texte integral|texto completo)\b", re.IGNORECASE
)
_NUMBER = r"\d{1,2}|[a-h]|one|two|three|i{1,3}"
_ORDINAL = r"first|second|third|1st|2nd|3rd|erste[rs]?|zweite[rs]?|dritte[rs]?"
_BY = r"(?:by|of|from|von|de|par)"
_WITH_ROLE = (
    rf"(?:{_STAGE} )?(?P<who>{_ROLE} ?(?:{_NUMBER}))(?: {_STAGE})?(?: {_VOTE})?(?: {_STAGE})?",
    rf"(?P<who>{_ROLE} (?-i:[A-Z]{{2,3}}))",
    rf"(?:{_STAGE} )?(?P<who>(?:{_ORDINAL}) {_ROLE})(?: {_STAGE})?(?: {_VOTE})?",
    rf"(?:{_STAGE} )?(?P<who>{_ROLE} \w[\w. ]{{0,30}}?)(?: {_STAGE})? {_VOTE}(?: {_STAGE})?",
    rf"(?:{_STAGE} )?{_VOTE} (?:{_BY} )?(?P<who>{_ROLE} ?\w[\w. ]{{0,30}})",
    rf"(?:{_STAGE} )?{_VOTE} (?:by|from) (?P<who>\w[\w. ]{{0,30}})",
    rf"(?P<who>[^\W\d]\w{{1,20}}) s {_VOTE}",
)
# Only where several columns differ in nothing else.
_ALIKE = (
    rf"(?P<stem>(?:{_STAGE} )?{_VOTE}) (?P<who>\w+(?: \w+)?)",
    rf"(?P<who>\w+(?: \w+)?) (?P<stem>{_VOTE})",
    r"(?P<who>r ?\d)(?P<stem>)",
)
_NO_REVIEWER = re.compile(
    r"\b(?:final|consensus|overall|titles?|abstracts?|full ?texts?|ft|ti|ta|tiab|stage|phase|round"
    r"|level|screening|dates?|time|reasons?|notes?|comments?|exclu\w+|inclu\w+|criteria|by|asreview"
    r"|model|predicted|prediction|ai|conflicts?|status|prior|agreed|adjudicat\w+|resolved|team"
    r"|code|color|colour|names?|id|confidence|probability|initial|first|second|third|total|pooled"
    r"|decisions?|reviewers?|votes?|outcomes?|results?|is|not|or|and|the|citation|record|study|article|paper|my|last|relevan\w+|count)\b",
    re.IGNORECASE,
)
_NAME_COLUMN = re.compile(rf"{_ROLE} ?(?P<which>{_NUMBER})(?: names?)?", re.IGNORECASE)
_VOTE_COLUMN = re.compile(rf"{_VOTE} ?(?P<which>{_NUMBER})", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteColumn:
    """One column with the votes of one reviewer."""

    at: int
    reviewer: str
    stage: Stage
    names: int | None = None
    """The column that names the reviewer in each row, if there is one."""


def vote_columns(header: Sequence[str]) -> tuple[VoteColumn, ...]:
    """Return the columns of single reviewers' votes; none if there is only one."""
    names = [_words(name) for name in header]
    named = _paired(names) or _with_role(names) or _alike(names)
    return tuple(named) if len(named) > 1 else ()


def _words(name: str) -> str:
    bare = "".join(char for char in normalize("NFKD", name) if not combining(char))
    words = normalize("NFC", _CAMEL.sub(" ", re.sub(r"[\W_]+", " ", bare)))
    return " ".join(words.split())


def _paired(names: Sequence[str]) -> list[VoteColumn]:
    """Return columns of votes each of which has a column with the name of its reviewer."""
    bare = {name.lower(): at for at, name in enumerate(names) if _NAME_COLUMN.fullmatch(name)}
    both = [(at, one) for at, name in enumerate(names) for one in bare if _is_vote_of(one, name)]
    if both:
        return [
            VoteColumn(at=at, reviewer=names[bare[one]], stage=_stage(names[at]), names=bare[one])
            for at, one in both
        ]
    people, votes = _numbered(_NAME_COLUMN, names), _numbered(_VOTE_COLUMN, names)
    return [
        VoteColumn(
            at=at, reviewer=names[people[key]], stage=Stage.TITLE_ABSTRACT, names=people[key]
        )
        for key, at in votes.items()
        if key in people
    ]


def _is_vote_of(reviewer: str, name: str) -> bool:
    return re.fullmatch(rf"{re.escape(reviewer)}(?: {_STAGE})? {_VOTE}", name, re.I) is not None


def _stage(name: str) -> Stage:
    return Stage.FULL_TEXT if _FULL_TEXT.search(name) else Stage.TITLE_ABSTRACT


def _numbered(pattern: re.Pattern[str], names: Sequence[str]) -> dict[str, int]:
    matches = ((at, pattern.fullmatch(name)) for at, name in enumerate(names))
    return {match["which"].lower(): at for at, match in matches if match}


def _with_role(names: Sequence[str]) -> list[VoteColumn]:
    found = []
    for at, name in enumerate(names):
        for pattern in _WITH_ROLE:
            match = re.fullmatch(pattern, name, re.IGNORECASE)
            if match and not _NO_REVIEWER.search(_without_role(match["who"])):
                found.append(_column(at, name, match["who"]))
                break
    return found


def _without_role(who: str) -> str:
    return re.sub(rf"{_ROLE}|{_ORDINAL}", "", who, flags=re.IGNORECASE)


def _alike(names: Sequence[str]) -> list[VoteColumn]:
    """Return columns that are named alike but for a name, as ``include_AB`` and ``include_CD``."""
    for pattern in _ALIKE:
        tried = ((at, re.fullmatch(pattern, name, re.IGNORECASE)) for at, name in enumerate(names))
        matches = [(at, match) for at, match in tried if match]
        found = [(at, m) for at, m in matches if not _NO_REVIEWER.search(m["who"])]
        if not found:
            continue
        stem, count = Counter(m["stem"].lower() for _, m in found).most_common(1)[0]
        siblings = {m["who"].lower() for _, m in matches if m["stem"].lower() == stem}
        if count > 1 and siblings.isdisjoint({"ti", "ft", "tiab", "fulltext"}):
            alike = [(at, m["who"]) for at, m in found if m["stem"].lower() == stem]
            return [_column(at, names[at], who) for at, who in alike]
    return []


def _column(at: int, name: str, who: str) -> VoteColumn:
    reviewer = f"Reviewer {who}" if who.isdigit() else who
    return VoteColumn(at=at, reviewer=reviewer, stage=_stage(name))
