"""The pages are checked against these documents: `web/openapi/<service>.json` is what the service says of itself.

After a change of a route or a body: `python -m tests.contracts.test_openapi` writes them anew; it needs neither Node nor
a database. `make lint` then says where the pages no longer fit.
"""

import asyncio
import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from services.manifest import SERVICES
from shared.auth.tokens import LocalIssuer, LocalVerifier
from shared.bus.postgres.bus import PostgresBus
from shared.clock import SetClock
from shared.db.engine import open_engine
from shared.service import Resources
from shared.settings import Settings
from shared.telemetry.metrics import Metrics
from tests.conftest import NOON

FOLDER = Path(__file__).resolve().parents[2] / "web" / "openapi"
NOWHERE = "nobody@127.0.0.1:1/nothing"
"""A document is what the code says: nothing is connected to."""


@cache
def documents() -> dict[str, dict[str, Any]]:
    async def built(keys: Path) -> dict[str, dict[str, Any]]:
        clock = SetClock(NOON)
        found = {}
        for name, row in SERVICES.items():
            engine = open_engine(f"postgresql+asyncpg://{NOWHERE}", service=name)
            bus = PostgresBus(f"postgresql://{NOWHERE}")
            resources = Resources(
                Settings(files=str(keys / "files")), clock, engine, bus, LocalVerifier(keys, clock),
                Metrics(CollectorRegistry()), keys, LocalIssuer(keys, clock),
            )  # fmt: skip
            service = await row.build(resources, reacts=False)
            found[name] = service.api.openapi()
            await engine.dispose()
        return found

    with TemporaryDirectory() as keys:
        return asyncio.run(built(Path(keys)))


def text(service: str) -> str:
    return json.dumps(documents()[service], ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@pytest.mark.parametrize("service", SERVICES)
def test_the_document_on_file_is_what_the_service_says(service: str) -> None:
    on_file = (FOLDER / f"{service}.json").read_text("utf-8")
    assert on_file == text(service), "run python -m tests.contracts.test_openapi and commit web/openapi"


@pytest.mark.parametrize("service", SERVICES)
def test_no_schema_leaves_a_page_guessing(service: str) -> None:
    """An object without known fields is `unknown` in TypeScript; those that may be so are named here."""
    schemas = documents()[service]["components"]["schemas"]
    loose = {
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, kind in schema.get("properties", {}).items()
        if kind.get("type") == "object"
        and not {"properties", "additionalProperties", "patternProperties"} & kind.keys()
    }
    assert loose <= LOOSE


LOOSE = {"Problem.data"}


@pytest.mark.parametrize("service", SERVICES)
def test_no_two_classes_of_one_name_give_a_schema_the_path_of_its_module(service: str) -> None:
    """FastAPI does so where a service shows two: both change their names for every client."""
    long = {name for name in documents()[service]["components"]["schemas"] if "__" in name}
    told = {name.rpartition("__")[2] for name in long - TWICE}
    clashing = sorted(name.replace("__", ".") for name in long if name.rpartition("__")[2] in told)
    assert not clashing, f"classes of the same name: rename the newer of {', '.join(clashing)}"


TWICE = {
    f"services__registry__{name}"
    for name in (
        "accounts__lifecycle__Action", "accounts__lifecycle__State", "availability__leave__Action",
        "availability__leave__Kind", "availability__leave__State", "availability__schemas__AnswerBody",
        "duties__duty__Action", "duties__duty__State", "hazards__lifecycle__Action", "hazards__lifecycle__State",
        "inspections__inspection__Kind", "proposals__proposal__State", "proposals__schemas__AnswerBody",
        "restructuring__lifecycle__State", "units__kinds__Kind",
    )
}  # fmt: skip
"""Those that clients know by these names."""


def test_both_would_see_a_change() -> None:
    service = next(iter(SERVICES))
    changed = json.loads(text(service))
    changed["paths"].popitem()
    assert json.dumps(changed, ensure_ascii=False, indent=1, sort_keys=True) + "\n" != text(service)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for each in SERVICES:
        (FOLDER / f"{each}.json").write_text(text(each), "utf-8")
