"""Proposals end to end: who proposes, who sees, who decides, and what has happened to units afterwards."""

from dataclasses import replace
from typing import Any

import httpx2
import pytest

from services.registry.city.import_city import City
from services.registry.units.kinds import Kind
from services.registry.units.unit import UnitState
from shared.auth.principal import Role
from tests.registry.conftest import Registry
from tests.registry.toy_city import UNITS, square, state

pytestmark = pytest.mark.anyio

T_LAND = square(113.1, 28.0, 0.1)
S_LESS = square(113.0, 28.0, 0.08)
T_MORE = {
    "type": "Polygon",
    "coordinates": [[[113.08, 28.0], [113.2, 28.0], [113.2, 28.1], [113.08, 28.1], [113.08, 28.0]]],
}
KEPT = state("R1-D-MZ", Kind.DEPARTMENT, "R1", functions=("civil_affairs",), serves=("R1",))
OFFICE = state("R1-T-D-CG", Kind.DEPARTMENT, "R1-T", functions=("city_appearance",), serves=("R1-T", "R1-S"))
CITY = City((*UNITS, state("R1-T", Kind.STREET, "R1", boundary=T_LAND), state("R1-T-01", Kind.COMMUNITY, "R1-T"), KEPT))


def known(code: str, **different: Any) -> UnitState:
    return replace(next(unit for unit in CITY.units if unit.code == code), **different)


def wanted(unit: UnitState, version: int | None = None) -> dict[str, Any]:
    facts = {
        name: list(value) if isinstance(value, tuple) else value
        for name in UnitState.__dataclass_fields__
        if name != "code" and (value := getattr(unit, name)) is not None
    }
    return {"code": unit.code, "version": version, "unit": {**facts, "valid_from": unit.valid_from.isoformat()}}


GROUND = [wanted(known("R1-S", boundary=S_LESS), 1), wanted(known("R1-T", boundary=T_MORE), 1)]


async def propose(registry: Registry, *changes: Any, role: Role = Role.LEADER, unit: str | None = "R1-T") -> Any:
    body = {"changes": list(changes), "why": "河道整治后以新河为界"}
    return await registry.call("POST", "/proposals", body, role=role, unit=unit)


async def decide(
    registry: Registry, proposal: Any, verb: str, unit: str | None, role: Role = Role.LEADER, **body: Any
) -> httpx2.Response:
    path = f"/proposals/{proposal['id']}/{verb}"
    return await registry.call("POST", path, body, role=role, unit=unit, if_match=str(proposal["version"]))


async def proposed(registry: Registry, *changes: Any, **who: Any) -> Any:
    answer = await propose(registry, *changes, **who)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_border_moves_at_once_on_both_sides_when_the_unit_above_both_approves(registry: Registry) -> None:
    await registry.fill(CITY)
    for one in GROUND:
        alone = {**one["unit"], "why": "以新河为界"}
        answer = await registry.call("PUT", f"/units/{one['code']}", alone, role=Role.ADMIN, unit="R1-T", if_match="1")
        assert answer.status_code in (403, 422), answer.text
    proposal = await proposed(registry, *GROUND, role=Role.ADMIN)
    assert (proposal["decided_in"], proposal["concerned"]) == ("R1", ["R1-S", "R1-T"])
    assert [change["before"]["boundary"] for change in proposal["changes"]][1] == T_LAND
    assert (await registry.get("/units/R1-T"))["version"] == 1

    approved = await decide(registry, proposal, "approve", "R1", why="同意")
    assert approved.status_code == 200, approved.text
    assert (approved.json()["state"], approved.json()["decided_by"]) == ("approved", "leader@R1")
    assert (await registry.get("/units/R1-S"))["boundary"] == S_LESS
    assert (await registry.get("/units/R1-T"))["boundary"] == T_MORE
    for path, actions in (
        ("/units/R1-S", ["register", "change"]),
        ("/units/R1-T", ["register", "change"]),
        (f"/proposals/{proposal['id']}", ["propose", "approve"]),
    ):
        entries = (await registry.get(f"{path}/trail"))["entries"]
        assert [entry["action"] for entry in entries] == actions
        if path.startswith("/units"):
            assert entries[-1]["what"]["proposal"] == proposal["id"]
            assert entries[-1]["what"]["proposed_by"] == "admin@R1-T"
    assert [event["version"] for event in await registry.events("R1-S")] == [1, 2]
    await registry.assert_trails_hold()


async def test_each_kind_of_what_draws_others_work_is_approved_and_then_true(registry: Registry) -> None:
    await registry.fill(CITY)
    for unit, version, concerned in (
        (OFFICE, None, ["R1-S", "R1-T"]),
        (replace(OFFICE, code="R1-T-D-MZ", functions=("civil_affairs",), serves=("R1-T",)), None, ["R1-D-MZ", "R1-T"]),
        (known("R1-S-01-002", parent="R1-T-01"), 1, ["R1-S-01-002", "R1-T-01"]),
        (known("R1-T-01", aliases=("柳湾",)), 1, ["R1-S", "R1-T-01"]),
    ):
        proposal = await proposed(registry, wanted(unit, version))
        assert (proposal["concerned"], proposal["decided_in"]) == (concerned, "R1")
        assert (await decide(registry, proposal, "approve", "R1")).status_code == 200
        assert (await registry.get(f"/units/{unit.code}"))["serves"] == list(unit.serves)
    await registry.assert_trails_hold()


async def test_who_may_not_propose(registry: Registry) -> None:
    await registry.fill(CITY)
    rows = await registry.rows()
    for changes, who, status, code in (
        (GROUND, {"unit": "R1-S-01"}, 403, "outside_reach"),
        (GROUND, {"unit": None}, 403, "outside_reach"),
        (GROUND, {"role": Role.DISPATCHER}, 403, "role_not_permitted"),
        (GROUND, {"unit": "R1"}, 409, "proposal_not_needed"),
        ([wanted(known("R1-T-01"), 1)], {}, 409, "proposal_not_needed"),
        ([wanted(OFFICE, 1)], {}, 404, "unit_not_found"),
        ([wanted(known("R1-T-01"), 2)], {}, 412, "version_mismatch"),
        (GROUND[1:], {"role": Role.ADMIN}, 422, "boundary_overlaps"),
        ([*GROUND, GROUND[0]], {"role": Role.ADMIN}, 422, "proposal_unit_repeated"),
        ([], {}, 422, "too_short"),
    ):
        answer = await propose(registry, *changes, **who)
        codes = {answer.json().get("code"), *(error["code"] for error in answer.json().get("errors", ()))}
        assert (answer.status_code, code in codes) == (status, True), answer.text
    assert await registry.rows() == rows


async def test_only_who_stands_above_both_decides_and_never_who_proposed(registry: Registry) -> None:
    await registry.fill(CITY)
    proposal = await proposed(registry, wanted(OFFICE))
    for unit, role, status, code in (
        ("R1-T", Role.LEADER, 403, "outside_reach"),
        ("R1-T", Role.ADMIN, 403, "outside_reach"),
        ("R1-S", Role.LEADER, 403, "outside_reach"),
        ("R1-S-02", Role.ADMIN, 404, "proposal_not_found"),
        ("R1", Role.DISPATCHER, 403, "role_not_permitted"),
        ("R1-D-MZ", Role.LEADER, 404, "proposal_not_found"),
    ):
        answer = await decide(registry, proposal, "approve", unit, role)
        assert (answer.status_code, answer.json()["code"]) == (status, code), (unit, role)
    # The same person with a post above both has still proposed it.
    own = await registry.client.post(
        f"/proposals/{proposal['id']}/approve", json={},
        headers={"authorization": f"Bearer {registry.token_of('leader@R1-T', Role.ADMIN, 'R1')}", "if-match": '"1"'},
    )  # fmt: skip
    assert (own.status_code, own.json()["code"]) == (403, "proposal_own")
    assert (await registry.get(f"/proposals/{proposal['id']}"))["state"] == "proposed"
    assert (await decide(registry, proposal, "approve", None, Role.ADMIN)).status_code == 200


async def test_what_concerns_a_whole_district_is_decided_above_it(registry: Registry) -> None:
    await registry.fill(CITY)
    proposal = await proposed(registry, wanted(replace(OFFICE, serves=("R1",))))
    assert proposal["decided_in"] == "R"
    assert (await decide(registry, proposal, "approve", "R1")).status_code == 403
    other = await proposed(registry, wanted(replace(OFFICE, code="R1-T-D-2", serves=("R",))))
    assert other["decided_in"] is None
    assert (await decide(registry, other, "approve", "R", Role.ADMIN)).status_code == 403
    assert (await decide(registry, other, "approve", None, Role.ADMIN)).status_code == 200


async def test_both_sides_and_the_unit_above_see_it_and_whoever_is_to_decide_finds_it_waiting(
    registry: Registry,
) -> None:
    await registry.fill(CITY)
    first = await proposed(registry, wanted(OFFICE))
    second = await proposed(registry, wanted(known("R1-T-01", aliases=("柳湾",)), 1))
    for role, unit, seen, waiting in (
        (Role.LEADER, "R1", [first, second], [first, second]),
        (Role.ADMIN, None, [first, second], [first, second]),
        (Role.LEADER, "R1-T", [first, second], []),
        (Role.LEADER, "R1-S", [first, second], []),
        (Role.SUPERVISOR, "R1-S", [first, second], []),
        (Role.LEADER, "R1-S-02", [], []),
        (Role.GRID_WORKER, None, [], []),
    ):
        for query, expected in (("", seen), ("?waiting=true", waiting), ("?state=declined", [])):
            page = await registry.get(f"/proposals{query}", role=role, unit=unit)
            assert [item["id"] for item in page["items"]] == [one["id"] for one in expected], (role, unit, query)
    assert (await registry.call("GET", "/proposals", role=Role.RESIDENT, unit="R1-T")).status_code == 403


async def test_what_is_stale_is_a_conflict_that_says_so_and_nothing_is_changed(registry: Registry) -> None:
    await registry.fill(CITY)
    proposal = await proposed(registry, *GROUND, role=Role.ADMIN)
    between = wanted(known("R1-S", name="新柳湾街道"), 1)["unit"]
    assert (await registry.call("PUT", "/units/R1-S", between, unit="R1", if_match="1")).status_code == 200
    rows = await registry.rows()
    stale = await decide(registry, proposal, "approve", "R1")
    assert (stale.status_code, stale.json()["code"]) == (409, "proposal_stale")
    assert "重新提出" in stale.json()["title_zh"]
    assert await registry.rows() == rows
    assert (await registry.get("/units/R1-T"))["boundary"] == T_LAND
    declined = await decide(registry, proposal, "decline", "R1", why="街道已改名，请重提")
    assert (declined.json()["state"], declined.json()["answer"]) == ("declined", "街道已改名，请重提")
    again = await decide(registry, declined.json(), "approve", "R1")
    assert (again.status_code, again.json()["code"]) == (409, "proposal_action_not_possible")


async def test_who_proposed_withdraws_and_nobody_else(registry: Registry) -> None:
    await registry.fill(CITY)
    proposal = await proposed(registry, wanted(OFFICE))
    other = await decide(registry, proposal, "withdraw", "R1")
    assert (other.status_code, other.json()["code"]) == (403, "proposal_not_yours")
    assert (await decide(registry, proposal, "withdraw", "R1-T")).json()["state"] == "withdrawn"
    assert (await decide(registry, proposal | {"version": 2}, "approve", "R1")).status_code == 409


async def test_a_refusal_says_who_decides_so_that_it_can_be_proposed(registry: Registry) -> None:
    await registry.fill(CITY)
    answer = await registry.call("PUT", f"/units/{OFFICE.code}", wanted(OFFICE)["unit"], role=Role.LEADER, unit="R1-T")
    assert (answer.status_code, answer.json()["code"]) == (403, "unit_needs_approval")
    assert answer.json()["data"]["decided_in"] == "R1"
    assert "变更申请" in answer.json()["title_zh"]
