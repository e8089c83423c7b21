"""Shared by several verbs: output, progress, errors, the terminal."""
