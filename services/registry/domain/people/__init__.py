"""Posts: who holds which role where, and where somebody is missing."""
