"""
The process of one long task: does the work, and reports how far it is.

A separate process can be stopped at any moment, and never delays screening. Whatever it
writes to the review is written as a whole or not at all.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Mapping
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from autoscreen.errors import AutoscreenError
from autoscreen.web.jobs.job_report import JobReport

_LOG = logging.getLogger(__name__)
_PATIENT = 5
"""How much the process gives way to the server, from 0 to 19."""


def run_job(pipe: Connection, kind: str, review: str, options: Mapping[str, Any]) -> None:
    """Do the task of the module ``tasks.KIND``, and send its result or its failure."""
    _give_way()
    threading.Thread(target=_end_with_server, daemon=True).start()
    try:
        task = import_module(f"autoscreen.web.jobs.tasks.{kind}")
        result = task.run(review, options, JobReport(pipe))
    except AutoscreenError as error:
        # Without the path of the file, which is not for pages.
        pipe.send(("failed", AutoscreenError.__str__(error)))
    except Exception as error:
        _LOG.error("the task %s failed", kind, exc_info=error)
        kind_of = type(error).__name__
        pipe.send(("failed", f"unexpected {kind_of}; see the window where autoscreen runs"))
    else:
        pipe.send(("done", result))


def _give_way() -> None:
    """Run with lower priority than the server, and ignore Ctrl-C, which the server handles."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_PATIENT)


def _end_with_server() -> None:
    """End when the server ends, even if it was killed."""
    server = multiprocessing.parent_process()
    if server is not None:
        server.join()
        os._exit(1)
