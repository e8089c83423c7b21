"""MeSH headings in a query, with the narrower ones that PubMed adds."""

from __future__ import annotations

from autoscreen.search_strategy.mesh_tree import mesh_tree, normal_heading
from autoscreen.search_strategy.record_fields import RecordFields
from autoscreen.search_strategy.tree import Operand


def mesh_matches(operand: Operand, fields: RecordFields) -> tuple[bool | None, str]:
    """Return whether a record has a heading or a narrower one, and why that is not known."""
    if not fields.headings:
        if fields.indexing_known:
            return False, ""
        return None, "the record has no MeSH headings here, but may have some in PubMed"
    heading, _, qualifier = operand.text.partition("/")
    wanted = mesh_tree().heading(heading) or normal_heading(heading)
    open_ = False
    for own, qualifiers, major in fields.headings:
        if operand.field.startswith("majr") and not major:
            continue
        if qualifier and normal_heading(qualifier) not in qualifiers:
            continue
        match = _matches(own, wanted, operand)
        if match:
            return True, ""
        open_ = open_ or match is None
    return (None, "the headings below it are not known here") if open_ else (False, "")


def _matches(own: str, wanted: str, operand: Operand) -> bool | None:
    if operand.truncated:
        return own.startswith(wanted)
    if own == wanted:
        return True
    return False if operand.field.endswith(":noexp") else mesh_tree().is_below(own, wanted)
