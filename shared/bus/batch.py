"""The events of one call of a handler, each handled as what it is: a consequence of its own cause.

    async def open_work_orders(batch: Batch[ReportTriaged], uow: UnitOfWork) -> None:
        for report in batch:
            WorkOrders.of(uow).add(open_for(report, ...))

While the loop's body handles an event, its trace is the current one: what is logged, changed and published there carries
its correlation id, and names it as the cause.
"""

from collections.abc import Iterator, Sequence
from typing import Generic

from shared.events.codec import E_co, Envelope
from shared.telemetry import context


class Batch(Generic[E_co]):
    """Events in the order of their delivery; those of one key in the order in which they happened."""

    def __init__(self, envelopes: Sequence[Envelope[E_co]]) -> None:
        self.envelopes = envelopes

    def __len__(self) -> int:
        return len(self.envelopes)

    def __iter__(self) -> Iterator[E_co]:
        before, bound = context.current(), None
        try:
            for envelope in self.envelopes:
                bound = envelope.trace
                context.bind(bound)
                yield envelope.event
        finally:
            # A loop that an error ended is closed when the error is forgotten: perhaps in the midst of other work.
            if context.current() is bound:
                context.bind(before)

    @property
    def events(self) -> list[E_co]:
        """All events, for looking up what they are about; nothing may be changed in their name."""
        return [envelope.event for envelope in self.envelopes]
