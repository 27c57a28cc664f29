"""Intake's use cases, one verb per file; HTTP and events call the same functions."""
