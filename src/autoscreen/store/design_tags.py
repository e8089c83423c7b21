"""Works out the study designs of records, once for each state of a record."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep

from autoscreen._version import __version__
from autoscreen.errors import InputError
from autoscreen.records import StudyDesign
from autoscreen.store.database import Database
from autoscreen.store.pool import epoch
from autoscreen.store.record_codec import verified

_STEP, _GENTLE_STEP = 1000, 50
_MARK = ","
_LEFT = (
    "SELECT screened.id, content, checksum FROM screened JOIN record ON record.id = screened.id"
    " WHERE designs IS NULL LIMIT ?"
)


def catch_up(db: Database, *, enough: Callable[[], bool] | None = None) -> None:
    """Note the study designs of the records that were not looked at."""
    _start_again(db)
    step = _GENTLE_STEP if enough else _STEP
    while not (enough and enough()):
        begun = monotonic()
        state = epoch(db)
        rows = db.rows(_LEFT, step)
        if not rows:
            return
        found = [(_encoded(*row), row[0]) for row in rows]
        with db.writing():
            # What was read may be merged by now; then it is read again.
            if epoch(db) == state:
                db.run_many("UPDATE record SET designs = ? WHERE id = ?", found)
        if enough:
            sleep(2 * (monotonic() - begun))


def check(name: str) -> None:
    """Make sure that there is a study design of this name."""
    if name not in tuple(StudyDesign):
        raise InputError(
            f"{name!r} is not a study design", hint=f"choose one of: {', '.join(StudyDesign)}"
        )


def counts(db: Database) -> dict[str, int]:
    """Count the records of each study design; empty while many have yet to be looked at."""
    left = db.rows(_LEFT, _STEP + 1)
    if len(left) > _STEP:
        return {}
    known = db.rows("SELECT designs, count(*) FROM record WHERE designs IS NOT NULL GROUP BY 1")
    total: dict[str, int] = {}
    for designs, count in [*known, *((_encoded(*row), 1) for row in left)]:
        for design in filter(None, designs.split(_MARK)):
            total[design] = total.get(design, 0) + count
    return total


def _start_again(db: Database) -> None:
    """Forget what an earlier version of the program worked out."""
    if db.value("SELECT value FROM meta WHERE key = 'designs'") != __version__:
        with db.writing():
            db.run("UPDATE record SET designs = NULL WHERE designs IS NOT NULL")
            db.run("UPDATE meta SET value = ? WHERE key = 'designs'", __version__)


def _encoded(number: int, content: str, checksum: int) -> str:
    from autoscreen.text.designs import study_designs  # noqa: PLC0415

    record = verified(content, checksum, number)
    return _MARK + "".join(f"{design}{_MARK}" for design in study_designs(record))
