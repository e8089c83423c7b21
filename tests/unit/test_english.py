"""Records without anything in English are named instead of scored."""

from __future__ import annotations

import pytest

from autoscreen.records import Record
from autoscreen.text.english import has_english


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (Record(title="Pain"), True),
        (Record(title="Schmerz und Nerv", languages=("eng", "ger")), True),
        (Record(title="Schmerz und Nerv", languages=("English",)), True),
        (Record(title="Schmerz und Nerv", languages=("ger",)), False),
        (Record(title="[Pain and nerves].", languages=("ger",)), True),
        (Record(title="Neuropathic pain", languages=("ger",)), True),
        (Record(title="Schmerz und Nerv", languages=("ger",), mesh=("Pain",)), True),
        (Record(title="Schmerz und Nerv", languages=("ger",), keywords=("pain",)), True),
        (Record(title="La douleur", abstract="It was less.", languages=("French",)), True),
        (Record(title="La douleur et le nerf", languages=("French",)), False),
        (Record(title="神经痛的磁刺激"), False),
        (Record(title="Нейропатическая боль", languages=("rus",)), False),
        (Record(title="β-blockers and β-agonists"), True),
        (Record(title="12 (3): 45"), True),
        (Record(), True),
    ],
)
def test_in_doubt_a_record_is_scored(record: Record, expected: bool) -> None:
    """Only what is certainly in another language, and has no translation, is not."""
    assert has_english(record) is expected
