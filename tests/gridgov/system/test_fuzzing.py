"""Every operation of every service under generated input, over real HTTP: no answer is a server error.

The schema itself drives it (Schemathesis): values at the edges of what it allows and values that it forbids.
"""

from collections.abc import Iterator
from re import Pattern
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from hypothesis.strategies._internal import regex

from services.manifest import SERVICES
from tests.support.embedded import FirstStart, Instance, copied

EXAMPLES = 6
"""Per operation: a selection that fits into the test run; raise it for a long one by hand."""
STREAM = "/changes"
"""It takes no input and does not end by itself: it is read twice, for three seconds each."""
PAGES = ("/public/follow", "/public/report")
"""A page for a browser without scripts: its refusals are pages too, as nobody there reads JSON."""

# Pieces of a tus upload are plain bytes.
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")


@pytest.fixture(scope="module", autouse=True)
def each_pattern_once() -> Iterator[None]:
    """Three quarters of the time went into the strategies of the same few patterns, which are made anew for every field:
    half a second for a class with 20,000 Chinese characters."""
    make, made = regex.base_regex_strategy, dict[tuple[str, ...], SearchStrategy[Any]]()

    def once(compiled: Pattern[Any], **how: Any) -> SearchStrategy[Any]:
        key = repr(compiled.pattern), str(compiled.flags), *(f"{name} {value!r}" for name, value in how.items())
        if key not in made:
            made[key] = make(compiled, **how)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(regex, "base_regex_strategy", once)
        yield


@pytest.fixture(scope="module")
def up(first_start: FirstStart) -> Iterator[Instance]:
    with copied(first_start) as instance:
        instance.start()
        yield instance
        instance.stop()


@pytest.mark.timeout(400)  # registry has two hundred operations
@pytest.mark.parametrize("service", SERVICES)
def test_no_input_makes_a_server_error(up: Instance, service: str) -> None:
    base = f"http://127.0.0.1:{up.port}/{service}"
    schema = schemathesis.openapi.from_url(f"{base}/openapi.json")
    headers = {"Authorization": f"Bearer {up.run('token', '--role', 'admin').stdout.strip()}"}
    operations = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        operations += 1
        stream = operation.path == STREAM
        refusals = ("application/problem+json", *(["text/html"] if operation.path in PAGES else []))

        @settings(
            max_examples=2 if stream else EXAMPLES,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def no_server_error(case: schemathesis.Case) -> None:
            answer = case.call(base_url=base, headers=headers, timeout=3 if stream else 10)
            assert answer.status_code < 500 or answer.status_code == 503, (case.as_curl_command(), answer.text)
            if answer.status_code >= 400:
                assert answer.headers["content-type"][0].startswith(refusals), (case.as_curl_command(), answer.text)

        no_server_error()
    assert operations >= 3
    assert requests.get(f"{base}/livez", timeout=5).status_code == 200
