"""Intake's own metrics, declared once: what each means, and what to do about it."""

from prometheus_client import CollectorRegistry, Counter


class ReportMetrics:
    """The metrics of reports on one registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.unreadable = Counter(
            "gridgov_reporters_unreadable",
            "Reporters asked for whose field key is missing or whose row is damaged. Any: see fields.key_missing "
            "and reports.reporter_damaged in the log for which, and put the key file or the row back from the backup.",
            registry=registry,
        )
