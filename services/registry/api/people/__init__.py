"""Endpoints for posts and the coverage check."""
