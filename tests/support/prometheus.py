"""A real Prometheus on loopback, scraping a running cluster, for as long as a block runs."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import yaml

from tests.support.cluster import end_with_us, eventually
from tests.support.dashboard import DEPLOY
from tests.support.ports import free_port
from tests.support.promtool import require


@contextmanager
def running_prometheus(directory: Path, parts: Sequence[dict[str, Any]]) -> Iterator[httpx2.Client]:
    """A client of its API; every part that serves HTTP is scraped each second, with the deployed rules."""
    configuration = {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(DEPLOY / "prometheus" / "rules.yml")],
        "scrape_configs": [
            {
                "job_name": "gridgov",
                "static_configs": [
                    {"targets": [f"127.0.0.1:{part['port']}"], "labels": {"part": part["name"]}} for part in parts
                ],
            }
        ],
    }
    (directory / "prometheus.yml").write_text(yaml.safe_dump(configuration), "utf-8")
    port = free_port()
    with (
        (directory / "log").open("wb") as log,
        subprocess.Popen(
            [
                require("prometheus"), f"--config.file={directory / 'prometheus.yml'}",
                f"--storage.tsdb.path={directory / 'data'}", f"--web.listen-address=127.0.0.1:{port}",
                "--log.level=warn",
            ],
            stdout=log, stderr=log, preexec_fn=end_with_us,
        ) as running,
        httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client,
    ):  # fmt: skip
        try:
            assert eventually(lambda: _ready(client)), (directory / "log").read_text("utf-8")
            yield client
        finally:
            running.kill()


def ask(client: httpx2.Client, query: str) -> list[dict[str, Any]]:
    """The series that answer `query` now; a query that Prometheus refuses fails."""
    answer = client.get("/api/v1/query", params={"query": query})
    assert answer.status_code == 200, f"{query}: {answer.text}"
    return list(json.loads(answer.text)["data"]["result"])


def _ready(client: httpx2.Client) -> bool:
    try:
        return client.get("/-/ready").status_code == 200
    except httpx2.TransportError:
        return False
