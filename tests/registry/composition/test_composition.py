"""The composition of a staff: counts add up, nobody is counted twice, what is not known is said."""

from datetime import date

import pytest

from services.registry.composition.composition import Member, compose
from services.registry.composition.facts import Education, Facts, Gender, age, check
from shared.errors import Invalid

DAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("born", "years"),
    [("1981-11-18", 45), ("1981-11-19", 44), ("1981", 45), ("1981-12", 44), ("2000-02-29", 26), ("1971-11", 55)],
)
def test_age_is_in_whole_years(born: str, years: int) -> None:
    assert age(born, DAY) == years


@pytest.mark.parametrize("born", ["2011", "1925", "1980-13", "1980-02-30", "80", "１９８０"])
def test_a_birth_of_nobody_who_works_is_refused(born: str) -> None:
    with pytest.raises(Invalid):
        check(Facts(born), DAY)


def test_people_are_counted_once_but_in_each_of_their_roles() -> None:
    staff = [
        Member("P1", ["grid_worker", "grid_worker"], Facts("1981-11-18", Gender.FEMALE, Education.COLLEGE)),
        Member("P2", ["leader", "grid_worker"], Facts("1971", Gender.MALE, None)),
        Member("P3", ["leader"], Facts()),
    ]
    found = compose(staff, DAY)
    assert (found.people, found.posts, found.concurrent, found.aged, found.average_age) == (3, 5, 2, 2, 50.0)
    assert found.by_role == {"grid_worker": 2, "leader": 2}
    assert found.by_age == {"under_45": 0, "45_54": 1, "55_up": 1, "unknown": 1}
    assert found.by_gender == {"female": 1, "male": 1, "unknown": 1}
    assert found.by_education["college"] == 1 and found.by_education["unknown"] == 2
    assert compose([], DAY).average_age is None
