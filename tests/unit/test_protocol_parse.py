"""A protocol file is read whole, or refused with key and line."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autoscreen.errors import ConfigError
from autoscreen.protocol import Element, Protocol, parse_concepts, parse_protocol, protocol_toml

GOOD = """\
format = 1
name = "knee-ice"
title = "Ice for the knee:
 a review"
question = "Does ice help?"

[criteria]
include = [
    "adults",   # [not a table]
    "ice",
]
exclude = ["children"]

[concepts.ice]
element = "intervention"
label = "Ice"
required = true
terms = ["ice*", "cryotherapy"]

[concepts.heat]
element = "intervention"
label = "Heat"
against = true
terms = [
    "hot pack*",
]

[[reasons]]
code = "WRONG_INT"
key = "1"
text = "No ice"

[[reasons]]
code = "WRONG_POP"
key = "2"
text = "No knee"

[search]
pubmed = \"\"\"
ice[tiab]
AND knee[tiab]
\"\"\"
""".replace(":\n a", ": a")


def test_everything_in_the_file_is_read() -> None:
    """Criteria, concepts in their order, reasons and query come out as written."""
    protocol = parse_protocol(GOOD, origin="knee.toml")
    assert protocol.name == "knee-ice"
    assert protocol.title == "Ice for the knee: a review"
    assert protocol.question == "Does ice help?"
    assert protocol.criteria.include == ("adults", "ice")
    assert protocol.criteria.exclude == ("children",)
    assert protocol.criteria.unsure == ()
    assert [concept.key for concept in protocol.concepts] == ["ice", "heat"]
    assert protocol.concepts[0].element is Element.INTERVENTION
    assert protocol.concepts[0].terms == ("ice*", "cryotherapy")
    assert [concept.key for concept in protocol.required] == ["ice"]
    assert [concept.key for concept in protocol.against] == ["heat"]
    assert [(reason.code, reason.key) for reason in protocol.reasons] == [
        ("WRONG_INT", "1"),
        ("WRONG_POP", "2"),
    ]
    assert protocol.pubmed == "ice[tiab]\nAND knee[tiab]"
    assert protocol.source == GOOD


def test_concepts_and_reasons_are_found_by_name() -> None:
    """A key or a code gives its concept or reason, an unknown one KeyError."""
    protocol = parse_protocol(GOOD)
    assert protocol.concept("heat").label == "Heat"
    assert protocol.reason("WRONG_POP").text == "No knee"
    with pytest.raises(KeyError):
        protocol.concept("cold")
    with pytest.raises(KeyError):
        protocol.reason("wrong_pop")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("format = 1", "format = 2", 1, ["format is 2", "reads format 1", "update autoscreen"]),
        ("format = 1", "format = 0", 1, ["write format = 1"]),
        ("format = 1", 'format = "1"', 1, ["format is a text", "expected a whole number"]),
        ("format = 1", "format = true", 1, ["format is true or false"]),
        ("format = 1\n", "", None, ["format is missing"]),
        ('"knee-ice"', '"Knee Ice"', 2, ['name "Knee Ice"', "a-z"]),
        ('name = "knee-ice"', "name = 5", 2, ["name is a number", "expected a text in quotes"]),
        ('"Ice for the knee: a review"', '"  "', 3, ["title is empty"]),
        ('"Does ice help?"', '""', 4, ["question is empty", "remove the key"]),
        ("question =", "qestion =", 4, ["qestion is not known", "did you mean question?"]),
        ("question =", "zzz =", 4, ["zzz is not known", "possible keys: format, name"]),
        ("[criteria]", "[criterion]", 6, ["criterion is not known", "did you mean criteria?"]),
        ("exclude = [", "excluded = [", 11, ["criteria.excluded", "did you mean exclude?"]),
        ('["children"]', '"children"', 11, ["criteria.exclude is a text", "a list of texts"]),
        ('["children"]', "[1]", 11, ["criteria.exclude: entry 1 is a number", "in quotes"]),
        ('["children"]', '["children", " "]', 11, ["criteria.exclude: entry 2 is empty"]),
        ("[concepts.ice]", '[concepts."i ce"]', 13, ['concept "i ce" is not valid']),
        ('element = "intervention"\nlabel = "Ice"', 'label = "Ice"', 13, ["element is missing"]),
        ('"intervention"\nlabel = "Ice"', '"treatment"\nlabel = "Ice"', 14, ["population, inter"]),
        ("required = true", 'required = "yes"', 16, ["concepts.ice.required is a text", "true or"]),
        ("required = true", "requird = true", 16, ["requird", "did you mean required?"]),
        ("required = true", "required = true\nagainst = true", 17, ["both required and against"]),
        ('["ice*", "cryotherapy"]', "[]", 17, ["concepts.ice.terms is empty"]),
        ('["ice*", "cryotherapy"]', '["ic*"]', 17, ['"ic*"', "at least 3 letters"]),
        ('["ice*", "cryotherapy"]', '["cry*therapy"]', 17, ["* within a word"]),
        ('["ice*", "cryotherapy"]', '["a, b"]', 17, ['contains ","']),
        (
            '    "hot pack*",',
            '    "hot pack*",\n    "??",',
            25,
            ["concepts.heat.terms", "cannot match"],
        ),
        (
            '    "hot pack*",',
            '    "x",\n    "Cryo-therapy",\n    "cryotherapy",',
            26,
            ["concepts.ice"],
        ),
        ('code = "WRONG_POP"', 'code = "wrong_int"', 33, ["used twice"]),
        ('code = "WRONG_POP"', 'code = "WRONG POP"', 33, ["is not valid"]),
        ('key = "2"', 'key = "1"', 34, ['key "1" is used twice']),
        ('key = "2"', 'key = "12"', 34, ["is not a single key"]),
        ('text = "No knee"', "txt = 1", 35, ["reasons[2].txt is not known", "did you mean text?"]),
        ('text = "No knee"', "", 32, ["reasons[2].text is missing"]),
        ("AND knee", "AND (knee", 40, ["search.pubmed: a ( is never closed"]),
        ("pubmed =", "ovid =", 38, ["search.ovid is not known", "possible keys: pubmed"]),
    ],
)
def test_what_does_not_hold_together_is_named_with_its_line(
    old: str, new: str, line: int | None, words: list[str]
) -> None:
    """The message gives file, line, key, what was expected and what to do."""
    assert GOOD.count(old) >= 1
    with pytest.raises(ConfigError) as caught:
        parse_protocol(GOOD.replace(old, new, 1), origin="knee.toml")
    assert caught.value.path == "knee.toml"
    assert caught.value.line == line
    message = str(caught.value)
    assert "\n" not in message
    assert all(word in message for word in words), message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('format = 1\nname = "x\n', 2),
        ('format = 1\nname = "x"\nname = "y"\n', 3),
        ('format = 1\n\ntitle = """never closed\n\n', 3),
    ],
)
def test_broken_toml_is_named_with_its_line(text: str, line: int) -> None:
    """A slip in the syntax is a ConfigError too."""
    with pytest.raises(ConfigError, match="not valid TOML") as caught:
        parse_protocol(text, origin="x.toml")
    assert caught.value.line == line


def test_a_list_of_tables_is_asked_for() -> None:
    """`[reasons]` instead of `[[reasons]]` is explained, and so is a list of texts."""
    head = 'format = 1\nname = "x"\ntitle = "X"\n'
    with pytest.raises(ConfigError, match=r"\[\[reasons\]\]"):
        parse_protocol(head + '[reasons]\ncode = "A"\n')
    with pytest.raises(ConfigError, match="reasons is a list of a text"):
        parse_protocol(head + 'reasons = ["A"]\n')
    with pytest.raises(ConfigError, match=r"expected a table \[concepts.ice\]"):
        parse_protocol(head + "[concepts]\nice = 1\n")
    with pytest.raises(ConfigError, match="title is a date or time"):
        parse_protocol(head.replace('"X"', "2020-01-01"))


@pytest.mark.parametrize(
    ("before", "lines"),
    [
        ("question = '''\n[criteria]\nexclude = 1\n'''\n", 4),
        ('question = """\n[search]\n""" # """\n', 3),
        ("question = '''a'''\n", 1),
        ("question = \"a # ''' b\" # '''\n", 1),
        ('question = "a"\n# """\n', 2),
    ],
)
def test_lines_are_right_after_strings_of_every_kind(before: str, lines: int) -> None:
    """What looks like a key inside a string is no key, and a quote inside one ends nothing."""
    text = 'format = 1\nname = "x"\ntitle = "X"\n' + before + "[criteria]\nexclude = 5\n"
    with pytest.raises(ConfigError, match=r"criteria\.exclude is a number") as caught:
        parse_protocol(text)
    assert caught.value.line == 3 + lines + 2


def test_lines_are_right_after_arrays() -> None:
    """Brackets inside strings and comments neither open nor close an array."""
    text = (
        'format = 1\nname = "x"\ntitle = "X"\n'
        'criteria.include = [\n  "[a",  # [b\n  \'c]\',\n  """\n d = [\n""",\n]\n'
        "criteria.exclude = 5\n"
    )
    with pytest.raises(ConfigError, match=r"criteria\.exclude is a number") as caught:
        parse_protocol(text)
    assert caught.value.line == 11


def test_a_label_may_be_left_out() -> None:
    """A concept without a label is shown by its key."""
    (concept,) = parse_concepts({"knee_pain": {"element": "outcome", "terms": ["gonalgia"]}})
    assert concept.label == "knee pain"


def test_concepts_from_a_mapping_are_checked_too() -> None:
    """What a program passes gets the same care as a file."""
    with pytest.raises(ConfigError, match=r"concepts\.a\.term is not known; did you mean terms"):
        parse_concepts({"a": {"element": "other", "term": ["x"]}}, origin="my config")
    with pytest.raises(
        ConfigError, match=r"^my config: concepts\.a\.terms: .* cannot match"
    ) as caught:
        parse_concepts({"a": {"element": "other", "terms": ["?x"]}}, origin="my config")
    assert caught.value.line is None


def test_a_term_written_with_escapes_is_placed_at_its_list() -> None:
    """Where the term does not stand as it reads, the line is that of the list."""
    with pytest.raises(ConfigError, match="cannot match") as caught:
        parse_protocol(GOOD.replace('"hot pack*"', r'"hot \u003f"'), origin="knee.toml")
    assert caught.value.line == 23


def test_a_title_alone_makes_a_protocol() -> None:
    """A review without a protocol still has a name and a title, and can be written down."""
    protocol = Protocol.from_title('  Ice & "heat"\nfor Knees: 1 \\ 2 ')
    assert protocol.name == "ice-heat-for-knees-1-2"
    assert protocol.title == 'Ice & "heat" for Knees: 1 \\ 2'
    assert protocol.concepts == ()
    assert parse_protocol(protocol_toml(protocol)) == protocol


@pytest.mark.parametrize(
    ("title", "name"), [("膝", "review"), ("", "review"), ("A" * 99, "a" * 60)]
)
def test_every_title_gives_a_usable_name(title: str, name: str) -> None:
    """Titles without Latin letters and very long ones too."""
    assert Protocol.from_title(title).name == name


def test_a_protocol_that_was_read_is_written_as_it_stood() -> None:
    """Comments and layout survive."""
    assert protocol_toml(parse_protocol(GOOD)) == GOOD


def test_protocols_need_no_spacy() -> None:
    """Neither protocols nor the matcher load spaCy, scikit-learn or pandas."""
    program = (
        "import sys, autoscreen.protocol, autoscreen.text.terms, autoscreen.text.highlights;"
        "print(sorted({'spacy', 'sklearn', 'pandas', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Aspirin, in *Headache*", "aspirin-in-headache"),
        ("Exercise " * 9, "exercise-exercise-exercise-exercise-exercise-exercise"),
        ("x" * 70, "x" * 60),
        ("두통", "review"),
    ],
)
def test_the_name_of_a_title_has_whole_words(title: str, name: str) -> None:
    """It has at most 60 letters, digits and hyphens."""
    assert Protocol.from_title(title).name == name
