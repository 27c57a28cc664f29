"""Endpoints for units and the tree."""
