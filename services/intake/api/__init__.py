"""Intake's endpoints."""
