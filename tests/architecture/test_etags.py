"""Who changes an aggregate over HTTP is told its new version: else their own next change would be refused as stale."""

import inspect
from collections.abc import Iterator
from importlib import import_module

from fastapi.routing import APIRoute

from shared.http import sheets
from tests.architecture.sources import module_of, slice_files

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
WITHOUT = {
    "services.intake.feedback.page_api.answered": "a form whose answer is a page; it changes nothing",
    **{
        f"services.registry.accounts.session_api.{name}": "a session has no version: its browser alone changes it"
        for name in ("sign_in", "sign_in_by_link", "renewal", "choose", "sign_out", "change_password")
    },
    **{
        f"services.intake.triage.api.{name}": "who looks at a report is no state of it: its version stays"
        for name in ("claim", "release")
    },
    "services.intake.feedback.upload_api.upload": "a photo has no version",
    "services.intake.feedback.page_report_api.sent": "a page for people, who send it once",
    "services.dispatch.work_orders.batch_api.batch": "each item's answer says its new version",
    "services.registry.accounts.sheet_api.import_": "makes many accounts at once; each has an ETag of its own",
    "services.registry.duties.plan_api.apply": "has plans applied again, and changes none",
}
"""Endpoint → why its answer has no ETag."""


def endpoints() -> Iterator[tuple[str, str]]:
    """Every endpoint of the slices that changes something: its name and its source. Imports of tables change many things
    at once, each with an ETag of its own: the kit makes them, and their answers tell counts."""
    for file in slice_files():
        if file.name.endswith("api.py"):
            for route in import_module(module_of(file)).routes.routes:
                if not isinstance(route, APIRoute) or route.endpoint.__module__ == sheets.__name__:
                    continue
                if CHANGING & (route.methods or set()):
                    yield f"{module_of(file)}.{route.name}", inspect.getsource(route.endpoint)


def test_every_answer_to_a_change_has_the_new_etag() -> None:
    found = dict(endpoints())
    assert len(found) > 10
    assert {name for name, source in found.items() if "answer(response" not in source} == WITHOUT.keys()
