"""Registry's use cases, one verb per file."""
