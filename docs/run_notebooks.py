"""Runs the code of docs/notebooks and stores what it prints: ``python docs/run_notebooks.py``."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from types import CodeType
from typing import Any

NOTEBOOKS = Path(__file__).parent / "notebooks"


def run(path: Path) -> dict[str, Any]:
    """Return the notebook with the output of each code cell, run in its folder."""
    notebook: dict[str, Any] = json.loads(path.read_text("utf-8"))
    names: dict[str, Any] = {}
    with contextlib.chdir(path.parent):
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                code = compile("".join(cell["source"]), f"{path.name}:{cell['id']}", "exec")
                cell["outputs"] = _output(code, names)
    return notebook


def _output(code: CodeType, names: dict[str, Any]) -> list[dict[str, Any]]:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, names)
    text = printed.getvalue().splitlines(keepends=True)
    return [{"name": "stdout", "output_type": "stream", "text": text}] if text else []


def as_markdown(notebook: str) -> str:
    """Return the cells of a notebook with their stored outputs as one page."""
    parts = []
    for cell in json.loads(notebook)["cells"]:
        source = "".join(cell["source"])
        parts.append(source if cell["cell_type"] == "markdown" else f"```python\n{source}\n```")
        parts += [f"```text\n{''.join(one['text'])}```" for one in cell.get("outputs", ())]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    for found in sorted(NOTEBOOKS.glob("*.ipynb")):
        content = json.dumps(run(found), indent=1, ensure_ascii=False)
        found.write_text(content + "\n", encoding="utf-8", newline="\n")
