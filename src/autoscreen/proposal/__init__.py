"""Proposes the concepts of a new review from what is written of it; nothing is sent out."""
