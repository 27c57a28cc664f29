"""Registry's schema `registry`: its metadata, on which each slice puts its tables, what every service has, photos and documents."""

from shared.calendar_watch import calendar_table
from shared.db.tables import service_tables
from shared.events.registry.duties import DutiesTold
from shared.events.registry.hazards import HazardsTold
from shared.files.table import files_table

tables = service_tables("registry", tells=(DutiesTold, HazardsTold))
metadata = tables.metadata
files = files_table(metadata, documents=True)
measured_by = calendar_table(metadata)
