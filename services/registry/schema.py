"""Registry's schema `registry`: its metadata, on which each slice puts its tables, and what every service has."""

from shared.db.tables import service_tables

tables = service_tables("registry")
metadata = tables.metadata
