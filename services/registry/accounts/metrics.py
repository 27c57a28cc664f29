"""Metrics of signing in."""

from prometheus_client import CollectorRegistry, Counter


class SignInMetrics:
    def __init__(self, registry: CollectorRegistry) -> None:
        self.sign_ins = Counter(
            "gridgov_sign_ins",
            "Attempts to sign in, by outcome: password, link, refused, link_refused, crowded. Many refused: somebody "
            "guesses passwords, see the trails of the accounts. Any crowded: an address was shut out for a while.",
            ("outcome",),
            registry=registry,
        )
        for outcome in ("password", "link", "refused", "link_refused", "crowded"):
            self.sign_ins.labels(outcome)  # there from the start: an increase over nothing is no increase
