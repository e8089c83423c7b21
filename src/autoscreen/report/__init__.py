"""The report of a review: one folder with all that a paper and its appendix need."""
