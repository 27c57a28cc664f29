"""Places: which unit a point or an address lies in."""
