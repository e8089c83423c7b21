"""The report of a review: one folder with all that a paper and its appendix need."""

from autoscreen.report.report_folder import write_report

__all__ = ["write_report"]
