"""The demo's result: summary.json for programs, report.html for people, a short table for the terminal.

Every number is read from the files that the stages wrote; what was not measured is said to be missing, never
filled in.
"""

from tinyreason.report.comparison import Run, algorithms_plot, algorithms_table, compare_algorithms
from tinyreason.report.marks import write_between_marks
from tinyreason.report.page import write_report
from tinyreason.report.plain import plain_samples, plain_table
from tinyreason.report.run_folder import ReportError
from tinyreason.report.summary import summarize

__all__ = [
    "ReportError",
    "Run",
    "algorithms_plot",
    "algorithms_table",
    "compare_algorithms",
    "plain_samples",
    "plain_table",
    "summarize",
    "write_between_marks",
    "write_report",
]
