"""How Sphinx builds the site of the documentation from the repository: ``make docs``."""

from __future__ import annotations

import enum
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.append(str(Path(__file__).parent))

import python_reference
import run_notebooks
from myst_parser.parsers.sphinx_ import MystParser

import autoscreen

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

project = "autoscreen"
author = "The autoscreen developers"
project_copyright = author
release = version = autoscreen.__version__
extensions = ["myst_parser", "numpydoc", "sphinx.ext.autodoc"]

# The source folder is the repository, so that links to its other pages work.
root_doc = "docs/index"
include_patterns = ["docs/**", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]
exclude_patterns = [".*", "build", "dist", "src", "tests", "benchmarks", "results", "docs/site"]
source_suffix = {".md": "markdown", ".ipynb": "notebook"}
myst_heading_anchors = 4

html_theme = "furo"
html_title = f"autoscreen {release}"
html_additional_pages = {"index": "to_docs.html"}
html_copy_source = False
html_show_sphinx = False
templates_path = ["site"]

autosummary_generate = False
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
numpydoc_show_class_members = False

CONTENTS = """

```{toctree}
:hidden:

tutorial
```

```{toctree}
:hidden:
:caption: How to
:glob:

how-to/*
```

```{toctree}
:hidden:
:caption: Notebooks
:glob:

notebooks/*
```

```{toctree}
:hidden:
:caption: Reference
:glob:

reference/*
glossary
```

```{toctree}
:hidden:
:caption: Methods
:glob:

explanation/*
```

```{toctree}
:hidden:
:caption: Project

errata
/CHANGELOG
/CONTRIBUTING
/SECURITY
```
"""


class NotebookParser(MystParser):
    """Read a notebook with its stored outputs as a page."""

    supported = ("notebook",)

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Parse the cells as Markdown."""
        super().parse(run_notebooks.as_markdown(inputstring), document)


def add_to_page(app: Sphinx, name: str, source: list[str]) -> None:
    """Add the table of contents, and let Sphinx itself document the Python names."""
    if name == root_doc:
        source[0] += CONTENTS
    elif name == "docs/reference/python":
        source[0] = "\n".join([python_reference.HEAD, *_python_names()])


def _python_names() -> Iterator[str]:
    for name in sorted(autoscreen.__all__, key=str.lower):
        value = getattr(autoscreen, name)
        if name.startswith("_"):
            continue
        yield f"## {name}\n"
        yield _directive(f"autoscreen.{name}", value)
        if inspect.isclass(value):
            for attribute, facet in python_reference.facets(value).items():
                yield f"### {name}.{attribute}\n"
                yield _directive(f"{facet.__module__}.{facet.__name__}", facet)


def _directive(name: str, value: Any) -> str:
    kind, members = "autofunction", ""
    if inspect.isclass(value):
        kind = "autoexception" if python_reference.is_error(value) else "autoclass"
        if issubclass(value, enum.Enum):
            members = "   :members:\n"
        elif kind == "autoclass":
            members = f"   :members: {', '.join(python_reference.members(value))}\n"
    return f"```{{eval-rst}}\n.. {kind}:: {name}\n{members}```\n"


def setup(app: Sphinx) -> None:
    """Connect what Sphinx calls while it reads pages."""
    app.add_source_parser(NotebookParser)
    app.connect("source-read", add_to_page)
