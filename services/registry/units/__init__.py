"""Units (单位): the tree of everything that can be responsible."""
