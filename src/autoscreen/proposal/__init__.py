"""Proposes the concepts of a new review from its title, question and criteria, all offline."""
