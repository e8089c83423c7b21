"""What a review reports: its flow of records at any date, studies, origins, and stops."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from autoscreen.errors import ConflictError, InputError
from autoscreen.review.flow import (
    EVER,
    Flow,
    FlowChange,
    compare_flows,
    derive_flow,
    stored_differs,
)
from autoscreen.review.log_replay import replay
from autoscreen.review.open_review import OpenReview
from autoscreen.review.studies import study_groups
from autoscreen.review.user_input import clean_input
from autoscreen.store import show_id
from autoscreen.store.database import stamp
from autoscreen.store.reporting import (
    NOT_ENTERED,
    ElsewhereSearch,
    ModelUse,
    OriginKind,
    ScreeningStop,
    StudyLink,
)

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class ReviewReporting:
    """The flow of records, studies and their reports, origins of imports, and stops."""

    def __init__(self, opened: OpenReview) -> None:
        self._opened = opened
        self._store = opened.store

    def flow(self, *, until: str = "", since: str = "") -> Flow:
        """Return the flow of records as PRISMA 2020 counts it, derived from the log.

        Both are a day (2026-01-31) or a moment, ISO 8601. With `since` the flow has only what was
        identified from then on, as in the update of a review.
        """
        with self._store.reading():
            log, stored = self._store.history.read(), self._store.history.stored()
        snapshot = replay(log, _end(until))
        flow = derive_flow(log, before=_end(until), since=_start(since), snapshot=snapshot)
        wrong = stored_differs(snapshot, stored) if not until else []
        return flow.also(*wrong, *self._missing(_end(until)))

    def flow_before(self, since: str) -> Flow:
        """Return the flow as it was at the beginning of a day, or at a moment."""
        return derive_flow(self._store.history.read(), before=_start(since))

    def check_dates(self, *dates: str) -> None:
        """Refuse what `flow` would refuse."""
        for one in dates:
            _start(one)

    def models(self) -> list[ModelUse]:
        """Return the rankings that records were screened in the order of, oldest first."""
        return self._store.reporting.models()

    def now(self) -> str:
        """Return the time now, ISO 8601 in UTC."""
        return self._store.time()

    def changes(self, since: str, *, until: str = "") -> tuple[FlowChange, ...]:
        """Return each record that ended in another box than at the beginning of a day."""
        log = self._store.history.read()
        before = derive_flow(log, before=_start(since))
        return compare_flows(before, derive_flow(log, before=_end(until)))

    def _missing(self, before: str) -> list[str]:
        """Return what searches before a moment found and what never came."""
        return [
            f"search {run.id} found {run.found} records, of which {run.missing} did not come"
            for run in self._store.searches.all()
            if run.missing and run.started < before
        ]

    def studies(self) -> list[tuple[str, ...]]:
        """Return the ids of the reports of each study that has several, in the order of import."""
        log = self._store.history.read()
        groups = study_groups(log, replay(log).heads)
        found: dict[int, list[int]] = {}
        for record, first in groups.items():
            found.setdefault(first, []).append(record)
        return [
            tuple(show_id(record) for record in sorted(records))
            for _, records in sorted(found.items())
            if len(records) > 1
        ]

    def study_of(self, ident: str) -> tuple[str, ...]:
        """Return the ids of all reports of a record's study, itself among them."""
        found = show_id(self._store.pool.find(ident))
        return next((study for study in self.studies() if found in study), (found,))

    def reports_of_same_study(self, ident: str) -> list[tuple[str, str]]:
        """Return the other records of the same study, with the registration number they share."""
        found = self._store.pool.reports_of_same_study(self._store.pool.find(ident))
        return [(show_id(number), registration) for number, registration in found]

    def link(
        self,
        one: str,
        other: str,
        *,
        same: bool | None = True,
        reviewer: str = "",
        note: str = "",
    ) -> tuple[str, ...]:
        """Note that two records are reports of one study, and return all reports of it.

        `same` is False if they are not, although they name the same registration number, and None
        to withdraw what was noted before.
        """
        first, second = self._store.pool.find(one), self._store.pool.find(other)
        self._store.reporting.link(first, second, same, clean_input(note), clean_input(reviewer))
        return self.study_of(one)

    def links(self) -> list[StudyLink]:
        """Return what people said of pairs of records, oldest first."""
        return self._store.reporting.links()

    def set_origin(
        self,
        import_id: int,
        kind: str,
        name: str,
        *,
        search: ElsewhereSearch | None = None,
        reviewer: str = "",
    ) -> None:
        """Note where the records of an import came from, and the search that was run there.

        The kind is ``database``, ``register``, ``website``, ``organisation``, ``citation
        searching`` or ``other``. Without a search, the one noted before is kept.
        """
        words = " ".join(clean_input(name).split())
        if not words:
            raise InputError("the origin has no name", hint="give one such as Embase")
        if kind not in tuple(OriginKind):
            known = ", ".join(OriginKind)
            raise InputError(f"{kind!r} is no kind of origin", hint=f"choose one of: {known}")
        noted = self.search_of(import_id) if search is None else search
        if noted.searched and not _DAY.fullmatch(noted.searched):
            raise InputError(f"{noted.searched!r} is no day", hint="give one such as 2026-01-31")
        _start(noted.searched)
        clean = ElsewhereSearch(
            platform=clean_input(noted.platform).strip(),
            searched=noted.searched,
            limits=clean_input(noted.limits).strip(),
            query=clean_input(noted.query).strip(),
        )
        self._store.reporting.set_origin(
            import_id, OriginKind(kind), words, clean, clean_input(reviewer)
        )

    def search_of(self, import_id: int) -> ElsewhereSearch:
        """Return what was noted of the search that an import came from."""
        origins = self._store.history.read().origins
        noted = [one.search for one in origins if one.import_id == import_id]
        return noted[-1] if noted else NOT_ENTERED

    def stop_screening(
        self, *, automation: bool = True, reviewer: str = "", note: str = ""
    ) -> ScreeningStop:
        """Note that title and abstract of the records without a label will not be screened.

        Records that are imported later are not among them. `automation` is whether that follows the
        ranking and its stopping advice. Raises ConflictError if there is nothing new to leave out.
        """
        last = self.stopped
        if last is not None and not self._store.pool.has_source_after(last.source):
            raise ConflictError(f"screening was stopped already, at {last.at}", hint="resume it")
        return self._store.reporting.stop(
            stopped=True,
            automation=automation,
            note=clean_input(note),
            reviewer=clean_input(reviewer),
        )

    def resume_screening(self, *, reviewer: str = "", note: str = "") -> ScreeningStop:
        """Note that the records that were left out will be screened after all."""
        last = self.stopped
        if last is None:
            raise ConflictError("screening is not stopped", hint="go on with: autoscreen screen")
        return self._store.reporting.stop(
            stopped=False,
            automation=last.automation,
            note=clean_input(note),
            reviewer=clean_input(reviewer),
        )

    @property
    def stopped(self) -> ScreeningStop | None:
        """The stop of screening in force; None if there is none."""
        stops = self._store.reporting.stops()
        return stops[-1] if stops and stops[-1].stopped else None

    def stops(self) -> Sequence[ScreeningStop]:
        """Return all stops and resumptions of screening, oldest first."""
        return self._store.reporting.stops()


def _start(text: str) -> str:
    """Return the beginning of a day, or a moment, as times are stored; empty for no limit."""
    return stamp(_moment(text)) if text else ""


def _end(text: str) -> str:
    """Return the moment after a day or after a moment."""
    if not text:
        return EVER
    whole = timedelta(days=1) if _DAY.fullmatch(text) else timedelta(milliseconds=1)
    return stamp(_moment(text) + whole)


def _moment(text: str) -> datetime:
    try:
        found = (
            datetime.combine(date.fromisoformat(text), datetime.min.time())
            if _DAY.fullmatch(text)
            else datetime.fromisoformat(text)
        )
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except ValueError:
        raise InputError(f"{text!r} is no date", hint="give a day such as 2026-01-31") from None
