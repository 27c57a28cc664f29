"""The `gridgov` command: one module per group of commands."""
