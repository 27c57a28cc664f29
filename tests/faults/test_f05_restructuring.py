"""F5: registry's worker is killed while it applies a restructuring, and while it publishes it; nobody ever sees half."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from shared.auth.principal import Role
from tests.faults.conftest import ALL, SEEDS
from tests.faults.figures import Figures
from tests.faults.rig import Rig
from tests.support.cluster import eventually

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]
PLANS = 3 if ALL else 1
KILLS = "restructuring.before_commit=kill:0.5;relay.after_ack=kill;consumer.before_offset=kill:0.2"
DEATHS = 4
"""Starts within one plan that end like that: a relay that always dies never gets further, and a start may take twelve seconds."""
OTHERS = ("intake", "dispatch", "supervision")
_THERE = (
    "SELECT code FROM {service}.units WHERE kind = 'grid' AND left(code, length($1)) = $1"
    " AND (valid_to IS NULL OR valid_to > (now() AT TIME ZONE 'Asia/Shanghai')::date)"
)
_BEFORE = "valid_from < (now() AT TIME ZONE 'Asia/Shanghai')::date"
"""What begins today cannot end today."""


class Street:
    """A street whose grids are merged, two and two, again and again."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        ((self.code,),) = rig.query(
            "registry",
            "SELECT parent FROM (SELECT c.parent, count(*) AS grids FROM registry.units g JOIN registry.units c ON c.code = g.parent"
            f" WHERE g.kind = 'grid' AND g.valid_to IS NULL AND g.{_BEFORE} GROUP BY c.parent) AS s"
            " ORDER BY grids DESC, parent LIMIT 1",
        )

    def grids(self, service: str) -> frozenset[str]:
        return frozenset(code for (code,) in self.rig.query(service, _THERE.format(service=service), self.code))

    def steps(self, mark: str, plans: int) -> Iterator[dict[str, Any]]:
        """Mergers of all grids of some communities, two and two, which leave some for each of the `plans` still to come."""
        of_community: dict[str, list[str]] = {}
        for code, parent in self.rig.query(
            "registry",
            f"SELECT code, parent FROM registry.units WHERE kind = 'grid' AND valid_to IS NULL AND {_BEFORE} ORDER BY code",
        ):
            if parent.startswith(self.code):
                of_community.setdefault(parent, []).append(code)
        for community, codes in list(of_community.items())[: -(-len(of_community) // plans)]:
            for at in range(0, len(codes) - 1, 2):
                new = {"code": f"{community}-{mark}{at:02d}", "name": f"{community}并{mark}{at}网格"}
                yield {"kind": "merge", "units": codes[at : at + 2], "into": [new]}

    def restructure(self, mark: str, plans: int) -> str:
        """A plan for today, the first of so many, sent on its way; its id."""
        token = self.rig.token(Role.ADMIN, None)
        today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
        headers = {"authorization": f"Bearer {token}"}
        body = {"effective_from": today, "steps": list(self.steps(mark, plans)), "why": "F5"}

        async def send() -> str:
            async with httpx2.AsyncClient(base_url=f"{self.rig.cluster.url}/registry", timeout=30) as client:
                drafted = await client.post("/restructurings", json=body, headers=headers)
                assert drafted.status_code == 201, drafted.text
                plan = drafted.json()
                headers["if-match"] = f'"{plan["version"]}"'
                sent = await client.post(f"/restructurings/{plan['id']}/submit", headers=headers)
                assert sent.status_code == 200, sent.text
                assert sent.json()["state"] == "approved"
                return str(plan["id"])

        return asyncio.run(send())


@pytest.mark.fault("F5", "registry's worker killed while it applies and publishes a restructuring", short=True)
def test_a_restructuring_is_seen_whole_whoever_dies_meanwhile(
    rig: Rig, figures: Figures, seed: int, tmp_path: Path
) -> None:
    street, looks = Street(rig), 0
    left = PLANS * (len(SEEDS) - SEEDS.index(seed))  # of all runs: they share the cluster, and so the street
    with rig.load(tmp_path, seed, rate=8.0) as load:
        deaths = 0
        for number in range(PLANS):
            with rig.armed("registry-worker", KILLS):
                first = rig.starts("registry-worker")
                before = street.grids("registry")
                plan = street.restructure(f"F{seed}{number}", left - number)
                until = time.monotonic() + 120
                done: set[str] = set()
                after: frozenset[str] | None = None
                while len(done) < len(OTHERS):
                    assert time.monotonic() < until, f"not seen: {set(OTHERS) - done}; {rig.workers()}"
                    if rig.starts("registry-worker") - first >= DEATHS:
                        rig.spare()
                    ((state,),) = rig.query(
                        "registry", "SELECT state FROM registry.restructurings WHERE id::text = $1", plan
                    )
                    if state == "applied":
                        after = after or street.grids("registry")
                    for service in OTHERS:
                        seen, looks = street.grids(service), looks + 1
                        assert seen in (before, after), f"{service} saw half of it"
                        if seen == after:
                            done.add(service)
                    time.sleep(0.05)
                assert eventually(lambda: rig.starts("registry-worker") > first, 60), "nobody died"
                deaths += rig.starts("registry-worker") - first
        load.wait_acked(5)
    verdict = rig.verdict(load)
    left = "SELECT count(*) FROM dispatch.work_orders w JOIN dispatch.successions s ON s.unit = w.area AND s.successor <> s.unit WHERE w.closed_at IS NULL"
    assert eventually(lambda: rig.query("dispatch", left) == [(0,)], 90), "work is left at units that have ended"
    figures.note(acked=verdict.acked, deaths=deaths, looks=looks, settled_s=verdict.settled)
