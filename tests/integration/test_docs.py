"""The pages say what the program does."""

from __future__ import annotations

import importlib.util
import re
import shlex
from importlib import import_module
from pathlib import Path
from types import ModuleType

import click
import pytest

from autoscreen import errors
from autoscreen.cli.common.verb import Verb, VerbGroup
from autoscreen.cli.main_command import app
from autoscreen.formats import read, write
from autoscreen.records import Record
from autoscreen.resources import resource

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")


@pytest.fixture(params=["cli_reference", "python_reference"])
def reference(request: pytest.FixtureRequest) -> ModuleType:
    """Load a writer of a page."""
    path = ROOT / "docs" / f"{request.param}.py"
    spec = importlib.util.spec_from_file_location(request.param, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def named_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with the folder and files that examples name and that have to exist."""
    monkeypatch.chdir(tmp_path)
    Path("reviews").mkdir()
    for name in ("server.pem", "server.key", "embase.txt"):
        Path(name).touch()


def _verbs() -> dict[str, click.Command]:
    context = click.Context(app)
    found: dict[str, click.Command] = {}
    for name in app.list_commands(context):
        command = app.get_command(context, name)
        assert command is not None
        found[name] = command
        if isinstance(command, VerbGroup):
            found |= {f"{name} {child}": one for child, one in command.commands.items()}
    return found


def _blocks(page: Path, language: str) -> list[str]:
    return [body for kind, body in FENCE.findall(page.read_text("utf-8")) if kind == language]


def _anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def _parse(line: str) -> None:
    """Parse a documented command line without running it; click complains if it is wrong."""
    line = re.split(r"\s[|<>]\s?", line.partition(" #")[0])[0]
    words = shlex.split(line)[1:]
    command: click.Command = app
    context = click.Context(app, info_name="autoscreen")
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name, found, words = command.resolve_command(context, words)
        assert found is not None
        command, context = found, click.Context(found, info_name=name, parent=context)
    if "--help" not in words and "--version" not in words and not isinstance(command, click.Group):
        command.make_context(command.name, list(words))


def test_a_written_page_is_fresh(reference: ModuleType) -> None:
    """After a change of a verb's help or a docstring, run `make docs-reference`."""
    assert reference.PAGE.read_text("utf-8") == reference.page()


@pytest.mark.usefixtures("named_files")
@pytest.mark.parametrize("name", list(_verbs()))
def test_every_verb_has_help_with_examples_that_parse(name: str) -> None:
    """A verb says what it does in one line, and shows how."""
    command = _verbs()[name]
    assert command.help
    assert len(command.get_short_help_str(limit=200)) < 90
    assert all(option.help for option in command.params if isinstance(option, click.Option))
    if isinstance(command, VerbGroup):
        return
    assert isinstance(command, Verb)
    assert command.examples
    for example in command.examples:
        call = example[example.index("autoscreen ") :]
        assert call.startswith(f"autoscreen {name}")
        _parse(call)


@pytest.mark.usefixtures("named_files")
@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_documented_commands_parse(page: Path) -> None:
    """Every `autoscreen` line in a shell block is one that autoscreen understands."""
    for block in _blocks(page, "sh"):
        for line in block.splitlines():
            if line.startswith("autoscreen "):
                _parse(line)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_documented_make_targets_exist(page: Path) -> None:
    """Every `make` line in a shell block names a target."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for block in _blocks(page, "sh"):
        assert set(re.findall(r"^make ([a-z-]+)", block, re.MULTILINE)) <= targets


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_documented_python_compiles(page: Path) -> None:
    """Every Python block is Python."""
    for block in _blocks(page, "python"):
        compile(block, str(page), "exec")


def test_the_python_of_the_how_to_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each block does what it says, one after the other, on the demo's records."""
    monkeypatch.chdir(tmp_path)
    demo = resource("data", "demo", "demo.nbib")
    Path("pubmed.nbib").write_bytes(demo.read_bytes())
    write((one for one in read(demo) if isinstance(one, Record)), "embase.ris")
    rows = (f"{'' if row % 4 else 'magnetic '}study {row},{int(not row % 4)}" for row in range(20))
    Path("past_review.csv").write_text("\n".join(("title,label_included", *rows)), "utf-8")
    for block in _blocks(ROOT / "docs" / "how-to" / "use-from-python.md", "python"):
        if "nlp.add_pipe" in block:
            import_module("autoscreen.text.concepts")  # where it is not installed
        exec(compile(block, "use-from-python.md", "exec"), {})


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_inside_the_pages_lead_somewhere(page: Path) -> None:
    """A link to another page or a heading of it is not dead."""
    prose = FENCE.sub("", page.read_text("utf-8"))
    for target in LINK.findall(prose):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        assert not anchor or anchor in _anchors(there), target


@pytest.mark.parametrize("name", errors.__all__)
def test_every_error_is_documented(name: str) -> None:
    """The page of errors says what each means and what to do."""
    page = (ROOT / "docs" / "reference" / "errors.md").read_text("utf-8")
    assert f"`{name}`" in page


def test_every_page_can_be_reached_from_the_index() -> None:
    """No page stands alone."""
    reached = set()
    waiting = [ROOT / "docs" / "index.md", ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        for target in LINK.findall(FENCE.sub("", page.read_text("utf-8"))):
            there = (page.parent / target.partition("#")[0]).resolve()
            if there.suffix == ".md" and there.exists():
                waiting.append(there)
    assert set(PAGES) <= reached


def test_the_first_screen_of_the_readme_is_the_two_commands() -> None:
    """A newcomer sees `make demo` and `make test` at once."""
    first = "\n".join((ROOT / "README.md").read_text("utf-8").splitlines()[:24])
    assert "make demo" in first
    assert "make test" in first


def test_commands_in_messages_have_the_options_they_name() -> None:
    """What an error or a page advises to run can be run."""
    source, verbs = Path(errors.__file__).parent, _verbs()
    advice = re.compile(r"\bautoscreen ([a-z-]+(?: [a-z-]+)?)([^\n`\"'<;|#(]*)")
    wrong = []
    for path in [*source.rglob("*.py"), *source.rglob("*.html")]:
        text = re.sub(r'"\s*\n\s*f?"', "", path.read_text("utf-8"))
        for words, rest in advice.findall(text):
            command = verbs.get(words) or verbs.get(words.split()[0])
            if command is not None:
                known = {flag for one in command.params for flag in one.opts + one.secondary_opts}
                named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", rest))
                wrong += [f"{path.name}: {words}{rest}"] if named - known - {"--help"} else []
    assert wrong == []
