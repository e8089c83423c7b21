"""Watches the literature for a review: new, revised and retracted records, and their digests."""
