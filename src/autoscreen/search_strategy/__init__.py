"""
PubMed queries read offline: whether a record is found, and what a query cannot find.

PubMed itself is asked by `autoscreen.pubmed`. Here a query is parsed and evaluated on records that
are already here, by PubMed's documented rules; what these leave open is reported as undecided.
"""
