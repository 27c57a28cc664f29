"""Supervision's endpoints."""
