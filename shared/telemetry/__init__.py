"""Logs, metrics and the cause of the present work."""
