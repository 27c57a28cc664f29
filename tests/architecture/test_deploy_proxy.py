"""The proxy before the apis in the compose file: its configuration is accepted, and does what it should, in HAProxy."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPSConnection
from pathlib import Path

import httpx2
import pytest

from gridgov.cluster import front
from services.intake.feedback import page_report_api
from services.manifest import SERVICES
from shared.http import sheets
from shared.settings import Settings
from tests.support.cluster import eventually
from tests.support.compose import compose
from tests.support.haproxy import CONFIGURATION, Api, Proxy, checked, configured, running_proxy

KEYED = {"idempotency-key": "k-1"}


@pytest.fixture(scope="module")
def apis() -> Iterator[dict[str, list[Api]]]:
    made = {"intake": [Api("intake-1"), Api("intake-2")], "dispatch": [Api("dispatch-1")]}
    yield made
    for api in (api for each in made.values() for api in each):
        api.close()


@pytest.fixture(scope="module")
def proxy(apis: dict[str, list[Api]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with running_proxy(tmp_path_factory.mktemp("proxy"), apis) as running:
        yield running


def test_haproxy_accepts_it_and_would_refuse_a_mistake(tmp_path: Path) -> None:
    file = configured(tmp_path, {}, {})
    assert checked(file).returncode == 0, checked(file).stderr
    file.write_text(file.read_text("utf-8").replace("balance leastconn", "balance leastcon"), "utf-8")
    assert "leastcon" in checked(file).stderr
    assert checked(file).returncode == 1


def test_it_knows_every_service() -> None:
    text = CONFIGURATION.read_text("utf-8")
    assert re.findall(r"^backend (\w+) from api$", text, re.MULTILINE) == list(SERVICES)
    assert re.findall(r"server-template api 12 (\S+)", text) == [f"{name}-api:8000" for name in SERVICES]
    (known,) = re.findall(r"acl known path_beg (.*)", text)
    assert known.split() == ["/app/", *(f"/{name}/" for name in SERVICES)]


def test_it_lets_through_what_any_api_takes_and_asks_again_where_the_front_does() -> None:
    text = CONFIGURATION.read_text("utf-8")
    (most,) = map(int, re.findall(r"content-length\) gt (\d+)", text))
    (of_a_photo,) = (each.le for each in Settings.model_fields["file_bytes"].metadata if hasattr(each, "le"))
    assert most >= max(of_a_photo, sheets.LARGEST, page_report_api.MOST_BYTES)
    (keyed,) = re.findall(r"{ path (/[^}]+) } { req.hdr\(idempotency-key\)", text)
    assert set(keyed.split()) == front.KEYED


def test_what_comes_without_tls_is_sent_to_the_same_address_with_it(proxy: Proxy) -> None:
    answer = proxy.plain.post("/intake/reports?a=%E5%8D%95", content=b"x")
    assert answer.status_code == 308, "the method stays"
    assert answer.headers["location"] == f"https://localhost:{proxy.https_port}/intake/reports?a=%E5%8D%95"


@pytest.mark.parametrize("service", ["intake", "dispatch"])
def test_each_path_goes_to_its_service_unchanged(proxy: Proxy, service: str) -> None:
    answer = proxy.https.get(
        f"/{service}/things/%E5%8D%95?a=1", headers={"x-forwarded-for": "1.2.3.4", "forwarded": "x"}
    )
    said = answer.json()
    assert said["api"].startswith(service)
    assert said["path"] == f"/{service}/things/%E5%8D%95?a=1"
    assert "forwarded" not in said["headers"]
    assert said["headers"]["x-forwarded-for"] == "127.0.0.1", "nobody can say that he is somebody else"
    assert answer.headers["strict-transport-security"].startswith("max-age=")


@pytest.mark.parametrize("path", ["/elsewhere", "/intake", "/metrics", "/intake/metrics", "/dispatch/readyz", "/livez"])
def test_what_is_not_for_strangers_is_not_there(proxy: Proxy, path: str) -> None:
    answer = proxy.https.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.headers["content-type"] == "application/problem+json"


def test_prometheus_and_the_health_check_find_it_inside(proxy: Proxy) -> None:
    port = str(proxy.inner.base_url.port)
    command = [
        word.replace("/8000;", f"/{port};") for word in compose()["services"]["proxy"]["healthcheck"]["test"][1:]
    ]
    assert subprocess.run(command, check=False).returncode == 0
    assert (
        subprocess.run([word.replace(port, "9") for word in command], check=False, stderr=subprocess.DEVNULL).returncode
        != 0
    )
    assert proxy.servers_up("intake") == 2
    assert proxy.inner.get("/intake/reports").status_code == 404


def test_a_body_that_is_too_large_is_refused_before_it_is_sent(proxy: Proxy) -> None:
    with closing(HTTPSConnection("localhost", proxy.https_port, context=proxy.trust, timeout=10)) as connection:
        connection.putrequest("POST", "/intake/reports")
        connection.putheader("content-length", str(101 << 20))
        connection.endheaders()
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    ("method", "path", "headers", "times"),
    [
        ("GET", "/intake/drop", {}, 4),
        ("POST", "/intake/drop", KEYED, 1),
        ("POST", "/intake/reports?drop", KEYED, 4),
        ("POST", "/intake/reports?drop", {}, 1),
        ("POST", "/intake/reports/1/joined?drop", KEYED, 1),
        ("POST", "/dispatch/drop", {}, 1),
    ],
)
def test_only_what_may_be_done_twice_is_asked_again(
    proxy: Proxy, apis: dict[str, list[Api]], method: str, path: str, headers: dict[str, str], times: int
) -> None:
    """The answer is lost each time: once and three tries more, or once."""
    every = [api for each in apis.values() for api in each]
    before = sum(api.asked[path] for api in every)
    # On a connection that was used before HAProxy hangs up instead, as RFC 9112 §9.3.1 lets it: the caller decides.
    with httpx2.Client(base_url=proxy.https.base_url, verify=proxy.trust, timeout=10) as caller:
        answer = caller.request(method, path, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (502, "unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert sum(api.asked[path] for api in every) - before == times


def test_an_event_goes_on_when_it_comes(proxy: Proxy, apis: dict[str, list[Api]]) -> None:
    with proxy.https.stream("GET", "/dispatch/changes") as answer:
        events = answer.iter_text()
        assert next(events) == "data: 1\n\n"
        apis["dispatch"][0].go_on.set()
        assert next(events) == "data: 2\n\n"


def test_one_api_away_is_not_noticed_and_none_is_said(apis: dict[str, list[Api]], tmp_path: Path) -> None:
    pair = [Api("one"), Api("other")]
    with running_proxy(tmp_path, {"intake": pair}) as proxy:
        pair[0].close()
        for number in range(20):  # before its health check fails, too
            assert proxy.https.post(f"/intake/things/{number}").json()["api"] == "other"
        assert eventually(lambda: proxy.servers_up("intake") == 1)
        pair[1].close()
        assert eventually(lambda: proxy.servers_up("intake") == 0)
        answer = proxy.https.get("/intake/things")
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert proxy.https.get("/dispatch/things").status_code == 503, "no server was ever there"
