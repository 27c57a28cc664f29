"""What an operator asks of registry: its trails. It listens to nobody and has no invariants of its own."""

from services.registry.schema import posts, units
from shared.audit.evidence import Invariant
from shared.audit.examination import Question

aggregates = {"unit": units, "post": posts}
reactions = None
invariants: tuple[Invariant, ...] = ()
questions: dict[str, Question] = {}
