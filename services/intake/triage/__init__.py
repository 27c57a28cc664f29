"""Triage (研判): where a report belongs and what it is about."""
