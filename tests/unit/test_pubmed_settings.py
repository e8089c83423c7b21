"""Who asks PubMed, and where: from the environment or the user's file."""

from __future__ import annotations

import os
import sys

import pytest

from autoscreen.errors import ConfigError
from autoscreen.http_client.user_settings import config_file, state_folder
from autoscreen.pubmed import Settings, load_settings, remember_email
from autoscreen.pubmed._eutils_settings import NCBI


@pytest.fixture
def environ(tmp_path):
    """An environment in which nothing is set but the file."""
    return {"AUTOSCREEN_CONFIG": str(tmp_path / "config.toml")}


def test_without_any_setting_ncbi_is_asked(environ):
    """Three times a second, and nobody is named."""
    settings = load_settings(environ)
    assert settings == Settings()
    assert (settings.base, settings.requests_per_second, settings.is_ncbi) == (NCBI, 3, True)


def test_the_file_of_the_user_is_read(environ, tmp_path):
    """Other tables in it are for other parts of the program."""
    (tmp_path / "config.toml").write_text(
        '[ncbi]\nemail = "ann@example.org"\napi_key = "s3cr3t"\ntimeout = 5\n[mail]\nhost = "x"\n'
    )
    settings = load_settings(environ)
    assert (settings.email, settings.key, settings.timeout) == ("ann@example.org", "s3cr3t", 5)
    assert settings.requests_per_second == 10
    assert "s3cr3t" not in repr(settings)


def test_the_environment_counts_more(environ, tmp_path):
    """An empty variable is none."""
    (tmp_path / "config.toml").write_text('[ncbi]\nemail = "ann@example.org"\ntool = "ours"\n')
    settings = load_settings({**environ, "NCBI_EMAIL": "bob@example.org", "NCBI_TOOL": " "})
    assert (settings.email, settings.tool) == ("bob@example.org", "ours")


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000/entrez/eutils", "http://127.0.0.1:8000/entrez/eutils//"]
)
def test_an_address_may_end_in_a_slash_or_not(environ, address):
    """Both mean the same."""
    settings = load_settings({**environ, "NCBI_EUTILS_URL": address})
    assert settings.base == "http://127.0.0.1:8000/entrez/eutils/"
    assert not settings.is_ncbi


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("NCBI_EMAIL", "ann", "NCBI_EMAIL: this is not an e-mail address"),
        ("NCBI_EUTILS_URL", "eutils.example.org", "is not an address of E-utilities"),
        ("NCBI_EUTILS_URL", "ftp://example.org/", "is not an address of E-utilities"),
        ("NCBI_EUTILS_URL", "http://example.org:port/", "is not an address of E-utilities"),
        ("NCBI_TIMEOUT", "soon", "NCBI_TIMEOUT: timeout must be a number of seconds"),
        ("NCBI_TIMEOUT", "0", "NCBI_TIMEOUT: timeout must be a number of seconds"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(environ, variable, value, message):
    """With the variable that holds it."""
    with pytest.raises(ConfigError, match=message):
        load_settings({**environ, variable: value})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[ncbi]\nemail = ann", "the settings cannot be read"),
        ("[ncbi]\nkey = 'x'", r"\[ncbi\] has no setting 'key'; it knows email, api_key"),
        ("ncbi = 'x'", "ncbi is not a table"),
        ("[ncbi]\napi_key = 5", "api_key must be one line of text"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(environ, tmp_path, text, message):
    """With what is wrong in it."""
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(ConfigError, match=rf"config\.toml: {message}"):
        load_settings(environ)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, '[ncbi]\nemail = "ann@example.org"\n'),
        ("[mail]\nhost = 1\n", '[mail]\nhost = 1\n\n[ncbi]\nemail = "ann@example.org"\n'),
        ("[ncbi]\ntool = 'x'\n", "[ncbi]\nemail = \"ann@example.org\"\ntool = 'x'\n"),
        ("[ncbi]\nemail = 'b@c'\ntool = 'x'", "[ncbi]\nemail = \"ann@example.org\"\ntool = 'x'"),
    ],
)
def test_an_address_is_remembered(environ, tmp_path, before, after):
    """What else stands in the file stays, and only its owner can read it."""
    path = tmp_path / "config.toml"
    if before is not None:
        path.write_text(before)
    assert remember_email("ann@example.org", environ) == path
    assert path.read_text() == after
    assert load_settings(environ).email == "ann@example.org"
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0
    assert [one.name for one in tmp_path.iterdir()] == ["config.toml"]


def test_what_is_no_address_is_not_remembered(environ, tmp_path):
    """The file stays as it is."""
    with pytest.raises(ConfigError, match="--email: "):
        remember_email('ann"@example.org', environ)
    assert list(tmp_path.iterdir()) == []


def test_an_address_that_cannot_be_kept_is_told(tmp_path):
    """The environment is another way."""
    (tmp_path / "settings").write_text("no folder")
    place = {"AUTOSCREEN_CONFIG": str(tmp_path / "settings" / "config.toml")}
    with pytest.raises(ConfigError, match=r"config\.toml: .*"):
        remember_email("ann@example.org", place)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="places of Linux")
def test_places_follow_the_system(tmp_path):
    """As the XDG directory specification says."""
    given = {"XDG_CONFIG_HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "s")}
    assert config_file(given) == tmp_path / "autoscreen" / "config.toml"
    assert state_folder(given) == tmp_path / "s" / "autoscreen"
