"""Which unit holds a function that a rule asks for (权责清单). Pure."""

from shared.units.tree import Unit


def holds(unit: Unit, function: str) -> bool:
    """Whether the function is the unit's. What is no department answers for whatever happens in it."""
    return unit.kind != "department" or not function or function in unit.functions
