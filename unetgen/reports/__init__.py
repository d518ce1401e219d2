"""What people and programs read about a network: tables and JSON. Prints nothing itself."""

from unetgen.reports.summary import RegionSummary, Summary, summarize_network
from unetgen.reports.table import render_summary

__all__ = ["RegionSummary", "Summary", "render_summary", "summarize_network"]
