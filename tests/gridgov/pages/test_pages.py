"""The built pages over HTTP: only what was built, under the strict policy, and words where nothing was."""

import gzip
import json
import os
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from gridgov.pages.built import POLICY, BuiltPages
from gridgov.pages.site import pages_site

SCRIPT = b"console.log(1)" * 200


def build(folder: Path, script: bytes = SCRIPT, stamp: int = 1) -> None:
    files = {
        ".vite/manifest.json": json.dumps({"stamp": stamp}).encode(),
        "desk/index.html": b"<!doctype html><title>desk</title>",
        "phone/index.html": b"<!doctype html><title>phone</title>",
        "phone/worker.js": b"self.x = 1",
        "phone/manifest.webmanifest": b"{}",
        "assets/desk-abc.js": script,
        "assets/desk-abc.js.gz": gzip.compress(script),
        "icons/icon.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    os.utime(folder / ".vite/manifest.json", ns=(stamp * 10**9, stamp * 10**9))


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    build(tmp_path / "dist")
    return tmp_path / "dist"


def asked(dist: Path) -> TestClient:
    return TestClient(pages_site(BuiltPages(dist)), base_url="http://gridgov", follow_redirects=False)


@pytest.fixture
def client(dist: Path) -> TestClient:
    return asked(dist)


@pytest.mark.parametrize("path", ["/app/desk/", "/app/desk/inbox", "/app/desk/inbox/01a2-3?state=assigned"])
def test_every_page_of_an_entry_is_the_entry_and_asked_for_anew(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "<title>desk</title>" in answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-security-policy"] == POLICY
    assert "unsafe" not in POLICY
    assert answer.headers["permissions-policy"].startswith("camera=(self)")
    assert answer.headers["x-content-type-options"] == "nosniff"
    again = client.get(path, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_entry_without_its_slash_is_sent_there(client: TestClient) -> None:
    answer = client.get("/app/desk")
    assert (answer.status_code, answer.headers["location"]) == (308, "/app/desk/")


def test_a_file_with_a_hash_is_kept_for_ever_and_comes_packed(client: TestClient) -> None:
    packed = client.get("/app/assets/desk-abc.js")
    assert packed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == SCRIPT, "the client unpacked it"
    plain = client.get("/app/assets/desk-abc.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == SCRIPT
    assert plain.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    ("path", "kind"),
    [("phone/worker.js", "text/javascript"), ("phone/manifest.webmanifest", "application/manifest+json"), ("icons/icon.svg", "image/svg+xml")],
)  # fmt: skip
def test_other_files_are_asked_for_anew(client: TestClient, path: str, kind: str) -> None:
    answer = client.get(f"/app/{path}")
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "assets/gone.js", "desk/gone.js", "nothing/", "nothing", ".vite/manifest.json", "assets/desk-abc.js.gz",
        "../pyproject.toml", "%2e%2e/pyproject.toml", "desk/../../pyproject.toml", "desk/%2e%2e%2fsecret.pem",
    ],
)  # fmt: skip
def test_nothing_else_is_there(client: TestClient, dist: Path, path: str) -> None:
    (dist.parent / "pyproject.toml").write_text("secret")
    (dist.parent / "secret.pem").write_text("secret")
    answer = client.get(f"/app/{path}")
    assert "secret" not in answer.text
    assert answer.status_code == 404, answer.text[:100]
    assert answer.json()["code"] == "no_such_path"


def test_a_person_at_a_wrong_address_is_told_where_to_go(client: TestClient) -> None:
    answer = client.get("/app/dest/", headers={"accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, "没有这个页面" in answer.text) == (404, True)
    assert 'href="/app/desk/"' in answer.text


def test_pages_are_only_read(client: TestClient) -> None:
    answer = client.post("/app/desk/")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    head = client.head("/app/desk/")
    assert (head.status_code, head.content) == (200, b"")


def test_another_build_is_served_without_a_restart(client: TestClient, dist: Path) -> None:
    assert client.get("/app/assets/desk-abc.js").content == SCRIPT
    build(dist, b"new" * 500, stamp=2)
    assert client.get("/app/desk/").status_code == 200
    assert client.get("/app/assets/desk-abc.js").content == b"new" * 500


def test_a_packed_file_of_another_build_is_not_given(dist: Path) -> None:
    (dist / "assets/desk-abc.js.gz").write_bytes(gzip.compress(b"older"))
    assert asked(dist).get("/app/assets/desk-abc.js").content == SCRIPT


@pytest.mark.parametrize("path", ["/app/", "/app/desk/", "/app/phone/report"])
def test_without_a_build_the_page_says_how_to_make_one_and_then_it_is_there(tmp_path: Path, path: str) -> None:
    client = asked(tmp_path / "dist")
    words = client.get(path).text
    assert "页面尚未构建" in words
    assert "have not been built" in words
    assert "<code>make web</code>" in words
    assert 'href="/app/' not in words
    build(tmp_path / "dist")
    assert "页面尚未构建" not in client.get(path).text


def test_the_front_page_leads_to_what_was_built(client: TestClient) -> None:
    front = client.get("/app/")
    assert 'href="/app/desk/"' in front.text
    assert 'href="/app/phone/"' in front.text
    assert 'href="/app/board/"' not in front.text
