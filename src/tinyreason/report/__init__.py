"""What runs came to: report.html for people, report.md for pages and terminals, and the comparison of
algorithms.

`runs.py`, `results.py` and `rollouts.py` read what is in run folders; `charts.py` draws; `curves.py`,
`tables.py` and `solutions.py` make the parts of the page, `page.py` the page. Every number is read from the
files that the stages wrote; what was not measured is said to be missing, never filled in.
"""

from tinyreason.report.comparison import Trial, algorithms_plot, algorithms_table, compare_algorithms
from tinyreason.report.markdown import one_cell, sentence
from tinyreason.report.marks import write_between_marks
from tinyreason.report.page import rollouts_page, write_report
from tinyreason.report.results import Group, Result, read_groups
from tinyreason.report.runs import ReportError, Run, read_json, read_runs
from tinyreason.report.tables import facts_rows

__all__ = [
    "Group",
    "ReportError",
    "Result",
    "Run",
    "Trial",
    "algorithms_plot",
    "algorithms_table",
    "compare_algorithms",
    "facts_rows",
    "one_cell",
    "read_groups",
    "read_json",
    "read_runs",
    "rollouts_page",
    "sentence",
    "write_between_marks",
    "write_report",
]
