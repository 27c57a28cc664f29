"""Registry's tables, stores and unit of work."""
