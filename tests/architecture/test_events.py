"""The public contract is whole: every event in the catalog, every topic declared."""

import pkgutil
import re
from importlib import import_module
from uuid import UUID

from services.manifest import SERVICES
from shared import events
from shared.events.base import Event
from shared.events.catalog import BY_TYPE, EVENTS
from shared.events.limits import ToldUntil
from shared.events.topics import TOPICS, dead_letters


def classes() -> set[type[Event]]:
    """All event classes below shared.events that have a type of their own."""
    found: set[type[Event]] = set()
    for module in pkgutil.walk_packages(events.__path__, "shared.events."):
        for value in vars(import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, Event) and "type" in vars(value):
                found.add(value)
    return found


def test_every_event_is_in_the_catalog_once() -> None:
    assert set(EVENTS) == classes()
    assert len(BY_TYPE) == len(EVENTS)


def test_every_event_is_named_by_the_rule_and_has_a_declared_topic_of_its_owner() -> None:
    declared = {topic.name for topic in TOPICS}
    for event in EVENTS:
        assert re.fullmatch(r"gridgov\.[a-z_]+\.[a-z_]+\.v[1-9]\d*", event.type), event
        assert event.topic in declared, event
        owner = event.__module__.split(".")[2]
        assert event.topic.split(".")[1] == owner, f"{event.__name__} goes to a topic of another service"


def test_every_key_is_a_field_that_is_never_empty() -> None:
    for event in EVENTS:
        if issubclass(event, ToldUntil):  # of a partition, not of a thing: its key is the same for all
            continue
        field = event.model_fields[event.key_field]
        assert field.annotation in (UUID, str), event
        assert field.is_required(), event


def test_topics_are_declared_once_and_every_service_has_one_for_its_dead_letters() -> None:
    names = [topic.name for topic in TOPICS]
    assert len(names) == len(set(names))
    assert {dead_letters(service) for service in SERVICES} <= set(names)
    assert {topic.name for topic in TOPICS if topic.compacted} == {
        "gridgov.registry.units", "gridgov.registry.posts", "gridgov.registry.restructurings",
    }  # fmt: skip
