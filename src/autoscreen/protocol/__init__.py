"""The review's protocol: question, criteria, concepts, reasons and query in one TOML file."""

from __future__ import annotations

from autoscreen.protocol._extraction_fields import ExtractionField, FieldType
from autoscreen.protocol._faults import protocol_faults
from autoscreen.protocol._load import (
    builtin_protocols,
    is_untouched_template,
    load_protocol,
    protocol_template,
    protocol_text,
)
from autoscreen.protocol._model import USUAL_REASONS, Concept, Criteria, Element, Protocol, Reason
from autoscreen.protocol._parse import parse_concepts, parse_protocol, protocol_heading
from autoscreen.protocol._query_syntax import query_fault, query_parts
from autoscreen.protocol._term_syntax import SHORTEST_STEM, Word, fold, parse_term
from autoscreen.protocol._write import extraction_toml, protocol_toml

__all__ = [
    "SHORTEST_STEM",
    "USUAL_REASONS",
    "Concept",
    "Criteria",
    "Element",
    "ExtractionField",
    "FieldType",
    "Protocol",
    "Reason",
    "Word",
    "builtin_protocols",
    "extraction_toml",
    "fold",
    "is_untouched_template",
    "load_protocol",
    "parse_concepts",
    "parse_protocol",
    "parse_term",
    "protocol_faults",
    "protocol_heading",
    "protocol_template",
    "protocol_text",
    "protocol_toml",
    "query_fault",
    "query_parts",
]
