"""Reads PDFs in a process of its own, which is ended if it takes too long or too much memory."""
