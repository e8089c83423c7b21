"""Reads titles and abstracts: concepts, sections, abbreviations, highlights.

The names here work without spaCy; ``autoscreen.text.highlights.highlights`` marks a record. The
spaCy components are in the modules ``concepts``, ``sections`` and ``abbreviations``; once
autoscreen is installed, spaCy finds them by name.
"""

from __future__ import annotations

from autoscreen.text._abstract_sections import find_sections
from autoscreen.text._schwartz_hearst import find_abbreviations
from autoscreen.text.designs import study_designs
from autoscreen.text.highlights import Highlight
from autoscreen.text.terms import ConceptMatcher

__all__ = [
    "ConceptMatcher",
    "Highlight",
    "find_abbreviations",
    "find_sections",
    "study_designs",
]
