"""Parses a PubMed query into a tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from autoscreen.errors import ConfigError
from autoscreen.protocol import fold, query_fault, query_parts
from autoscreen.search_strategy.fields import field_of

OPERATORS = ("AND", "OR", "NOT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operand:
    """A word, phrase or range with its search field."""

    text: str  # Without quotes
    field: str = ""  # Short name; empty if there is no tag
    quoted: bool = False
    near: int | None = None  # Words allowed in between, in a proximity search
    until: str = ""  # The end of a range that begins with `text`

    @property
    def words(self) -> tuple[str, ...]:
        """The words in lower case without accents."""
        return tuple(fold(self.text).split())

    @property
    def truncated(self) -> bool:
        """Whether any ending of the last word is searched."""
        return self.text.endswith("*")

    def __str__(self) -> str:
        text = f'"{self.text}"' if self.quoted else self.text
        near = "" if self.near is None else f":~{self.near}"
        tag = f"[{self.field}{near}]" if self.field else ""
        return f"{text}:{self.until}{tag}" if self.until else text + tag


@dataclass(frozen=True, slots=True)
class Combination:
    """Parts joined by one operator; NOT has two."""

    operator: str
    parts: tuple[Node, ...]

    def __str__(self) -> str:
        inner = (f"({one})" if isinstance(one, Combination) else str(one) for one in self.parts)
        return f" {self.operator} ".join(inner)


Node = Operand | Combination


def parse_query(query: str) -> Node:
    """
    Return a PubMed query as a tree.

    Operators are applied from left to right, as PubMed does, without precedence.

    Examples
    --------
    >>> print(parse_query("pain[tiab] OR ache AND knee*[ti]"))
    (pain[tiab] OR ache) AND knee*[ti]
    """
    if fault := query_fault(query):
        raise ConfigError(fault.message, hint=fault.hint)
    return _Parser(query_parts(query)).expression()


def operands(node: Node, *, negated: bool = False) -> Iterator[Operand]:
    """Yield the operands of a tree; those after NOT only if asked for."""
    if isinstance(node, Operand):
        yield node
        return
    parts = node.parts[:1] if node.operator == "NOT" and not negated else node.parts
    for part in parts:
        yield from operands(part, negated=negated)


class _Parser:
    """Recursive descent over the parts of a query that has no fault."""

    def __init__(self, parts: list[str]) -> None:
        self._parts = parts
        self._at = 0

    def expression(self) -> Node:
        """Return the tree up to the end or the closing bracket."""
        found = self._operand()
        joined = ""  # The operator that made `found` here; a combination in brackets stays whole
        while (operator := self._next(*OPERATORS)) is not None:
            other = self._operand()
            if isinstance(found, Combination) and joined == operator != "NOT":
                found = Combination(operator, (*found.parts, other))
            else:
                found = Combination(operator, (found, other))
            joined = operator
        return found

    def _next(self, *wanted: str) -> str | None:
        part = self._parts[self._at] if self._at < len(self._parts) else None
        if part not in wanted:
            return None
        self._at += 1
        return part

    def _operand(self) -> Node:
        if self._next("("):
            inner = self.expression()
            self._next(")")
            return inner
        text = self._words()
        field, near = self._tag()
        until = ""
        if self._next(":"):
            until = self._words().strip('"')
            field, near = (field, near) if field else self._tag()
            self._tag()
        return Operand(
            text=text.strip('"'), field=field, quoted=text[:1] == '"', near=near, until=until
        )

    def _words(self) -> str:
        start = self._at
        while self._at < len(self._parts) and not _ends_words(self._parts[self._at]):
            self._at += 1
        return " ".join(self._parts[start : self._at])

    def _tag(self) -> tuple[str, int | None]:
        if self._at == len(self._parts) or not self._parts[self._at].startswith("["):
            return "", None
        self._at += 1
        return field_of(self._parts[self._at - 1])


def _ends_words(part: str) -> bool:
    return part in (*OPERATORS, "(", ")", ":") or part.startswith("[")
