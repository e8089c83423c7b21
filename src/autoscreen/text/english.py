"""Whether a record has any text in English, the only language that the models read."""

from __future__ import annotations

import re
from typing import Protocol

NOT_ENGLISH = "not English: not scored"
"""The note on a record without any text in English."""

_WORD = re.compile(r"[^\W\d_]+")
# Words that few other languages have.
_ENGLISH = frozenset(
    {"the", "of", "and", "with", "was", "were", "by", "from", "are", "after", "during", "between"}
)
# Words that are frequent in other languages but not in English.
_OTHERS = frozenset(
    {
        *("der", "die", "das", "und", "mit", "bei", "von", "zur", "zum", "des", "im"),
        *("le", "la", "les", "du", "de", "et", "dans", "chez", "une", "un", "el", "los", "las"),
        *("del", "con", "por", "para", "y", "en", "il", "lo", "gli", "della", "di", "nel", "nella"),
        *("per", "e", "da", "do", "dos", "na", "em", "com", "o", "os", "w", "z", "i", "u", "po"),
        *("ein", "eine", "het", "van", "een", "bij", "met", "och", "av", "med", "hos", "til", "og"),
    }
)


class ReadableText(Protocol):
    """The fields that show the language of a record."""

    @property
    def title(self) -> str:
        """Title."""

    @property
    def abstract(self) -> str:
        """Abstract."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of the publication, as in the source."""

    @property
    def index_terms(self) -> tuple[str, ...]:
        """MeSH headings and keywords."""


def has_english(record: ReadableText) -> bool:
    """
    Return whether a record has any text in English: abstract, translated title or index terms.

    If in doubt, it has. Not English is only a text in another alphabet, or one without any English
    word but with words of another language, if the record gives another language.

    Examples
    --------
    >>> from autoscreen.records import Record
    >>> has_english(Record(title="Schmerzen bei Neuropathie", languages=("ger",)))
    False
    >>> has_english(Record(title="[Pain in neuropathy].", languages=("ger",)))
    True
    """
    languages = [one.casefold() for one in record.languages]
    if any(one.startswith("en") for one in languages) or record.index_terms:
        return True
    text = f"{record.title} {record.abstract}"
    if _in_another_alphabet(text):
        return False
    if not languages or record.title.startswith("["):
        return True
    words = set(_WORD.findall(text.lower()))
    return bool(words & _ENGLISH) or not words & _OTHERS


def _in_another_alphabet(text: str) -> bool:
    """Return whether most letters are none of the Latin alphabet, Greek ones as in formulas too."""
    letters = [char for char in text if char.isalpha()]
    return sum(char > "\u024f" for char in letters) * 2 > len(letters)
