"""A record as the screening page shows it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from autoscreen.presentation.informative_words import is_informative
from autoscreen.presentation.marked_text import Paragraph, Segment, paragraphs, segments
from autoscreen.presentation.reasons import likely_words, most_similar, reason, why_next, why_there
from autoscreen.presentation.score_parts import ScoreGroup, score_groups
from autoscreen.presentation.wording import grouped
from autoscreen.protocol import Reason
from autoscreen.records import Label, Record
from autoscreen.review import Review
from autoscreen.review.review_comments import Thread
from autoscreen.review.word_evidence import WordEvidence
from autoscreen.store.prior_copies import PriorCopy
from autoscreen.store.stored_values import Decision
from autoscreen.text import study_designs
from autoscreen.text.highlights import Highlight, highlights

if TYPE_CHECKING:
    from autoscreen.ranking import Explanation
    from autoscreen.review.priority_screening import Suggestion

_AUTHORS = 6
_WORDS = 14
"""Nearly every word has a small effect; highlighting all of them would show nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One record as the template shows it."""

    id: str
    record: Record
    title: Sequence[Segment]
    abstract: Sequence[Paragraph]
    kinds: Sequence[str]
    authors: Sequence[str]
    more_authors: int
    links: Sequence[tuple[str, str]]
    designs: Sequence[str]
    draw: int | None
    why: str
    likely: str
    score: float | None
    because: str
    included: Sequence[str]
    excluded: Sequence[str]
    parts: Sequence[ScoreGroup]
    history: Sequence[Decision]
    seen: int
    label: Label | None
    reason: str
    note: str
    tags: Sequence[str]
    thread: Thread
    earlier: Sequence[PriorCopy]
    key: str
    reasons: Sequence[Reason]

    @property
    def pending(self) -> bool:
        """Whether its explanation is not ready yet."""
        return self.score is None and self.draw is None


def suggested_card(
    review: Review, found: Suggestion, reviewer: str, reasons: Sequence[Reason]
) -> Card:
    """Return the card of the next record."""
    ranked = found.ranked
    shown = _Shown(
        id=ranked.id,
        record=ranked.record,
        highlights=found.highlights,
        why=why_next(found, shared=found.divided or found.double)
        + ("; it is assigned to nobody" if found.divided and not found.own else ""),
        draw=found.draw,
    )
    if found.draw is None:
        shown = replace(
            shown,
            evidence=found.evidence,
            explanation=found.explanation,
            likely=likely_words(ranked.probability),
        )
    return _card(review, shown, reviewer, reasons)


def card_of(
    review: Review, ident: str, reviewer: str, why: str = "", *, draw: int | None = None
) -> Card:
    """Return the card of a requested record."""
    found, protocol = review.record(ident), review.protocol
    shown = _Shown(
        id=found.id,
        record=found.record,
        highlights=highlights(found.record, protocol),
        why=why or (_drawn(draw) if draw is not None else ""),
        draw=draw,
    )
    if draw is None:
        shown = replace(
            shown,
            why=why or _place(review, found.id, reviewer),
            evidence=review.ranking.evidence(found.id, found.record),
            explanation=review.explain(found.id) if review.ranking.explains else None,
            likely=likely_words(review.ranking.probability(found.id)),
        )
    return _card(review, shown, reviewer, protocol.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A record, why it is shown, and its explanation."""

    id: str
    record: Record
    highlights: Sequence[Highlight]
    why: str
    evidence: Sequence[WordEvidence] = ()
    explanation: Explanation | None = None
    likely: str = ""
    draw: int | None = None


def _place(review: Review, ident: str, reviewer: str) -> str:
    shared = review.team.double_screening > 0
    if among := review.ranking.unread_place(ident, reviewer):
        return why_there(*among, shared=shared)
    rank = review.ranking.place(ident).rank
    return f"rank {grouped(rank)} of all records" if rank else "not ranked yet"


def _drawn(draw: int) -> str:
    return f"record {draw:,} of the random audit"


def _card(review: Review, shown: _Shown, reviewer: str, reasons: Sequence[Reason]) -> Card:
    record, concepts = shown.record, shown.highlights
    evidence = _most_informative(shown.evidence, record)
    strongest = max((abs(one.value) for one in evidence), default=1.0)
    seen = review.decisions.seen(shown.id, reviewer)
    history, current = seen.history, _current_decision(seen.history)
    explained = shown.explanation
    included, excluded = most_similar(explained) if explained else ([], [])
    return Card(
        id=shown.id,
        record=record,
        title=segments(record.title, "title", concepts, evidence, strongest),
        abstract=paragraphs(record.abstract, concepts, evidence, strongest),
        kinds=list(dict.fromkeys("against" if h.against else str(h.element) for h in concepts)),
        authors=record.authors[:_AUTHORS],
        more_authors=max(0, len(record.authors) - _AUTHORS),
        links=_links(record),
        designs=[str(design) for design in study_designs(record)],
        draw=shown.draw,
        why=shown.why,
        likely=shown.likely,
        score=explained.score if explained else None,
        because=reason(explained, record) if explained else "",
        included=included,
        excluded=excluded,
        parts=score_groups(explained) if explained else (),
        history=history,
        seen=history[-1].id if history else 0,
        label=current.label if current else None,
        reason=current.reason if current else "",
        note=current.note if current else "",
        tags=seen.tags,
        thread=seen.thread,
        earlier=seen.earlier,
        key=secrets.token_urlsafe(18),
        reasons=reasons,
    )


def _most_informative(evidence: Sequence[WordEvidence], record: Record) -> list[WordEvidence]:
    """Keep the words with the strongest effect, wherever they occur."""
    texts = {"title": record.title.lower(), "abstract": record.abstract.lower()}
    evidence = [one for one in evidence if is_informative(texts[one.field][one.start : one.end])]
    words = [texts[one.field][one.start : one.end] for one in evidence]
    strongest: dict[str, float] = {}
    for word, one in zip(words, evidence, strict=True):
        strongest[word] = max(strongest.get(word, 0.0), abs(one.value))
    kept = set(sorted(strongest, key=lambda word: (-strongest[word], word))[:_WORDS])
    return [one for word, one in zip(words, evidence, strict=True) if word in kept]


def _current_decision(history: Sequence[Decision]) -> Decision | None:
    withdrawn = {entry.withdraws for entry in history}
    standing = [one for one in history if one.label is not None and one.id not in withdrawn]
    return standing[-1] if standing else None


def _links(record: Record) -> list[tuple[str, str]]:
    found = []
    if record.pmid:
        found.append((f"PubMed {record.pmid}", f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/"))
    if record.pmcid:
        found.append((record.pmcid, f"https://pmc.ncbi.nlm.nih.gov/articles/{record.pmcid}/"))
    if record.doi:
        found.append((f"doi {record.doi}", f"https://doi.org/{quote(record.doi, safe='/')}"))
    return found
