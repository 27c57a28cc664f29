"""The services of the platform: one row each, and nothing else lists them.

Rows name modules as text and import them when asked, so a process loads only its own service, and services stay unknown
to each other. Every service has the same parts: `app`, `schema`, `audit` (see docs/adding.md).
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import sqlalchemy as sa

    from shared.audit.evidence import Invariant
    from shared.audit.examination import Question
    from shared.bus.subscriptions import Subscriptions
    from shared.db.tables import ServiceTables
    from shared.service import Resources, Service

CLASSIFIER: Final = "services.intake.classifier"


@dataclass(frozen=True, slots=True)
class Row:
    """`keeps_units`: it has a projection of the unit tree. `classifies`: its reactions need the category model."""

    name: str
    zh: str
    what_zh: str
    what_en: str
    keeps_units: bool = True
    classifies: bool = False

    async def build(self, resources: "Resources", *, reacts: bool = True) -> "Service":
        """`reacts`: whether this process takes events. One that does not, an api, need not pay for the model."""
        app = self._part("app")
        service: Service = app.build(resources, *([await self._model(resources, reacts)] if self.classifies else []))
        return service

    @property
    def modules(self) -> tuple[str, ...]:
        """What its processes import, for one that imports it for them."""
        return (f"services.{self.name}.app", *([f"{CLASSIFIER}.base"] if self.classifies else []))

    @property
    def tables(self) -> "ServiceTables":
        tables: ServiceTables = self._part("schema").tables
        return tables

    @property
    def units(self) -> "sa.Table | None":
        """Its projection of the unit tree."""
        units: sa.Table | None = self._part("schema").units.units if self.keeps_units else None
        return units

    @property
    def aggregates(self) -> "Mapping[str, sa.Table]":
        """Kind in the trail → the table whose `version` the trail must reach."""
        aggregates: Mapping[str, sa.Table] = self._part("audit").aggregates
        return aggregates

    @property
    def reactions(self) -> "Subscriptions":
        """What it does about which event. For looking at, never called."""
        reactions: Subscriptions = self._part("audit").reactions
        return reactions

    @property
    def invariants(self) -> "Sequence[Invariant]":
        invariants: Sequence[Invariant] = self._part("audit").invariants
        return invariants

    @property
    def questions(self) -> "Mapping[str, Question]":
        questions: Mapping[str, Question] = self._part("audit").questions
        return questions

    def _part(self, name: str) -> Any:
        return import_module(f"services.{self.name}.{name}")

    async def _model(self, resources: "Resources", reacts: bool) -> Any:
        if not reacts:
            return import_module(f"{CLASSIFIER}.keyword").KeywordClassifier({})
        return await asyncio.to_thread(import_module(f"{CLASSIFIER}.base").load_or_train, resources.settings.model)


_ROWS = (
    # Registry first: the others wait for the units that it publishes.
    Row("registry", "登记", "单位树、岗位", "the unit tree and posts", keeps_units=False),
    Row("intake", "受理", "民情上报、研判", "reports and triage", classifies=True),
    Row("dispatch", "派单", "工单、收件箱、权责清单", "work orders, inboxes, responsibility catalogue"),
    Row("supervision", "督导", "计时、预警、催办", "clocks, warnings, reminders"),
)

SERVICES: Final[Mapping[str, Row]] = MappingProxyType({row.name: row for row in _ROWS})
"""By name, in the order in which they start."""


def listening() -> "Mapping[str, Subscriptions]":
    """What each service does about which event."""
    return {name: row.reactions for name, row in SERVICES.items()}
