"""Registry (单位登记): the tree of units and who holds which post in them, with their whole history."""
