"""Units: the tree of areas and departments."""
