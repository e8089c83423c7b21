"""Scores all of PubMed, file by file: each file is one task, wherever it runs.

What a task writes depends on its file and the models alone, so that it can be repeated, and stopped
anywhere. This room knows nothing of reviews.
"""

from autoscreen.medline._file_task import FileTask, ScoredFile, score_file
from autoscreen.medline._outputs import Outputs
from autoscreen.medline._run import MedlineRun, MedlineSummary, score_files

__all__ = [
    "FileTask",
    "MedlineRun",
    "MedlineSummary",
    "Outputs",
    "ScoredFile",
    "score_file",
    "score_files",
]
