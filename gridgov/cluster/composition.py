"""A service by its name, built on the resources of one process. Only the service asked for is imported."""

import asyncio
from importlib import import_module
from typing import Any

import sqlalchemy as sa

from gridgov.local.errors import StartError
from gridgov.local.state import state_path
from shared.events.topics import SERVICES
from shared.service import Resources, Service
from shared.settings import Settings


class ServiceUnknown(StartError):
    """There is no such service."""


async def build(service: str, resources: Resources, *, triages: bool) -> Service:
    """`triages`: whether this process takes events, for which intake reads (or first trains) its category model."""
    if service not in SERVICES:
        raise ServiceUnknown(
            f"没有服务 {service};有:{'、'.join(SERVICES)}",
            f"there is no service {service}: they are {', '.join(SERVICES)}",
        )
    app: Any = import_module(f"services.{service}.app")
    if service != "intake":
        plain: Service = app.build(resources)
        return plain
    # An api never triages, so it need not pay for the model.
    classifier = await asyncio.to_thread(_model, resources.settings) if triages else _none()
    intake: Service = app.build(resources, classifier)
    return intake


def units_of(service: str) -> sa.Table | None:
    """The service's own copy of the unit tree; None for registry, which owns it."""
    tables: Any = import_module(f"services.{service}.schema")
    units: sa.Table | None = tables.units.units if service != "registry" else None
    return units


def _model(settings: Settings) -> Any:
    from services.intake.classifier.base import load_or_train  # noqa: PLC0415 - scikit-learn, for one role of one

    return load_or_train(settings.model or state_path() / "model")


def _none() -> Any:
    from services.intake.classifier.keyword import KeywordClassifier  # noqa: PLC0415 - the same

    return KeywordClassifier({})
