"""The protocol as a form: what its fields hold, and which of them has an error."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import FormData

from autoscreen.errors import ConfigError
from autoscreen.protocol import (
    Concept,
    Criteria,
    Element,
    Protocol,
    Reason,
    extraction_toml,
    parse_protocol,
    protocol_toml,
)

_LINES = ("include", "exclude", "unsure")
_NOT_IN_KEY = re.compile(r"[^a-z0-9]+")
_KEY = re.compile(r"^[\w.\[\]-]+: ")
_BETWEEN_TERMS = re.compile(r"[\n,;]+")


@dataclass(slots=True, kw_only=True)
class ConceptFields:
    """The fields of one concept."""

    key: str = ""
    element: str = "population"
    label: str = ""
    role: str = ""
    terms: str = ""

    @property
    def blank(self) -> bool:
        """Whether all fields are empty."""
        return not (self.label.strip() or self.terms.strip())


@dataclass(slots=True, kw_only=True)
class ReasonFields:
    """The fields of one reason."""

    code: str = ""
    key: str = ""
    text: str = ""

    @property
    def blank(self) -> bool:
        """Whether all fields are empty."""
        return not (self.code.strip() or self.key.strip() or self.text.strip())


@dataclass(slots=True, kw_only=True)
class ProtocolForm:
    """The values of the fields."""

    name: str = ""
    title: str = ""
    question: str = ""
    registration: str = ""
    include: str = ""
    exclude: str = ""
    unsure: str = ""
    pubmed: str = ""
    extraction: str = ""  # The tables of the extraction fields, in TOML
    concepts: list[ConceptFields] = field(default_factory=list)
    reasons: list[ReasonFields] = field(default_factory=list)
    error: str = ""
    place: str = ""

    def protocol(self) -> Protocol | None:
        """Return the protocol; None with `error` and `place` set if it is invalid."""
        keys = self._keys()
        written = Protocol(
            name=self.name.strip() or Protocol.from_title(self.title).name,
            title=" ".join(self.title.split()),
            question=" ".join(self.question.split()),
            registration=" ".join(self.registration.split()),
            criteria=Criteria(**{name: _lines(getattr(self, name)) for name in _LINES}),
            concepts=tuple(
                _concept(one, key)
                for one, key in zip(self.concepts, keys, strict=True)
                if not one.blank
            ),
            reasons=tuple(
                Reason(code=one.code.strip(), key=one.key.strip(), text=one.text.strip())
                for one in self.reasons
                if not one.blank
            ),
            pubmed=self.pubmed.replace("\r\n", "\n").strip(),
        )
        try:
            return parse_protocol(f"{protocol_toml(written)}{self.extraction}", origin="protocol")
        except ConfigError as problem:
            # The form marks the field, so the TOML key is left out.
            message = _KEY.sub("", problem.message)
            self.error = f"{message}; {problem.hint}" if problem.hint else message
            self.place = self._place(problem.key, keys)
            return None

    def _keys(self) -> list[str]:
        """Return each concept its key: a new one after its label, and no two the same."""
        taken = {one.key for one in self.concepts if one.key}
        keys = []
        for one in self.concepts:
            key = one.key
            if not key:
                stem = _NOT_IN_KEY.sub("_", one.label.lower()).strip("_") or "concept"
                key, number = stem, 1
                while key in taken:
                    number += 1
                    key = f"{stem}_{number}"
                taken.add(key)
            keys.append(key)
        return keys

    def _place(self, path: Sequence[str | int], keys: Sequence[str]) -> str:
        match path:
            case ["concepts", str(key), *rest] if key in keys:
                part = {"against": "role", "required": "role"}.get(str(rest[0]), rest[0])
                return f"concept-{part}-{keys.index(key)}" if rest else ""
            case ["reasons", int(number), str(part)]:
                kept = [at for at, one in enumerate(self.reasons) if not one.blank]
                return f"reason-{part}-{kept[number]}"
            case ["criteria" | "search", str(part), *_]:
                return part
            case [str(part), *_]:
                return part
        return "extraction" if self.extraction.strip() else ""


def form_of(protocol: Protocol) -> ProtocolForm:
    """Return the form filled with a protocol."""
    return ProtocolForm(
        name=protocol.name,
        title=protocol.title,
        question=protocol.question,
        registration=protocol.registration,
        **{name: "\n".join(getattr(protocol.criteria, name)) for name in _LINES},
        pubmed=protocol.pubmed,
        extraction=extraction_toml(protocol.extraction),
        concepts=[
            ConceptFields(
                key=one.key,
                element=str(one.element),
                label=one.label,
                role="required" if one.required else "against" if one.against else "",
                terms="\n".join(one.terms),
            )
            for one in protocol.concepts
        ],
        reasons=[
            ReasonFields(code=one.code, key=one.key, text=one.text) for one in protocol.reasons
        ],
    )


def read_form(data: FormData) -> ProtocolForm:
    """Return the form as it was submitted."""

    def value_of(name: str) -> str:
        value = data.get(name, "")
        return value.replace("\r\n", "\n") if isinstance(value, str) else ""

    simple: Mapping[str, str] = {
        name: value_of(name)
        for name in ("name", "title", "question", "registration", "pubmed", "extraction", *_LINES)
    }
    concepts = [
        ConceptFields(
            **{
                part: value_of(f"concept-{part}-{at}")
                for part in ("key", "element", "label", "role", "terms")
            }
        )
        for at in _places(data, "concept-label-")
    ]
    reasons = [
        ReasonFields(**{part: value_of(f"reason-{part}-{at}") for part in ("code", "key", "text")})
        for at in _places(data, "reason-code-")
    ]
    return ProtocolForm(**simple, concepts=concepts, reasons=reasons)


def _places(data: FormData, stem: str) -> list[str]:
    found = [name.removeprefix(stem) for name in data if name.startswith(stem)]
    return sorted((one for one in found if one.isdecimal()), key=int)


def _concept(one: ConceptFields, key: str) -> Concept:
    element = one.element if one.element in tuple(Element) else Element.OTHER
    return Concept(
        key=key,
        element=Element(element),
        label=" ".join(one.label.split()) or key.replace("_", " "),
        terms=tuple(term.strip() for term in _BETWEEN_TERMS.split(one.terms) if term.strip()),
        required=one.role == "required",
        against=one.role == "against",
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.split("\n") if line.strip())
