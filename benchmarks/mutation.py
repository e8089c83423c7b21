"""
Which changes of the core rules no test notices.

Makes one small change at a time in a copy of the sources (a comparison, a constant, a condition, a
sign), runs the tests of that module in a process of its own, and prints the changes that survive.
A survivor is a missing test, or a change that makes no difference. Same seed, same changes.
Only functions are changed: the figures above them are measured by the other benchmarks.

    python benchmarks/mutation.py --minutes 10 dedup/_rules.py

Needs fork, so not Windows.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
ACTIVE = tuple(
    f"unit/test_{name}.py" for name in ("active", "stopping", "reliability", "active_replay")
)
DEDUP = tuple(
    f"unit/test_{name}.py"
    for name in (
        *(f"dedup_{part}" for part in ("compare", "find", "clusters", "combine", "cases")),
        "possible_duplicates",
    )
)
LABELS = tuple(f"unit/test_store_{name}.py" for name in ("decisions", "screening", "merges"))
TESTS = {
    **{f"active/{path.name}": ACTIVE for path in (ROOT / "src/autoscreen/active").glob("_[a-z]*")},
    "dedup/_compare.py": DEDUP,
    "dedup/_rules.py": DEDUP,
    "store/decisions.py": LABELS,
    "store/effective_label.py": LABELS,
}
# Loaded once, before the forks; nothing of autoscreen is among them.
HEAVY = ("numpy", "scipy.stats", "scipy.optimize", "sklearn.linear_model", "sklearn.svm", "spacy")
HEAVY += ("pandas", "lxml.etree", "rapidfuzz", "pytest", "hypothesis", "sqlite3")
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
}


class Mutant(NamedTuple):
    """One change of one module."""

    module: str
    line: int
    before: str
    after: str
    source: str


def mutants(module: str, source: str) -> Iterator[Mutant]:
    """Yield every change of the functions of a module."""
    for place, node in enumerate(_nodes(ast.parse(source))):
        for way in range(_ways(node)):
            tree = ast.parse(source)
            changed = _nodes(tree)[place]
            before = ast.unparse(changed)
            _change(changed, way)
            after = ast.unparse(changed).removeprefix("not not ")
            line: int = getattr(node, "lineno", 0)
            yield Mutant(module, line, _short(before), _short(after), ast.unparse(tree))


def _nodes(tree: ast.Module) -> list[ast.AST]:
    functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
    inner = {id(node) for one in functions for node in ast.walk(one) if node is not one}
    return [node for one in functions if id(one) not in inner for node in ast.walk(one)]


def _ways(node: ast.AST) -> int:
    """Return in how many ways a node can be changed."""
    match node:
        case ast.Compare(ops=ops):
            return sum(type(op) in SWAPS for op in ops)
        case ast.Constant(value=int() | float() as number):
            return 0 if isinstance(number, bool) else 2
        case ast.BinOp(op=op) | ast.BoolOp(op=op):
            return int(type(op) in SWAPS)
        case ast.UnaryOp(op=op):
            return int(isinstance(op, ast.Not))
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            return int(not isinstance(test, ast.Compare | ast.UnaryOp | ast.BoolOp))
    return 0


def _change(node: ast.AST, way: int) -> None:
    match node:
        case ast.Compare():
            node.ops[way] = SWAPS[type(node.ops[way])]()  # type: ignore[call-overload]
        case ast.Constant(value=int() | float() as number):
            node.value = number + (1, -1)[way]
        case ast.BinOp() | ast.BoolOp():
            node.op = SWAPS[type(node.op)]()  # type: ignore[assignment]
        case ast.UnaryOp():
            node.op = ast.Not()
            node.operand = ast.UnaryOp(ast.Not(), node.operand)
        case ast.If() | ast.IfExp() | ast.While():
            node.test = ast.UnaryOp(ast.Not(), node.test)


def _short(code: str) -> str:
    return " ".join(code.splitlines()[0].split())[:90]


def tested(folder: Path, module: str, seconds: float) -> bool:
    """Return whether the tests of a module pass in a folder; a test that hangs has failed."""
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        os.chdir(folder)
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        sys.path[:0] = [str(folder / "src"), str(folder / "tests")]
        import pytest

        options = ["-x", "-q", "--assert=plain", "-p", "no:randomly", "-p", "no:cacheprovider"]
        tests = [f"tests/{one}" for one in TESTS[module]]
        os._exit(int(pytest.main([*options, *tests])))
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status == 0
        time.sleep(0.02)
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return False


def run(modules: list[str], minutes: float, seed: int) -> None:
    """Test changes in random order until the time is up, and print the survivors."""
    for name in HEAVY:
        importlib.import_module(name)
    sys.dont_write_bytecode = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        skip = shutil.ignore_patterns("__pycache__", "_data", "_models")
        for part in ("src", "tests"):
            shutil.copytree(ROOT / part, folder / part, ignore=skip)
        for part in ("data", "models"):
            (folder / part).symlink_to(ROOT / part)
        shutil.copy(ROOT / "pyproject.toml", folder)
        _run(folder, modules, minutes * 60, seed)


def _run(folder: Path, modules: list[str], seconds: float, seed: int) -> None:
    limits: dict[tuple[str, ...], float] = {}
    found: list[Mutant] = []
    for module in modules:
        began = time.monotonic()
        if TESTS[module] not in limits:
            if not tested(folder, module, 600):
                sys.exit(f"{module}: its tests fail without a change")
            limits[TESTS[module]] = 10 + 4 * (time.monotonic() - began)
        found += mutants(module, (ROOT / "src/autoscreen" / module).read_text("utf-8"))
    random.Random(seed).shuffle(found)
    killed: Counter[str] = Counter()
    survived: Counter[str] = Counter()
    until = time.monotonic() + seconds
    for mutant in found:
        if time.monotonic() > until:
            break
        path = folder / "src/autoscreen" / mutant.module
        original = path.read_text("utf-8")
        path.write_text(mutant.source, "utf-8")
        passed = tested(folder, mutant.module, limits[TESTS[mutant.module]])
        path.write_text(original, "utf-8")
        (survived if passed else killed)[mutant.module] += 1
        if passed:
            print(f"{mutant.module}:{mutant.line}: {mutant.before}  ->  {mutant.after}", flush=True)
    print(f"\n{len(found)} changes possible, {killed.total() + survived.total()} tried")
    for module in modules:
        print(f"{module}: {killed[module]} killed, {survived[module]} survived")
    print(f"together: {killed.total()} killed, {survived.total()} survived")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("modules", nargs="*", default=sorted(TESTS), metavar="MODULE")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    run(given.modules, given.minutes, given.seed)


if __name__ == "__main__":
    main()
