"""The group of verbs, in the order of the work; a verb's module loads when it is needed."""

from __future__ import annotations

import keyword
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from autoscreen._version import __version__
from autoscreen.cli.common.exit_codes import exit_code_of, leave_quietly
from autoscreen.cli.common.terminal import safe_streams
from autoscreen.cli.common.verb import VerbGroup

SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Open in the browser", ("app", "serve", "screen")),
    ("Start a review", ("init", "protocol", "demo")),
    (
        "Import records",
        (
            "search",
            "citations",
            "searches",
            "import",
            "imports",
            "prior",
            "merges",
            "unmerge",
            "duplicates",
        ),
    ),
    ("Screen", ("next", "screen-terminal", "label", "undo", "tag", "tags", "stop")),
    ("Work as a team", ("team", "assign", "comment")),
    (
        "See progress and ranking",
        (
            *("records", "rank", "embed", "show", "explain", "second-look", "status"),
            *("target", "audit"),
        ),
    ),
    ("Full texts and report", ("attach", "extract", "report", "origin", "study", "export")),
    ("Watch the literature", ("train", "score", "medline", "watch")),
    ("Measure", ("simulate",)),
    ("Check the installation", ("doctor",)),
)
"""The verbs in the order of ``--help``."""


class AllVerbs(VerbGroup):
    """Finds each verb in the module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all verbs in the order of the work."""
        return [verb for _, verbs in SECTIONS for verb in verbs]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one verb; None if there is no such verb."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = cmd_name.replace("-", "_")
        module += "_" * keyword.iskeyword(module)
        command = import_module(f"autoscreen.cli.{module}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs by section."""
        width = max(map(len, self.list_commands(ctx)))
        for title, verbs in SECTIONS:
            with formatter.section(title):
                formatter.write_dl(
                    [(verb.ljust(width), self._short_help(ctx, verb)) for verb in verbs]
                )

    def _short_help(self, ctx: click.Context, verb: str) -> str:
        command = self.get_command(ctx, verb)
        assert command is not None
        return command.get_short_help_str(limit=100)

    def invoke(self, ctx: click.Context) -> None:
        """Run the verb; a reader that closes the pipe early is no error."""
        try:
            super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            leave_quietly()


@click.group(
    cls=AllVerbs,
    subcommand_metavar="COMMAND [ARGUMENTS]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="A first look: autoscreen demo.  Help on a command: autoscreen COMMAND --help.",
)
@click.version_option(__version__, "-V", "--version", message="autoscreen %(version)s")
def app() -> None:
    """Rank Medline abstracts for a systematic review; every decision improves the ranking.

    REVIEW is the name or the path of a review file: 'rms' means ./rms.autoscreen.
    """


def run(args: Sequence[str] | None = None) -> int:
    """Exit code of one command line."""
    with safe_streams():
        try:
            code = app.main(
                None if args is None else list(args), prog_name="autoscreen", standalone_mode=False
            )
        except (Exception, SystemExit) as error:
            return exit_code_of(error)
        return code if isinstance(code, int) else 0


def main() -> None:
    """Run the command line of this process and leave with its exit code."""
    sys.exit(run())
