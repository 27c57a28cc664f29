"""Registry's endpoints."""
