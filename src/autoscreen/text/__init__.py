"""Reads titles and abstracts: concepts, sections, abbreviations, highlights.

The names here work without spaCy. The spaCy components are in the modules ``concepts``,
``sections`` and ``abbreviations``; spaCy finds them by name once autoscreen is installed.
"""

from __future__ import annotations

from autoscreen.text._schwartz_hearst import Abbreviation, abbreviations
from autoscreen.text.terms import ConceptMatcher, Hit, Token, tokens

__all__ = ["Abbreviation", "ConceptMatcher", "Hit", "Token", "abbreviations", "tokens"]
