"""What all verbs share: a command with examples, and the options that come up again."""

from __future__ import annotations

import difflib
import getpass
import shlex
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from autoscreen.cli.common.progress import Ticker
from autoscreen.errors import InputError
from autoscreen.records import Stage

if TYPE_CHECKING:
    from autoscreen.progress_callback import Progress
    from autoscreen.review import Review

F = TypeVar("F", bound=Callable[..., Any])


class Verb(click.Command):
    """A command whose help ends with examples."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, one a line and never wrapped."""
        super().format_epilog(ctx, formatter)
        if self.examples:
            with formatter.section("Examples"):
                for example in self.examples:
                    formatter.write(f"{'':>{formatter.current_indent}}{example}\n")


class VerbGroup(click.Group):
    """A group that suggests a verb when there is none of that name; alone it shows its help."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Show the help if nothing else is asked for."""
        if not args:
            click.echo(ctx.get_help())
            ctx.exit()
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb that was typed."""
        verbs = self.list_commands(ctx)
        if args and args[0] not in verbs and not args[0].startswith("-"):
            begun = [name for name in verbs if name.startswith(args[0])]
            near = begun or difflib.get_close_matches(args[0], verbs, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"the commands are {', '.join(verbs)}"
            raise click.UsageError(f"there is no command {args[0]!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order in which they were added."""
        return list(self.commands)


def verb(name: str, *examples: str) -> Callable[[Callable[..., Any]], Verb]:
    """Make a function the verb of this name, with examples at the end of its help."""
    return click.command(name, cls=Verb, examples=examples)


def review_argument(function: F) -> F:
    """Add the REVIEW argument."""
    return click.argument("review", metavar="REVIEW")(function)


def record_argument(function: F) -> F:
    """Add the RECORD argument: an id of the review (r17), a PMID or a DOI."""
    return click.argument("record", metavar="RECORD")(function)


def format_option(function: F) -> F:
    """Add ``--format table|json|csv`` as the parameter `how`."""
    return click.option(
        "--format",
        "how",
        type=click.Choice(["table", "json", "csv"]),
        default="table",
        show_default=True,
        help="A table to read, or JSON or CSV to work with.",
    )(function)


def reviewer_option(function: F) -> F:
    """Add ``--reviewer``, by default AUTOSCREEN_REVIEWER or the name of the account."""
    return click.option(
        "--reviewer",
        envvar="AUTOSCREEN_REVIEWER",
        default=_account,
        metavar="NAME",
        help="Who decides. [default: AUTOSCREEN_REVIEWER, or the name of your account]",
    )(function)


def stage_option(function: F) -> F:
    """Add ``--stage title-abstract|full-text``."""
    return click.option(
        "--stage",
        type=click.Choice([str(stage) for stage in Stage]),
        default=str(Stage.TITLE_ABSTRACT),
        show_default=True,
        help="Title and abstract, or the full texts of the records included there.",
    )(function)


def search_limits(function: F) -> F:
    """Add ``--max`` as the parameter `most`, and ``--anew``."""
    anew = click.option(
        "--anew", is_flag=True, help="Start over instead of resuming an interrupted search."
    )
    return click.option(
        "--max",
        "most",
        type=click.IntRange(min=1),
        default=50_000,
        show_default=True,
        metavar="N",
        help="Stop if more records than this are found.",
    )(anew(function))


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name, as in some containers
        return ""


def how_to_import(review: str) -> str:
    """Return the command that imports records into a review."""
    return f"import some with: autoscreen import {shlex.quote(review)} FILE..."


def empty_words(opened: Review, review: str, otherwise: str) -> str:
    """Return why nothing is listed: there are no records yet, or `otherwise`."""
    if opened.progress().records:
        return otherwise
    return f"no records yet; {how_to_import(review)}"


def refuse_empty(opened: Review, review: str) -> None:
    """Refuse to continue with a review without records."""
    if not opened.progress().records:
        raise InputError("no records yet", path=review, hint=how_to_import(review))


def open_review(path: str, tick: Progress | None = None) -> Review:
    """Open a review by its name or path, for a ``with`` block; `tick` receives its progress."""
    from autoscreen.review import Review

    if tick is not None:
        tick("opening the review", 0)
    opened = Review.open(path, progress=tick)
    if isinstance(tick, Ticker):
        tick.expect_order(opened.progress().records)
    return opened
