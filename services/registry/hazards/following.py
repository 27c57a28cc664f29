"""What happens to a hazard because it happened elsewhere: its deadline passed; its work order was opened, resolved, or
opened again by who reported it. Nobody does it by hand. Pure."""

from dataclasses import dataclass, replace
from typing import ClassVar

from services.registry.hazards.hazard import Hazard
from services.registry.hazards.lifecycle import Action
from services.registry.hazards.moving import Context


@dataclass(frozen=True, slots=True)
class Lapse:
    """The deadline passed."""

    action: ClassVar = Action.LAPSE

    def apply(self, hazard: Hazard, _: Context) -> Hazard:
        return hazard


@dataclass(frozen=True, slots=True)
class Ordered:
    """It has its work order."""

    action: ClassVar = Action.HAVE_ORDER
    order: str
    order_version: int

    def apply(self, hazard: Hazard, _: Context) -> Hazard:
        return replace(hazard, order_number=self.order, order_version=self.order_version)


@dataclass(frozen=True, slots=True)
class Resolved:
    """The unit resolved the work order: it says that the hazard is put right. `resolved_by` does not re-inspect it."""

    action: ClassVar = Action.SUBMIT
    order: str
    result: str | None
    resolved_by: str | None
    order_version: int

    def apply(self, hazard: Hazard, _: Context) -> Hazard:
        return replace(
            hazard, result=self.result, rectified_by=self.resolved_by, asked=None, order_version=self.order_version
        )


@dataclass(frozen=True, slots=True)
class Reopened:
    """Whoever reported it is not content: it must be put right again, with the whole time anew."""

    action: ClassVar = Action.REOPEN
    order: str
    order_version: int

    def apply(self, hazard: Hazard, _: Context) -> Hazard:
        return replace(
            hazard, closed_at=None, rectified_by=None, result=None, transferred_to=None, recheck=None,
            order_version=self.order_version,
        )  # fmt: skip
