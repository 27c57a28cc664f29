"""Dispatch's tables, all in the schema `dispatch`; each slice adds its own (`table.py`)."""

from shared.calendar_watch import calendar_table
from shared.db.tables import service_tables
from shared.events.dispatch.work_orders import WorkOrdersTold
from shared.files.table import files_table
from shared.units.table import unit_tables

tables = service_tables("dispatch", tells=(WorkOrdersTold,))
metadata = tables.metadata
units = unit_tables(metadata)
files = files_table(metadata)
measured_by = calendar_table(metadata)
