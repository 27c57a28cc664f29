"""Every topic of the platform, declared once. `deploy/kafka/topics.yaml` must say the same (tests/architecture).

Partition counts are generous from the start: a key's order must survive growth, and Kafka cannot re-partition history.
"""

from shared.bus.port import TopicSpec

UNITS = "gridgov.registry.units"
POSTS = "gridgov.registry.posts"
SESSIONS = "gridgov.registry.sessions"
RESTRUCTURINGS = "gridgov.registry.restructurings"
DUTIES = "gridgov.registry.duties"
HAZARDS = "gridgov.registry.hazards"
INSPECTIONS = "gridgov.registry.inspections"
ACTIVITIES = "gridgov.registry.activities"
MEETINGS = "gridgov.registry.meetings"
REPORTS = "gridgov.intake.reports"
WORK_ORDERS = "gridgov.dispatch.work_orders"
CLOCKS = "gridgov.supervision.clocks"

_FACTS = (
    TopicSpec(UNITS, partitions=4, compacted=True),
    TopicSpec(POSTS, partitions=4, compacted=True),
    TopicSpec(SESSIONS, partitions=1),
    TopicSpec(RESTRUCTURINGS, partitions=1, compacted=True),
    TopicSpec(DUTIES),
    TopicSpec(HAZARDS),
    TopicSpec(INSPECTIONS),
    TopicSpec(ACTIVITIES),
    TopicSpec(MEETINGS),
    TopicSpec(REPORTS),
    TopicSpec(WORK_ORDERS),
    TopicSpec(CLOCKS),
)


def owner_of(topic: str) -> str:
    """The service that publishes to `topic`."""
    return topic.split(".")[1]


def dead_letters(service: str) -> str:
    """The topic where a service puts events that it cannot take, with their origin and the reason."""
    return f"gridgov.{service}.dead_letters"


TOPICS: tuple[TopicSpec, ...] = (
    *_FACTS,
    *(
        TopicSpec(dead_letters(owner), partitions=1, retention_days=90)
        for owner in dict.fromkeys(owner_of(topic.name) for topic in _FACTS)
    ),
)
"""Every service publishes something; each has dead letters besides."""
