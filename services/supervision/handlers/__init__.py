"""Supervision's use cases, one verb per file; events and the watch call them."""
