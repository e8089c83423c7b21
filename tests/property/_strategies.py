"""Records of every shape that a reader can give, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from autoscreen.formats import plain
from autoscreen.formats._final_checks import checked
from autoscreen.records import SCREENING_LABELS, Notice, NoticeKind, Record, Verdict

_PHRASES = [
    "",
    "Repetitive stimulation for pain: a randomised trial",
    "METHODS: n = 30, p<0.05 & q > 3. RESULTS: 50% better; nothing else.",
    "TI  - looks like a tag",
    "PMID- 12345",
    "ER -",
    "TY - JOUR",
    "@article{key, title = {Braces} }",
    "Müller, É. and 漢字 Ω — “quoted”",
    'a "quoted", comma; semicolon',
    "=1+1",
    "{unbalanced",
    "closing} brace \\",
    "$5 #2 ~3 ^4 a_b C:\\temp",
    "[bracketed title].",
    "1,2|3 | 4",
    "ASReview_relevant",
    "Exclusion reason: Wrong population",
    "autoscreen: include",
    "autoscreen year: 1999",
    "https://example.org/a?b=c&d=%20",
    "0012",
    "1.0",
    "None",
    "NaN",
    "-",
    "ends with and",
    "x" * 120,
    "a long sentence that has to be folded over more than one line of a file " * 4 + "end",
]

texts = st.one_of(st.sampled_from(_PHRASES), st.text(max_size=12)).map(plain)
"""Clean text on one line, possibly empty."""

names = texts.filter(bool)
"""Clean text on one line, not empty."""

_AUTHORS = st.sampled_from(
    ["Sample, Ada B", "Muster CD", "de Invented, Éva", "The Example Group", "Solo"]
)
_TERMS = st.sampled_from(
    ["Pain/*therapy", "*Neuralgia", "Humans", "Spinal Cord Injuries/*drug therapy"]
)
_DOIS = st.from_regex(r"10\.[1-9][0-9]{3}/[a-z0-9][a-z0-9._()-]{0,20}[a-z0-9]", fullmatch=True)
_PMIDS = st.integers(1, 99_999_999).map(str)


def _many(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.one_of(values, names), max_size=3).map(tuple)


verdicts = st.builds(
    Verdict, label=st.sampled_from(SCREENING_LABELS), reason=texts, note=texts, reviewer=texts
)
notices = st.builds(
    Notice, kind=st.sampled_from(NoticeKind), reference=texts, pmid=st.none() | _PMIDS
)

records = st.builds(
    Record,
    title=texts,
    abstract=texts,
    authors=_many(_AUTHORS),
    year=st.none() | st.integers(1000, 2999),
    journal=texts,
    volume=texts,
    issue=texts,
    pages=st.sampled_from(["", "1-9", "e12", "12-4", "S1-S9"]) | texts,
    publisher=texts,
    pmid=st.none() | _PMIDS,
    pmcid=st.none() | _PMIDS.map(lambda digits: f"PMC{digits}"),
    doi=st.none() | _DOIS,
    accession=texts,
    mesh=_many(_TERMS),
    keywords=_many(names),
    publication_types=_many(st.sampled_from(["Journal Article", "Review"])),
    languages=_many(st.sampled_from(["eng", "English", "ger"])),
    urls=_many(st.sampled_from(["https://example.org/1", "http://example.org/a%20b"])),
    issns=_many(st.sampled_from(["1234-5678", "0000-000X"])),
    record_type=st.sampled_from(["", "JOUR", "article"]) | texts,
    entered=st.dates().map(str) | texts,
    notices=st.lists(notices, max_size=2).map(tuple),
    verdicts=st.lists(verdicts, max_size=2).map(tuple),
    note=texts,
    tags=_many(names),
    source_key=texts,
).map(lambda record: checked(record, lambda _: None))
"""Records without placeholders such as "None", which no reader takes for a value."""
"""Any record; text is clean, as a reader gives it."""
