"""Writes docs/reference/cli.md from the commands themselves: ``make docs-reference``.

A test fails while the page differs from what this would write.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from autoscreen.cli.common.verb import Verb
from autoscreen.cli.main_command import SECTIONS, app

PAGE = Path(__file__).parent / "reference" / "cli.md"
HEAD = """\
# The command line

This page is written by `make docs-reference` from what `--help` shows; do not edit it.

Results go to standard output, messages and progress to standard error.
`REVIEW` is the name or path of a review file: `rms` means `./rms.autoscreen`.
`RECORD` is an id in the review (`r17`), a PMID or a DOI.
`-` means standard input or output wherever a file is expected.
[Formats](formats.md) lists the fields of `--format json` and `--format csv`.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | an error in the input or in the review; one line says what to do |
| 2 | an error in the command itself, such as an unknown option |
| 70 | a bug in autoscreen; the message names a file with the traceback |
| 130 | stopped with Ctrl-C; every decision so far is saved |

| variable | meaning |
|---|---|
| `AUTOSCREEN_REVIEWER` | the reviewer, unless `--reviewer` is given |
| `NO_COLOR` | no colours; letters mark the highlights instead |
"""


def page() -> str:
    """Return the whole page."""
    context = click.Context(app, info_name="autoscreen")
    parts = [HEAD]
    for title, verbs in SECTIONS:
        parts.append(f"## {title}\n")
        for name in verbs:
            command = app.get_command(context, name)
            assert command is not None
            parts += _verb(command, context, name)
    return "\n".join(parts)


def _verb(command: click.Command, parent: click.Context, name: str) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent)
    yield f"### {context.command_path}\n"
    yield f"```\n{command.get_usage(context).removeprefix('Usage: ')}\n```\n"
    yield f"{inspect.cleandoc(command.help or '')}\n"
    if options := [p for p in command.params if isinstance(p, click.Option)]:
        yield "| option | meaning |\n|---|---|"
        yield "\n".join(map(_option, options)) + "\n"
    if isinstance(command, Verb) and command.examples:
        yield "```sh\n{}\n```\n".format("\n".join(command.examples))
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            assert found is not None
            yield from _verb(found, context, child)


def _option(option: click.Option) -> str:
    names = ", ".join([*option.opts, *option.secondary_opts])
    if not option.is_flag:
        choices = option.type.choices if isinstance(option.type, click.Choice) else ()
        names += f" {'|'.join(map(str, choices)) or option.metavar or option.type.name.upper()}"
    default = ""
    if option.show_default and not isinstance(option.default, bool):
        default = f" Default: `{option.default}`."
    escaped = names.replace("|", "\\|")
    return f"| `{escaped}` | {option.help}{default} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
