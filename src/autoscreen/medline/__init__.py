"""Scores all of PubMed, file by file: each file is one independent task.

The output of a task depends only on its file and the models, so that it can be interrupted and
repeated at any time. This package must not know of reviews.
"""
