"""Registry's schema `registry`: its metadata, on which each slice puts its tables, and what every service has."""

from shared.db.tables import service_tables
from shared.events.registry.duties import DutiesTold

tables = service_tables("registry", tells=(DutiesTold,))
metadata = tables.metadata
