"""Who owns which partition, and what makes up a batch: shared out evenly, and the same answer everywhere."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from shared.bus.postgres.shares import Place, desired, portions

TOPICS = ("clocks", "reports", "units", "work_orders")
PLACES = [Place(10 * t + n, topic, n) for t, topic in enumerate(TOPICS) for n in range(5)]

members = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3),
    st.lists(st.sampled_from(TOPICS), unique=True, min_size=1),
    min_size=1,
    max_size=6,
)


@given(members)
def test_each_partition_that_anybody_reads_has_exactly_one_owner_who_reads_it(members: dict[str, list[str]]) -> None:
    owners = Counter(part for member in members for part in desired(member, members, PLACES))
    read = {topic for topics in members.values() for topic in topics}
    assert owners == Counter(place.id for place in PLACES if place.topic in read)
    topic_of = {place.id: place.topic for place in PLACES}
    assert all(topic_of[part] in members[member] for member in members for part in desired(member, members, PLACES))


@given(st.integers(1, 25))
def test_members_that_read_the_same_own_equally_many(count: int) -> None:
    alike = {f"m{n:02}": TOPICS for n in range(count)}
    sizes = [len(desired(member, alike, PLACES)) for member in alike]
    assert max(sizes) - min(sizes) <= 1


@given(members, st.randoms())
def test_the_order_in_which_places_and_members_are_known_does_not_matter(members: dict[str, list[str]], random) -> None:
    shuffled_places, shuffled_members = list(PLACES), list(members.items())
    random.shuffle(shuffled_places)
    random.shuffle(shuffled_members)
    for member in members:
        assert desired(member, members, PLACES) == desired(member, dict(shuffled_members), shuffled_places)


backlogs = st.dictionaries(st.integers(1, 40), st.integers(0, 300), max_size=20)


@given(backlogs, st.integers(1, 200), st.integers(0, 40))
def test_a_batch_fills_its_limit_and_takes_no_more_than_there_is(
    backlog: dict[int, int], limit: int, after: int
) -> None:
    batch = portions(backlog, limit, after)
    assert sum(count for _, count in batch) == min(limit, sum(backlog.values()))
    assert all(0 < count <= backlog[part] for part, count in batch)


@given(backlogs, st.integers(1, 200), st.integers(0, 40))
def test_who_gets_less_than_another_had_no_more(backlog: dict[int, int], limit: int, after: int) -> None:
    batch = dict(portions(backlog, limit, after))
    most = max(batch.values(), default=0)
    assert all(count == backlog[part] or count >= most - 1 for part, count in batch.items())


@given(st.integers(1, 30), st.integers(1, 8))
def test_every_waiting_partition_is_served_within_one_round(waiting: int, limit: int) -> None:
    backlog = dict.fromkeys(range(1, waiting + 1), 1_000)
    served: set[int] = set()
    last = 0
    for _ in range(-(-waiting // limit)):
        batch = portions(backlog, limit, last)
        served |= {part for part, _ in batch}
        last = batch[-1][0]
    assert served == set(backlog)
