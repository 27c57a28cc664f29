"""Faults of docs/reliability.md. A package, so that the cluster they share ends with the last of them."""
