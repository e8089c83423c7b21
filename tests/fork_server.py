"""
A process that has loaded everything and forks one child for each job.

So a child that is killed, however early, costs milliseconds and no start-up. A module of tests
brings the code that runs in the process: it defines ``work(out, *args)``, where ``out`` is the
file that the child writes to and ``args`` come from `ForkServer.start`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import autoscreen

LOOP = """
import json, os, signal, sys

for line in sys.stdin:
    job = json.loads(line)
    if "wait" in job:
        print(os.waitstatus_to_exitcode(os.waitpid(job["wait"], 0)[1]), flush=True)
        continue
    pid = os.fork()
    if pid == 0:
        out = os.open(job["out"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        code = 1
        try:
            code = work(out, *job["args"])
        except BaseException as error:
            os.write(out, f"failed: {error!r}\\n".encode())
        sys.stdout.flush()
        os._exit(code or 0)
    print(pid, flush=True)
"""


class Job(NamedTuple):
    """A child at work, and the file of what it writes."""

    pid: int
    out: Path


class ForkServer:
    """Starts jobs in processes of their own."""

    def __init__(self, folder: Path, code: str) -> None:
        self._folder = folder
        self._count = 0
        paths = [str(Path(autoscreen.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
        self._process = subprocess.Popen(
            [sys.executable, "-c", code + LOOP],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, *args: object) -> Job:
        """Start a job."""
        self._count += 1
        out = self._folder / f"out{self._count}"
        out.touch()
        return Job(self._ask({"args": args, "out": str(out)}), out)

    def finish(self, job: Job) -> tuple[int, str]:
        """Wait for a job; return its exit code and what it wrote."""
        return self._ask({"wait": job.pid}), job.out.read_text()

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=10)

    def _ask(self, job: dict[str, object]) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())
