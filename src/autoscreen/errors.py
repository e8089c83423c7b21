"""All errors. A message says what is wrong, where, what was expected, and what to do.

::

    AutoscreenError                  exit code 1 unless said otherwise
    ├── InputError                   a file or value from the user (path, line, hint)
    │   ├── FormatError              unsupported file format
    │   │   └── LimitError           a line, record or unpacked file is too large
    │   └── RecordLossError          a reader lost a record
    ├── ConfigError                  an error in a protocol or option
    ├── UnknownRecordError           no record has this id, PMID or DOI
    ├── ModelError                   a ranker or saved model cannot be used
    │   └── ModelFormatError         a saved model is damaged or from a newer version
    ├── SourceError                  PubMed or another source failed or refused
    ├── StoreError                   the review file
    │   ├── SchemaError              not a review file, damaged, or written by a newer version
    │   └── ConflictError            another process uses or changed the file
    │       ├── BusyError            another process is still writing
    │       └── DecidedMeanwhileError  somebody else decided about the record
    └── MissingExtraError            an optional package is missing (names the extra)

This module must not import anything of autoscreen.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = [
    "AutoscreenError",
    "BusyError",
    "ConfigError",
    "ConflictError",
    "DecidedMeanwhileError",
    "FormatError",
    "InputError",
    "LimitError",
    "MissingExtraError",
    "ModelError",
    "ModelFormatError",
    "ReadWarning",
    "RecordLossError",
    "SchemaError",
    "SourceError",
    "StoreError",
    "UnknownRecordError",
]


class AutoscreenError(Exception):
    """
    Base of every error that autoscreen raises on purpose.

    Parameters
    ----------
    message
        What went wrong and what was expected, as one line without a full stop.
    hint
        What to do next, as one line.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class InputError(AutoscreenError):
    """
    A file or a value from the user cannot be used.

    Parameters
    ----------
    message
        What is wrong.
    path
        The file; empty if it is not about one.
    line
        Line number from 1, if known.
    hint
        What to do next.
    """

    def __init__(
        self, message: str, *, path: str = "", line: int | None = None, hint: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.path = path
        self.line = line

    def __str__(self) -> str:
        where = self.path if self.line is None else f"{self.path}, line {self.line}"
        return f"{where}: {super().__str__()}" if where else super().__str__()


class FormatError(InputError):
    """A file is in an unsupported format."""


class LimitError(FormatError):
    """A line, a record or an unpacked file is larger than any valid export."""


class RecordLossError(InputError):
    """A reader lost a record: a bug in autoscreen."""


class ConfigError(InputError):
    """
    A protocol or an option contains an error.

    Parameters
    ----------
    message, path, line, hint
        As for `InputError`.
    key
        Path to the value in the protocol, such as ``("reasons", 0, "code")``; empty if it is not
        about one value.
    value
        The wrong part of the value, such as one term of a list; empty if it is all of it.
    """

    def __init__(
        self,
        message: str,
        *,
        path: str = "",
        line: int | None = None,
        hint: str = "",
        key: tuple[str | int, ...] = (),
        value: str = "",
    ) -> None:
        super().__init__(message, path=path, line=line, hint=hint)
        self.key = key
        self.value = value


class UnknownRecordError(AutoscreenError):
    """No record of the review has this id, PMID or DOI."""


class ModelError(AutoscreenError):
    """A ranker or a saved model cannot be used."""


class ModelFormatError(ModelError):
    """A saved model is damaged or was written by a newer version."""


class SourceError(AutoscreenError):
    """
    A literature source failed or refused.

    Parameters
    ----------
    message
        What the source responded.
    retry_after
        Seconds to wait before trying again, if the source says so.
    hint
        What to do next.
    """

    def __init__(self, message: str, *, retry_after: float | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class StoreError(AutoscreenError):
    """The review file cannot be used as requested."""


class SchemaError(StoreError):
    """The file is not a review, is damaged, or was written by a newer version."""


class ConflictError(StoreError):
    """Another process uses or has changed the review file."""


class BusyError(ConflictError):
    """Another process is still writing to the review file; try again."""


class DecidedMeanwhileError(ConflictError):
    """Somebody decided about the record after the page was loaded."""


class MissingExtraError(AutoscreenError):
    """An optional package is missing."""

    def __init__(self, feature: str, *, extra: str) -> None:
        super().__init__(
            f"{feature} needs the extra [{extra}]", hint=f"pip install 'autoscreen[{extra}]'"
        )
        self.extra = extra


class ReadWarning(UserWarning):
    """
    Records of a file could not be read, or had to be repaired.

    Parameters
    ----------
    problems
        Each problem, with its place in the file and whether the record is lost.
    """

    def __init__(self, problems: Sequence[object]) -> None:
        self.problems = tuple(problems)
        more = len(problems) - 3
        shown = [str(one) for one in problems[:3]] + [f"and {more} more"] * (more > 0)
        super().__init__("; ".join(shown))
