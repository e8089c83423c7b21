"""Reads PDFs in a process of its own, which is ended if it takes too long or too much memory."""

from __future__ import annotations

from autoscreen.pdf._reader import PdfText, page_image, read_pdf

__all__ = ["MOST_BYTES", "PdfText", "page_image", "read_pdf", "require_pdf"]
