"""Screening decisions in note fields: how other tools write them, and how autoscreen does.

In a format that has no field for something, autoscreen writes a note of its own::

    autoscreen: exclude | reason: WRONG_TYPE | in words: Wrong study type | reviewer: AA
    autoscreen tags: to translate | ask the authors

A value keeps its letters; what could be taken for the grammar, or would not survive another
program, is written as in addresses (``%7C`` for a bar).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from typing import Any
from urllib.parse import unquote

from autoscreen.formats._clean import plain, unique
from autoscreen.formats._decision_words import decision_of, label_of
from autoscreen.records import Label, Notice, NoticeKind, Record, Stage, Verdict

_EMPTY = Record()
_FIELDS = {f.name: getattr(_EMPTY, f.name) for f in fields(Record) if f.compare}

_OWN = re.compile(r"(?:^|(?<=\s))autoscreen(?: ([a-z_]+))?: ?")
_RISKY = re.compile(r"[%|{}\\<>&\"#$~^]|\s(?=\s)|^\s|\s\Z|[^\S ]|a(?=utoscreen)")
_UNUSUAL = re.compile(r"[^ -~]")
_ASREVIEW = re.compile(r"ASReview_(relevant|irrelevant|not_seen|prior)\b[.;]?", re.IGNORECASE)
_RAYYAN = re.compile(
    r"(RAYYAN-[A-Z-]+|USER-NOTES):\s*"
    r"(.*?)\s*(?:\|\s*(?=RAYYAN-|USER-NOTES)|$)"
)
_RAYYAN_VOTE = re.compile(r'"([^"]*)"\s*=>\s*(?:"([^"]*)"|(\w+))')
_RAYYAN_NOTE = re.compile(r'"([^"]*)"\s*=>\s*\[(.*?)\]')
_COVIDENCE = re.compile(r"(?:^|(?<=[;.]\s))Exclusion reason:\s*([^;]+?)\s*(?:;|$)", re.IGNORECASE)


@dataclass(slots=True)
class Notes:
    """The content of the note fields of a record."""

    note: str = ""
    verdicts: tuple[Verdict, ...] = ()
    tags: tuple[str, ...] = ()
    own: dict[str, Any] = field(default_factory=dict)
    """Fields of the record that autoscreen wrote as notes."""
    reasons: tuple[str, ...] = ()
    """Reasons of Covidence for an exclusion; who reads the record knows whose they are."""
    complete: bool = False
    """Whether autoscreen wrote the decisions, so that there are no others."""


def read_notes(values: Iterable[str]) -> Notes:
    """Part decisions, tags and autoscreen's own notes from a reader's notes."""
    found = Notes()
    kept: list[str] = []
    for line in (line for value in values for line in value.splitlines()):
        text = plain(line)
        for part in (_own_part, _rayyan_part, _asreview_part, _covidence_part):
            text = part(text, found)
        kept.append(text)
    found.note = " ".join(unique(kept))
    return found


def restored(record: Record, notes: Notes) -> Record:
    """Return the record with the content of its notes; autoscreen's own notes take precedence."""
    excluded = tuple(Verdict(label=Label.EXCLUDE, reason=reason) for reason in notes.reasons)
    values = {
        "note": notes.note,
        "tags": record.tags + tuple(tag for tag in notes.tags if tag not in record.tags),
        "verdicts": record.verdicts + notes.verdicts + excluded,
        **notes.own,
    }
    return replace(record, **values)


def surplus_notes(record: Record, reread: Record) -> list[str]:
    """Return, as autoscreen's own notes, what a format's own fields do not hold."""
    lines = [verdict_note(verdict) for verdict in record.verdicts]
    lines += [
        f"autoscreen {name}: {_write_value(value)}"
        for name in _FIELDS
        if name != "verdicts" and (value := getattr(record, name)) != getattr(reread, name)
    ]
    return lines


def native_note(record: Record) -> str:
    """Return the record's note if it may stand in a note field as it is, else nothing."""
    return record.note if read_notes([record.note]) == Notes(note=record.note) else ""


def verdict_note(verdict: Verdict) -> str:
    """Return a decision as one line, which `read_notes` turns back into the same decision."""
    parts = [f"autoscreen: {verdict.label}"]
    parts += [f"{name}: {_escape(value)}" for name, value in _said(verdict) if value]
    if verdict.stage is not Stage.TITLE_ABSTRACT:
        parts.append(f"stage: {verdict.stage}")
    if verdict.resolves:
        parts.append("resolves: yes")
    return " | ".join(parts)


def _said(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    return (
        ("reason", verdict.reason),
        ("in words", verdict.reason_text if verdict.reason else ""),
        ("reviewer", verdict.reviewer),
        ("note", verdict.note),
    )


def _own_part(text: str, found: Notes) -> str:
    starts = list(_OWN.finditer(text)) if "autoscreen" in text else []
    if not starts:
        return text
    foreign = [text[: starts[0].start()]]
    ends = [match.start() for match in starts[1:]] + [len(text)]
    for match, end in zip(starts, ends, strict=True):
        try:
            _take_own(match[1], text[match.end() : end], found)
        except ValueError:
            foreign.append(text[match.start() : end])
    return "".join(foreign).strip()


def _take_own(name: str | None, text: str, found: Notes) -> None:
    if name is None:
        found.verdicts += (_read_verdict(text),)
        found.complete = True
    elif name in _FIELDS:
        found.own[name] = _read_value(name, text)
    else:
        raise ValueError(f"a record has no {name}")


def _rayyan_part(text: str, found: Notes) -> str:
    if "RAYYAN-" not in text and "USER-NOTES:" not in text:
        return text
    parts: dict[str, str] = {}
    for match in _RAYYAN.finditer(text):
        parts[match[1]] = ", ".join(filter(None, (parts.get(match[1]), match[2])))
    if not parts:
        return text
    votes = [
        (who, vote, decision_of(vote))
        for who, vote in _rayyan_votes(parts.pop("RAYYAN-INCLUSION", ""))
    ]
    unread = [f'"{who}"=>"{vote}"' for who, vote, cell in votes if cell is None]
    given = parts.pop("USER-NOTES", "")
    notes = {
        name: " ".join(text.strip('" ') for text in re.split(r'",\s*"', values))
        for name, values in _RAYYAN_NOTE.findall(given)
    }
    excluded = any(cell and cell.label is Label.EXCLUDE for _, _, cell in votes)
    reasons = parts.pop("RAYYAN-EXCLUSION-REASONS", "") if excluded else ""
    for reviewer, _, cell in votes:
        if cell and cell.label:
            found.verdicts += (
                Verdict(
                    label=cell.label,
                    reason=reasons if cell.label is Label.EXCLUDE else "",
                    reviewer=reviewer,
                    note=notes.pop(reviewer, cell.detail),
                ),
            )
    tags = (tag.strip() for tag in parts.pop("RAYYAN-LABELS", "").split(","))
    found.tags = unique((*found.tags, *tags))
    before = text[: _RAYYAN.search(text).start()]  # type: ignore[union-attr]  # parts is not empty
    kept = [f"RAYYAN-INCLUSION: {{{', '.join(unread)}}}"] if unread else []
    kept += [f"{name}: {value}" for name, value in parts.items() if value]
    others = [f"{name}: {note}" for name, note in notes.items()] or [_RAYYAN_NOTE.sub("", given)]
    return " ".join(unique((before.strip(" |"), *(one.strip("{} ,") for one in others), *kept)))


def _rayyan_votes(text: str) -> list[tuple[str, str]]:
    """Return reviewers and votes; what is written in another way is one vote of nobody."""
    votes = [(who, quoted or bare) for who, quoted, bare in _RAYYAN_VOTE.findall(text)]
    rest = text.strip("{} ,")
    return votes or ([("", rest)] if rest else [])


def unread_votes(note: str) -> list[tuple[str, str]]:
    """Return reviewers and votes of Rayyan in a note that were not understood as decisions."""
    return [
        vote
        for match in _RAYYAN.finditer(note)
        if match[1].endswith("INCLUSION")
        for vote in _rayyan_votes(match[2])
    ]


def _asreview_part(text: str, found: Notes) -> str:
    if "asreview_" not in text.casefold():
        return " ".join(text.split())
    for match in _ASREVIEW.finditer(text):
        if label := label_of(match[1]):
            found.verdicts += (Verdict(label=label),)
        elif match[1].lower() == "prior":
            found.tags = unique((*found.tags, "ASReview_prior"))
    return " ".join(_ASREVIEW.sub("", text).split())


def _covidence_part(text: str, found: Notes) -> str:
    if "xclusion reason:" not in text.lower():
        return text.strip()
    for match in _COVIDENCE.finditer(text):
        found.reasons += (match[1],)
    return _COVIDENCE.sub("", text).strip()


def _read_verdict(text: str) -> Verdict:
    label, *parts = text.split("|")
    values = dict(part.split(":", 1) for part in parts)
    stage = Stage(values.get(" stage", Stage.TITLE_ABSTRACT).strip())
    given = Label(label.strip())
    if given not in stage.labels:
        raise ValueError(f"{given} is no label of {stage}")
    return Verdict(
        label=given,
        reason=_unescape(values.get(" reason", "")),
        reason_text=_unescape(values.get(" in words", "")),
        reviewer=_unescape(values.get(" reviewer", "")),
        note=_unescape(values.get(" note", "")),
        stage=stage,
        resolves=values.get(" resolves", "").strip() == "yes",
    )


def _read_value(name: str, text: str) -> object:
    if name == "year":
        return int(text) if text.strip() else None
    if _FIELDS[name] is None:
        return _unescape(text) or None
    if isinstance(_FIELDS[name], str):
        return _unescape(text)
    values = tuple(_unescape(part) for part in text.split("|")) if text.strip() else ()
    return tuple(map(_read_notice, values)) if name == "notices" else values


def _write_value(value: object) -> str:
    values = value if isinstance(value, tuple) else ("" if value is None else value,)
    return " | ".join(
        _escape(_write_notice(v) if isinstance(v, Notice) else str(v)) for v in values
    )


def _read_notice(text: str) -> Notice:
    kind, pmid, reference = text.split(",", 2)
    return Notice(kind=NoticeKind(kind), pmid=pmid.strip() or None, reference=reference[1:])


def _write_notice(notice: Notice) -> str:
    return f"{notice.kind}, {notice.pmid or ''}, {notice.reference}"


def _escape(value: str) -> str:
    text = _RISKY.sub(_as_bytes, value)
    return text if plain(text) == text else _UNUSUAL.sub(_as_bytes, text)


def _as_bytes(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode(errors="surrogatepass"))


def _unescape(text: str) -> str:
    return unquote(text.strip(), errors="surrogatepass")
