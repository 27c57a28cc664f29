"""The four services as an operator needs them: tables, trails and who reacts to which event."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module

import sqlalchemy as sa

from services.dispatch import subscriptions as dispatch
from services.dispatch.schema import units as dispatch_units
from services.intake import subscriptions as intake
from services.intake.classifier.keyword import KeywordClassifier
from services.intake.schema import units as intake_units
from services.intake.triage.triage_reports import Triage
from services.supervision import subscriptions as supervision
from services.supervision.schema import units as supervision_units
from shared.bus.subscriptions import Subscriptions
from shared.db.tables import ServiceTables
from shared.units.projection import UnitProjection
from shared.worktime.calendar import china


def tables_of(service: str) -> ServiceTables:
    tables: ServiceTables = import_module(f"services.{service}.app").tables
    return tables


def aggregates_of(service: str) -> Mapping[str, sa.Table]:
    aggregates: Mapping[str, sa.Table] = import_module(f"services.{service}.app").aggregates
    return aggregates


@cache
def reactions() -> Mapping[str, Subscriptions]:
    """What each service that listens reacts to, from its own `subscriptions.py`; nothing of it is ever called here."""
    return {
        "intake": intake.subscriptions(UnitProjection(intake_units), Triage(KeywordClassifier({}), 0.0)),
        "dispatch": dispatch.subscriptions(UnitProjection(dispatch_units), china()),
        "supervision": supervision.subscriptions(UnitProjection(supervision_units)),
    }
