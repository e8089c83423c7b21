"""
PubMed queries evaluated offline: whether a query finds a record, and what it cannot find.

PubMed itself is asked by `autoscreen.pubmed`. Here a query is parsed and evaluated on local
records, by PubMed's documented rules; whatever these do not settle is reported as undecided.
"""
