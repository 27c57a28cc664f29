"""Faults of docs/reliability.md §2. A package, so that the cluster they share ends with the last of them."""
