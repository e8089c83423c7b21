"""How results are worded and marked, the same on the pages, in the terminal and in digests."""
