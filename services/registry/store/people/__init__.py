"""Posts as rows."""
