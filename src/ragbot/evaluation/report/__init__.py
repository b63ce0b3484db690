"""A run written up: one HTML page that needs nothing from outside, and beside it the same as JSON and CSV."""

from ragbot.evaluation.report.page import write_report
from ragbot.evaluation.report.table import headline_table

__all__ = ["headline_table", "write_report"]
