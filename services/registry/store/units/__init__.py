"""Units as rows: writing them with their history, and reading the tree of any day."""
