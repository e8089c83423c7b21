"""The report of a review: one folder with everything for a paper and its appendix."""
