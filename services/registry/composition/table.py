"""The table of what is known of people. No unit places them: they are reached through the posts they hold."""

import sqlalchemy as sa

from services.registry.composition.facts import SealedFacts
from services.registry.schema import metadata
from shared.db.columns import columns_of

person_facts = sa.Table(
    "person_facts",
    metadata,
    *columns_of(SealedFacts),
    sa.UniqueConstraint("person"),
)
