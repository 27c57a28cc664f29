"""Numbers of units: what lies below is added once, whatever the depth, and a share without a base is none."""

from services.registry.summary.numbers import Numbers, rolled_up

TREE = {"A": None, "A-1": "A", "A-2": "A", "A-1-1": "A-1"}


def test_numbers_go_up_the_tree_once() -> None:
    own = {
        "A-1-1": Numbers(by_category={"shop": 2}, inspected=1, found=3),
        "A-1": Numbers(by_category={"shop": 1, "crowded": 1}, found=1),
        "A-2": Numbers(duties_due=4, duties_kept=3),
        "elsewhere": Numbers(found=9),
    }
    told = rolled_up(own, TREE)
    assert told["A-1-1"].found == 3
    assert (told["A-1"].found, dict(told["A-1"].by_category)) == (4, {"shop": 3, "crowded": 1})
    assert (told["A"].found, told["A"].premises, told["A"].inspected_share, told["A"].kept_share) == (4, 4, 0.25, 0.75)
    assert told["A-2"].inspected_share is None
