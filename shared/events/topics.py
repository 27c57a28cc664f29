"""Every topic of the platform, declared once. `deploy/kafka/topics.yaml` must say the same (tests/architecture).

Partition counts are generous from the start: a key's order must survive growth, and Kafka cannot re-partition history.
"""

from shared.bus.port import TopicSpec

UNITS = "gridgov.registry.units"
POSTS = "gridgov.registry.posts"
REPORTS = "gridgov.intake.reports"
WORK_ORDERS = "gridgov.dispatch.work_orders"
CLOCKS = "gridgov.supervision.clocks"

SERVICES = ("registry", "intake", "dispatch", "supervision")


def dead_letters(service: str) -> str:
    """The topic where a service puts events that it cannot take, with their origin and the reason."""
    return f"gridgov.{service}.dead_letters"


TOPICS: tuple[TopicSpec, ...] = (
    TopicSpec(UNITS, partitions=4, compacted=True),
    TopicSpec(POSTS, partitions=4, compacted=True),
    TopicSpec(REPORTS),
    TopicSpec(WORK_ORDERS),
    TopicSpec(CLOCKS),
    *(TopicSpec(dead_letters(service), partitions=1, retention_days=90) for service in SERVICES),
)
