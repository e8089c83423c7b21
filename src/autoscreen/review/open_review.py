"""What the parts of an open review share: its file, its protocol and its order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from autoscreen.errors import ConfigError, InputError
from autoscreen.progress_callback import Progress
from autoscreen.protocol import Protocol, load_protocol, parse_protocol, protocol_toml
from autoscreen.records import Label, Stage, Verdict
from autoscreen.review.user_input import clean_input, parse_label, parse_reason
from autoscreen.store import Store, show_id
from autoscreen.store.effective_label import NOBODY
from autoscreen.store.stored_values import Decision, RankPosition

if TYPE_CHECKING:
    from autoscreen.review.auditing import Auditing
    from autoscreen.review.priority_screening import PriorityScreening
    from autoscreen.review.rank_index import RankIndex

FULL_TEXT_MODEL = "full-text/1"
"""Name of the learned order of full texts in decisions; a new number means another order."""


class OpenReview:
    """The file, protocol and order of one open review, for one thread."""

    def __init__(self, store: Store, progress: Progress | None = None) -> None:
        self.store = store
        self.progress = progress
        self.opened_ranker: PriorityScreening | None = None
        self._protocol: tuple[int, Protocol] | None = None
        self._auditing: Auditing | None = None

    @property
    def protocol(self) -> Protocol:
        """The current protocol."""
        # Another thread or process may have applied another one.
        version = self.store.protocol_version()
        if self._protocol is None or self._protocol[0] != version:
            text, origin = self.store.protocol()
            self._protocol = version, parse_protocol(text, origin=origin)
        return self._protocol[1]

    def set_protocol(
        self, protocol: str | Path | Protocol, *, reviewer: str = "", note: str = ""
    ) -> None:
        """Apply another protocol; the ranking is calculated anew."""
        chosen, origin = read_protocol(protocol)
        self.store.set_protocol(
            protocol_toml(chosen),
            origin,
            reviewer=clean_input(reviewer),
            note=clean_input(note),
        )
        self.close_ranker()

    @property
    def ranker(self) -> PriorityScreening:
        """The order; it loads numpy, which a reviewer who only labels need not wait for."""
        if self.opened_ranker is None:
            from autoscreen.review.priority_screening import PriorityScreening  # noqa: PLC0415

            self.opened_ranker = PriorityScreening(
                self.store,
                protocol=self.protocol,
                auditing=self.auditing,
                progress=self.progress,
            )
        return self.opened_ranker

    @property
    def auditing(self) -> Auditing:
        """The audits; they load numpy too."""
        if self._auditing is None:
            from autoscreen.review.auditing import Auditing  # noqa: PLC0415

            self._auditing = Auditing(self.store)
        return self._auditing

    def close_ranker(self) -> None:
        """Keep the newest order in the file, and forget what it was made from."""
        ranker, self.opened_ranker = self.opened_ranker, None
        if ranker is not None:
            ranker.close()

    def places(self) -> RankIndex:
        """Return the places of all records in the newest order; empty if there is none yet."""
        from autoscreen.review.rank_index import RankIndex  # noqa: PLC0415  (it loads numpy)

        ranker = self.opened_ranker
        return RankIndex.stored(self.store) if ranker is None else ranker.places()

    def place_of(self, number: int) -> RankPosition:
        """Return the place of a record in the newest order; without a rank if it is not in it."""
        return (self.opened_ranker or self.store.rankings).place_of(number)

    def verdict(
        self,
        label: str,
        *,
        reviewer: str,
        reason: str,
        note: str,
        stage: Stage = Stage.TITLE_ABSTRACT,
    ) -> Verdict:
        """Return what a reviewer typed as a verdict; label and reason are checked."""
        chosen = parse_label(label, stage)
        code = parse_reason(clean_input(reason), chosen, self.protocol.reasons if reason else ())
        if stage is Stage.FULL_TEXT and chosen is Label.EXCLUDE and not code:
            raise InputError(
                "the exclusion of a full text needs a reason",
                hint="choose the first reason of the protocol that applies",
            )
        return Verdict(
            label=chosen,
            reason=code,
            note=clean_input(note),
            reviewer=clean_input(reviewer),
            stage=stage,
        )

    @property
    def reason_texts(self) -> dict[str, str]:
        """The reasons of the protocol in words, by their codes."""
        return {one.code: one.text for one in self.protocol.reasons}

    def require_full_text(self, number: int) -> None:
        """Refuse a record that title and abstract did not include."""
        if not self.store.pool.is_included(number):
            raise InputError(
                f"{show_id(number)} is not included by title and abstract",
                hint="include it there first",
            )

    def each_decision(self) -> dict[str, list[Decision]]:
        """Return what each reviewer said of each record in double screening, by its id."""
        found = self.store.screening.each_decision()
        return {show_id(number): decisions for number, decisions in found.items()}

    def each_full_text(self) -> dict[str, Decision]:
        """Return the decision in force about each full text that has one, by the record's id."""
        found = self.store.full_text_decisions.in_force()
        return {show_id(number): decision for number, decision in found.items()}

    def each_tag(self, viewer: str | None = None) -> dict[str, list[str]]:
        """Return the tags that may be seen of each record that has any, by its id."""
        return {show_id(number): tags for number, tags in self.store.tags.visible(viewer).items()}

    def tags_of(self, number: int, viewer: str | None, *, hidden: bool) -> list[str]:
        """
        Return the tags of a record.

        While it waits for a second reviewer, these are the viewer's own and those of files.
        """
        seen_by = NOBODY if viewer is None else viewer
        return self.store.tags.of(number, by=seen_by if hidden else None)


def read_protocol(protocol: str | Path | Protocol) -> tuple[Protocol, str]:
    """Return a protocol given by name, path or value, and where it came from."""
    if isinstance(protocol, Protocol):
        return protocol, protocol.name
    return load_protocol(protocol), str(protocol)


def first_protocol(
    protocol: str | Path | Protocol | None, title: str | None
) -> tuple[Protocol, str]:
    """Return the protocol of a new review, made of its title if there is no other."""
    if protocol and title:
        raise ConfigError("a review has a protocol or a title", hint="give only one of them")
    about = protocol or (title and Protocol.from_title(title))
    if not about:
        raise ConfigError(
            "a new review needs a protocol or a title",
            hint="add title='Title of the review', or protocol= with a name or a TOML file",
        )
    return read_protocol(about)
