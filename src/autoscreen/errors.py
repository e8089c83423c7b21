"""The one tree of errors; every message says what, where, what was expected, what to do.

::

    AutoscreenError                  exit code 1 unless said otherwise
    ├── InputError                   a file or a value that the user gave (path, line, hint)
    │   ├── FormatError              a file that no reader can make sense of
    │   └── RecordLossError          a reader found more record starts than it accounted for
    ├── ConfigError                  a protocol or an option that does not hold together
    ├── UnknownRecordError           an id, PMID or DOI that is not in the review
    ├── ModelError                   a ranker that cannot be used
    │   ├── ModelFormatError         a saved model that is damaged or from a newer version
    │   └── NotTrainedError          a ranker asked before it was fitted
    ├── SourceError                  PubMed or another source did not answer as it should
    ├── StoreError                   the review file
    │   ├── SchemaError              not a review file, damaged, or written by a newer version
    │   └── ConflictError            another process holds the file, or changed it meanwhile
    │       ├── BusyError            another process is writing to the file for too long
    │       └── DecidedMeanwhileError  somebody decided about the record that a page showed
    └── MissingExtraError            an optional dependency is needed (names the pip extra)

This module must not import anything of autoscreen.
"""

from __future__ import annotations

__all__ = [
    "AutoscreenError",
    "BusyError",
    "ConfigError",
    "ConflictError",
    "DecidedMeanwhileError",
    "FormatError",
    "InputError",
    "MissingExtraError",
    "ModelError",
    "ModelFormatError",
    "NotTrainedError",
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
        What went wrong and what was expected, as one line without a final stop.
    hint
        What to do next, as one line; empty if the message says it all.
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
        The file it was found in; empty if it is not about a file.
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
    """The content of a file is not in a format that autoscreen reads."""


class RecordLossError(InputError):
    """A reader saw more record starts than records and named problems: a bug made visible."""


class ConfigError(InputError):
    """
    A protocol or an option does not hold together.

    Parameters
    ----------
    message, path, line, hint
        As for `InputError`.
    key
        The way to the value from the top of the protocol, such as ``("reasons", 0, "code")``;
        empty if it is not about one value.
    value
        The part of it that is wrong, such as one term of a list; empty if it is all of it.
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
    """An id, PMID or DOI names no record of the review."""


class ModelError(AutoscreenError):
    """A ranker or a saved model cannot be used."""


class ModelFormatError(ModelError):
    """A saved model is damaged or was written by a newer version."""


class NotTrainedError(ModelError):
    """A ranker was asked for scores before it was fitted."""


class SourceError(AutoscreenError):
    """
    A literature source did not answer as it should.

    Parameters
    ----------
    message
        What the source answered.
    retry_after
        Seconds after which the source asks to be tried again, if it said so.
    hint
        What to do next.
    """

    def __init__(self, message: str, *, retry_after: float | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class StoreError(AutoscreenError):
    """The review file cannot be used as asked."""


class SchemaError(StoreError):
    """The file is no review, is damaged, or was written by a newer version."""


class ConflictError(StoreError):
    """Another process holds the review file, or has changed what was to be changed."""


class BusyError(ConflictError):
    """Another process is still writing to the review file; trying again helps."""


class DecidedMeanwhileError(ConflictError):
    """Somebody decided about a record after the page was made that decides about it now."""


class MissingExtraError(AutoscreenError):
    """
    An optional dependency is missing.

    Parameters
    ----------
    feature
        What was asked for, e.g. "reading .xlsx files".
    extra
        Name of the pip extra that brings it.
    """

    def __init__(self, feature: str, *, extra: str) -> None:
        super().__init__(
            f"{feature} needs the extra [{extra}]", hint=f"pip install 'autoscreen[{extra}]'"
        )
        self.extra = extra
