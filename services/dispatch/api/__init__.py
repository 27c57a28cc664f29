"""Dispatch's endpoints."""
