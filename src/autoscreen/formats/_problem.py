"""What a reader could not take from a file as it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something in a file that a reader could not take as it stands."""

    path: str  # The file, as the user named it
    # Line number from 1 on which the trouble begins; None where a format has no lines
    line: int | None
    # Number from 1 of the record start in the file; None if it is about the whole file
    record: int | None
    message: str  # What was wrong and what was done about it, in plain words
    # True if the record did not come in; False if it came in, repaired or without the bad field
    lost: bool

    def __str__(self) -> str:
        where = self.path
        if self.line is not None:
            where += f", line {self.line}"
        if self.record is not None:
            where += f" (record {self.record})"
        return f"{where}: {self.message}"
