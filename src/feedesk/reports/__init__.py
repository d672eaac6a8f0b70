"""Reports: one file each, a query and how its answer becomes a `feedesk.reports.table.Table`; then PDF, Excel or CSV.

A new report is a module here with a ``REPORT`` of its own and a line in `feedesk.reports.registry.REPORTS`. Heavy
libraries are imported where a file is made.
"""
