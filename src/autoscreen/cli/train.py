"""``autoscreen train``: a model with its card from the labels of a review."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.progress import note, progress
from autoscreen.cli.common.record_files import read_files
from autoscreen.cli.common.verb import open_review, verb
from autoscreen.errors import InputError
from autoscreen.presentation.prior_words import TRAINED_FROM, prior_unused
from autoscreen.presentation.wording import counted

if TYPE_CHECKING:
    from autoscreen.protocol import Protocol
    from autoscreen.records import Record
    from autoscreen.training.label_files import JoinedLabels, LabelRow
    from autoscreen.training.model_training import LabelledRecord

NAMED = 10


@verb(
    "train",
    "autoscreen train rms --out models/my-rms",
    "autoscreen train --protocol rms-pnp --labels labels.csv --records pool.nbib --out my-rms",
    "autoscreen train --protocol mine.toml --labels labels.csv --fetch --records pool.ris --out m",
)
@click.argument("review", metavar="[REVIEW]", required=False)
@click.option(
    "--out", required=True, metavar="PATH", help="Write PATH.json, PATH.npz and the card PATH.md."
)
@click.option("--protocol", metavar="PROTOCOL", help="A built-in protocol or a TOML file.")
@click.option(
    "--labels",
    metavar="FILE",
    help="CSV with label and pmid, doi, title or title_sha256; and optionally reason and year.",
)
@click.option(
    "--records",
    "files",
    multiple=True,
    metavar="FILE",
    help="An export with the texts; may be repeated. Its unlabelled records are background.",
)
@click.option(
    "--fetch", is_flag=True, help="Fetch from PubMed the labelled records that are in no file."
)
@click.option(
    "--sensitivity",
    type=click.FloatRange(min=0, max=1, min_open=True),
    default=0.95,
    show_default=True,
    help="Share of the relevant records that should be alerted.",
)
@click.option("--overwrite", is_flag=True, help="Replace the model if it already exists.")
def command(review: str | None, *, out: str, overwrite: bool, **given: Any) -> None:
    """Train a model that scores new records, and write its card.

    From the labels of a review, or from a file of labels by identifier and export files with the
    texts. Excluded records count as not relevant; records without a label count
    as probably not relevant, with less weight. The alert threshold is chosen on scores of held-out
    records.

    Labels without a text cannot be used: they are listed on standard error. --fetch sends
    their PMIDs to NCBI and nothing else.
    """
    place = Path(out if out.endswith(".json") else f"{out}.json")
    if place.exists() and not overwrite:
        raise InputError("already exists", path=str(place), hint="another --out, or --overwrite")
    if (review is None) == (given["labels"] is None):
        raise click.UsageError("give a REVIEW, or --protocol, --labels and --records")
    from autoscreen.ranking import alert_text, save_model
    from autoscreen.training.model_training import train_model

    with progress(unit="") as tick:
        examples, protocol, source = _examples(review, given, tick)
        model = train_model(
            examples,
            protocol,
            name=place.stem,
            sensitivity=given["sensitivity"],
            card={"labels from": source},
            progress=tick,
        )
    save_model(model, place)
    for line in alert_text(model.alert):
        click.echo(line)
    click.echo(f"written: {place}, its words (.npz), and the card {place.with_suffix('.md')}")
    click.echo(f"next: autoscreen score {place} FILE", err=True)


def _examples(
    review: str | None, given: dict[str, Any], tick: Any
) -> tuple[Sequence[LabelledRecord], Protocol, str]:
    from autoscreen.protocol import load_protocol
    from autoscreen.training.model_training import LabelledRecord

    if review is not None:
        if given["protocol"] or given["files"] or given["fetch"]:
            raise click.UsageError("a REVIEW has its own protocol and records")
        with open_review(review, tick) as opened:
            found = [LabelledRecord(record=one.record, label=one.label) for one in opened.records()]
            if ignored := prior_unused(opened.prior_knowledge.all(), TRAINED_FROM):
                note(f"note: {ignored}")
            return found, opened.protocol, "the decisions of a review file"
    if not given["protocol"] or not (given["files"] or given["fetch"]):
        raise click.UsageError("--labels needs --protocol, and --records or --fetch")
    joined = _joined(given, tick)
    return joined.examples, load_protocol(given["protocol"]), Path(given["labels"]).name


def _joined(given: dict[str, Any], tick: Any) -> JoinedLabels:
    from autoscreen.training.label_files import join_labels, read_labels

    labels = read_labels(given["labels"])
    found = read_files(given["files"], None, tick)
    if found.failed:
        raise InputError("a file of records could not be read", hint="correct it, or leave it out")
    joined = join_labels(
        labels, (one.record for one in found.records), fetch=_fetch if given["fetch"] else None
    )
    if joined.copies:
        copies = counted(joined.copies, "further copy", "further copies")
        note(f"note: {copies} of labelled records left out")
    _show_missing(joined.missing, len(labels), fetched=given["fetch"])
    return joined


def _fetch(pmids: Sequence[str]) -> Iterable[Record]:
    from autoscreen.pubmed import Eutils

    note(f"fetching {counted(len(pmids), 'record')} from PubMed")
    return Eutils(say=note).records(pmids)


def _show_missing(missing: Sequence[LabelRow], of: int, *, fetched: bool) -> None:
    if not missing:
        return
    kinds = {label: sum(one.label is label for one in missing) for label in type(missing[0].label)}
    counts = ", ".join(f"{number} {label}" for label, number in kinds.items() if number)
    hint = "" if fetched else "; --fetch gets those with a PMID"
    note(f"warning: {len(missing)} of {of} labels have no text ({counts}){hint}")
    first = sorted(missing, key=lambda one: one.label != "include")[:NAMED]
    more = f" and {len(missing) - len(first)} more" if len(missing) > len(first) else ""
    note(f"warning: without text: {', '.join(map(str, first))}{more}")
