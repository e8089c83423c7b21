"""The output files of scoring, each written completely or not at all.

``results/FILE.parquet`` holds the records of a file that reach a floor, one row a model, and those
without anything in English, without a score;
``alerts/MODEL/FILE.nbib`` its alerts; ``manifest/FILE.json`` is written last and shows that both
are complete.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from types import ModuleType
from typing import IO, Any

from autoscreen.errors import InputError, MissingExtraError
from autoscreen.formats.medline import WRITER
from autoscreen.records import Record

_ROWS = ("model", "pmid", "score", "probability", "alert", "year", "title", "note")


@dataclass(frozen=True, slots=True)
class Outputs:
    """The output folder."""

    folder: Path

    def manifest(self, name: str) -> Path:
        """Return the path of the manifest of a file."""
        return self.folder / "manifest" / f"{name}.json"

    def results(self, name: str) -> Path:
        """Return the path of the scores of a file."""
        return self.folder / "results" / f"{name}.parquet"

    def alerts(self, name: str, model: str) -> Path:
        """Return the path of the alerts of a model in a file."""
        return self.folder / "alerts" / model / f"{name}.nbib"

    def all_alerts(self, model: str) -> Path:
        """Return the path of the alerts of a model in all files."""
        return self.folder / f"alerts-{model}.nbib"

    def read_entry(self, name: str) -> dict[str, Any] | None:
        """Return the manifest of a file; None if the file was not scored completely."""
        try:
            entry = json.loads(self.manifest(name).read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return entry if isinstance(entry, dict) else None

    def tidy(self) -> None:
        """Remove the incomplete files of an interrupted task."""
        for part in self.folder.glob("**/.*.part"):
            part.unlink(missing_ok=True)

    def whole(self, entry: Mapping[str, Any]) -> bool:
        """Return whether the outputs of a file are unchanged since they were written."""
        outputs = entry.get("outputs")
        return isinstance(outputs, dict) and all(
            checksum(self.folder / path) == digest for path, digest in outputs.items()
        )

    def write_results(self, name: str, rows: Sequence[Mapping[str, Any]]) -> Path:
        """Write the kept scores of a file."""
        arrow = parquet_library()
        columns = {column: [row.get(column) for row in rows] for column in _ROWS}
        table = arrow.table(columns, schema=_schema(arrow))
        path = self.results(name)
        put(path, lambda stream: arrow.parquet.write_table(table, stream, compression="zstd"))
        return path

    def write_alerts(self, name: str, model: str, records: Iterable[Record]) -> Path:
        """Write the alerts of a file as MEDLINE text."""
        path = self.alerts(name, model)
        put(path, lambda stream: WRITER.write(records, stream))
        return path

    def write_entry(self, name: str, entry: Mapping[str, Any]) -> None:
        """Write the manifest of a file, after all its outputs."""
        text = json.dumps(entry, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        put(self.manifest(name), lambda stream: stream.write(text.encode()))


def put(path: Path, write_to: Callable[[IO[bytes]], Any]) -> None:
    """Write a file completely or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as stream:
            write_to(stream)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}",
            path=str(path),
            hint="make room or choose another folder, and run the same command again",
        ) from error
    finally:
        part.unlink(missing_ok=True)


def checksum(path: Path, kind: str = "sha256") -> str:
    """Return the checksum of a file; an empty text if there is no such file."""
    try:
        with path.open("rb") as stream:
            return file_digest(stream, kind).hexdigest()
    except FileNotFoundError:
        return ""


def parquet_library() -> ModuleType:
    """Return pyarrow, which writes Parquet."""
    try:
        import pyarrow as arrow  # noqa: PLC0415  (an extra)
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError("scoring all of Medline", extra="cluster") from error
    library: ModuleType = arrow
    return library


def _schema(arrow: ModuleType) -> Any:
    kinds = (
        *(arrow.string(), arrow.string(), arrow.float64(), arrow.float64(), arrow.bool_()),
        *(arrow.int32(), arrow.string(), arrow.string()),
    )
    return arrow.schema(list(zip(_ROWS, kinds, strict=True)))
