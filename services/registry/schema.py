"""Registry's schema `registry`: its metadata, on which each slice puts its tables, and what every service has."""

from shared.db.tables import service_tables
from shared.events.registry.hazards import HazardsTold

tables = service_tables("registry", tells=(HazardsTold,))
metadata = tables.metadata
