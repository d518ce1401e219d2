"""The page: title, totals, legend, and two networks side by side."""
