"""Scores all of PubMed, file by file: each file is one task, wherever it runs.

What a task writes depends on its file and the models alone, so that it can be repeated, and stopped
anywhere. This room knows nothing of reviews.
"""
