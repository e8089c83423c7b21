"""The report of a review: one folder with all that a paper and its appendix need."""

from autoscreen.report.flow_boxes import new_review
from autoscreen.report.flow_diagram import flow_svg
from autoscreen.report.report_facts import reason_texts
from autoscreen.report.report_folder import write_report

__all__ = ["flow_svg", "new_review", "reason_texts", "write_report"]
