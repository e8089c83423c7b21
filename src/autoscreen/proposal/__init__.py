"""Proposes the concepts of a new review from what is written of it; nothing is sent out."""

from __future__ import annotations

from autoscreen.proposal._criteria import read_criteria
from autoscreen.proposal._draft import draft_protocol
from autoscreen.proposal._propose import ProposedConcept, propose
from autoscreen.proposal._proposed_terms import ProposedTerm
from autoscreen.proposal._similar import similar_protocols

__all__ = [
    "ProposedConcept",
    "ProposedTerm",
    "draft_protocol",
    "propose",
    "read_criteria",
    "similar_protocols",
]
