"""The protocols that ship, protocols of one's own, and the template."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autoscreen.errors import ConfigError
from autoscreen.protocol import (
    Element,
    builtin_protocols,
    load_protocol,
    parse_protocol,
    protocol_template,
)
from autoscreen.protocol._query_syntax import query_fault
from autoscreen.search_strategy.check import check_query

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", builtin_protocols())
def test_every_builtin_protocol_is_whole(name: str) -> None:
    """It has its file's name, a question, criteria, concepts for and against, reasons, a query."""
    protocol = load_protocol(name)
    assert protocol.name == name
    assert protocol.question
    assert protocol.criteria.include
    assert protocol.criteria.exclude
    assert {Element.POPULATION, Element.INTERVENTION} <= {c.element for c in protocol.required}
    assert protocol.against
    assert protocol.reasons
    assert query_fault(protocol.pubmed) is None
    assert "[tiab]" in protocol.pubmed
    assert "[mh]" in protocol.pubmed


@pytest.mark.parametrize("name", builtin_protocols())
def test_the_query_of_a_builtin_protocol_finds_each_of_its_terms(name: str) -> None:
    """No term of a required concept is invisible to PubMed, and no heading is unneeded."""
    check = check_query(load_protocol(name))
    assert check is not None
    assert [one for one in check.concepts if one.not_found or one.some_endings] == []
    assert check.headings == ()


def test_the_names_are_sorted() -> None:
    """The list is the same everywhere."""
    names = builtin_protocols()
    assert "rms-pnp" in names
    assert list(names) == sorted(names)


def test_rms_pnp_names_all_reasons() -> None:
    """The codes of its criteria are all there, those for unsure records too."""
    codes = {reason.code for reason in load_protocol("rms-pnp").reasons}
    assert codes == {
        "WRONG_POP",
        "WRONG_INT",
        "WRONG_TYPE",
        "ANIMAL",
        "HEALTHY",
        "MIXED_POP",
        "BORDERLINE_POP",
        "PROTOCOL",
        "ONGOING",
    }


def test_the_template_can_be_read_as_it_stands() -> None:
    """It has the name asked for and explains every key with a comment."""
    text = protocol_template("my-review")
    protocol = parse_protocol(text)
    assert protocol.name == "my-review"
    assert protocol.required
    assert protocol.against
    assert protocol.pubmed
    assert text.count("#") > 20


@pytest.mark.parametrize("name", ["My Review", "", "a--b", "-a", "é"])
def test_a_template_needs_a_usable_name(name: str) -> None:
    """The message proposes a name."""
    with pytest.raises(ConfigError, match=r"for example (my-review|a-b|a)"):
        protocol_template(name)


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    """A path, as text or as Path, with or without a byte order mark."""
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf" + protocol_template("mine").encode())
    assert load_protocol(path).name == "mine"
    assert load_protocol(str(path)).name == "mine"


def test_a_fault_in_ones_own_file_names_the_file(tmp_path: Path) -> None:
    """The message begins with the path as given."""
    path = tmp_path / "mine.toml"
    path.write_text("format = 1\nnam = 1\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_protocol(path)
    assert str(caught.value).startswith(f"{path}, line 2: nam is not known; did you mean name?")


def test_the_example_of_the_how_to_page_can_be_read() -> None:
    """What the page shows is a protocol."""
    page = ROOT / "docs" / "how-to" / "write-a-protocol.md"
    (example,) = re.findall(r"^```toml\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)
    assert parse_protocol(example).name == "ice-for-knees"


def test_a_near_miss_is_guessed() -> None:
    """A misspelt name is answered with the right one and the list."""
    with pytest.raises(ConfigError, match=r"did you mean rms-pnp\? built in: .*rms-pnp"):
        load_protocol("rms-pmp")
    with pytest.raises(ConfigError, match=r"no protocol .*zzzz.*; built in"):
        load_protocol("zzzz")


def test_files_that_are_no_text_are_refused(tmp_path: Path) -> None:
    """A file in another encoding and a folder get a message each."""
    path = tmp_path / "latin.toml"
    path.write_bytes("title = 'Müller'".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"not UTF-8 text \(byte 11\)"):
        load_protocol(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        load_protocol(tmp_path)
