"""docker-compose.yml, the image and the files they bring in, held against the program. No Docker engine is needed."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from gridgov.operations.reach import named_urls
from services.manifest import SERVICES
from shared.auth.keys import verifying
from shared.events.topics import TOPICS
from shared.settings import Settings
from tests.architecture.sources import PRODUCTION
from tests.support.compose import commands, compose, keys_seen, own_services
from tests.support.haproxy import CERTIFICATE, CONFIGURATION
from tests.support.promtool import require

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(compose()["services"])
OWN = sorted(own_services())
LASTING = [name for name in NAMES if compose()["services"][name].get("restart") == "unless-stopped"]
READ_OUTSIDE_SETTINGS = {"GRIDGOV_PORT", "GRIDGOV_STATE"}


def service(name: str) -> dict[str, Any]:
    return dict(compose()["services"][name])


def known_settings() -> set[str]:
    single = {f"GRIDGOV_{name.upper()}_DATABASE_URL" for name in SERVICES}
    read = {f"GRIDGOV_{field.upper()}" for field in Settings.model_fields}
    return read | single | READ_OUTSIDE_SETTINGS | {"DATABASE_URL"}


def test_topics_yaml_says_what_the_program_declares() -> None:
    told = yaml.safe_load((ROOT / "deploy/kafka/topics.yaml").read_text("utf-8"))["topics"]
    declared = [
        {"name": topic.name, "partitions": topic.partitions}
        | ({"compacted": True} if topic.compacted else {"retention_days": topic.retention_days})
        for topic in TOPICS
    ]
    assert told == declared


def test_each_service_has_an_api_a_worker_and_a_migration() -> None:
    for name in SERVICES:
        for role in ("api", "worker", "migrate"):
            assert commands()[f"{name}-{role}"] == [name, role]


def test_workers_give_way_to_what_answers_requests() -> None:
    """1024 is Docker's default."""
    shares = {name: service(name).get("cpu_shares", 1024) for name in LASTING}
    assert {name for name, share in shares.items() if share < 1024} == {f"{name}-worker" for name in SERVICES}


@pytest.mark.parametrize("name", OWN)
def test_every_variable_is_one_the_program_reads(name: str) -> None:
    assert set(service(name).get("environment", {})) - known_settings() == set()


def test_the_image_sets_only_variables_the_program_reads() -> None:
    text = (ROOT / "deploy/image/Dockerfile").read_text("utf-8")
    assert set(re.findall(r"GRIDGOV_[A-Z_]+(?==)", text)) <= known_settings()


@pytest.mark.parametrize("name", [name for name in OWN if name.split("-")[0] in SERVICES])
def test_a_service_has_its_own_database_and_role_only(name: str) -> None:
    own, others = name.split("-", maxsplit=1)[0], set(SERVICES) - {name.split("-", maxsplit=1)[0]}
    text = str(service(name)["environment"])
    assert f"postgresql://gridgov_{own}:" in text and text.count(f"/gridgov_{own}") == 2
    assert [other for other in others if f"gridgov_{other}" in text] == []


@pytest.mark.parametrize("name", OWN)
def test_our_containers_are_confined(name: str) -> None:
    found = service(name)
    assert found["user"] == "10001:10001" and found["read_only"] is True and found["cap_drop"] == ["ALL"]
    assert found["security_opt"] == ["no-new-privileges:true"]
    photos = {owner: f"{owner}-files:/files/{owner}" for owner in ("registry", "intake", "dispatch")}
    writable = {
        "keys": ["keys:/var/lib/gridgov"],
        "operator": ["keys:/var/lib/gridgov", *photos.values(), "backup:/backup"],
        **{f"{owner}-{role}": [photos[owner]] for owner in photos for role in ("migrate", "api", "worker")},
    }
    mounts = [volume for volume in found.get("volumes", []) if not _read_only(volume)]
    assert mounts == writable.get(name, [])


def _read_only(volume: Any) -> bool:
    return volume.endswith(":ro") if isinstance(volume, str) else bool(volume["read_only"])


@pytest.mark.parametrize("name", [name for name in OWN if name.split("-")[0] in SERVICES])
def test_a_process_sees_the_keys_that_it_needs_and_only_the_api_of_registry_can_sign(name: str) -> None:
    mounts = [volume for volume in service(name)["volumes"] if "keys" in str(volume)]
    wanted = keys_seen(*name.split("-"))
    assert [mount["volume"]["subpath"] for mount in mounts] == [f"secrets/{part}" for part in wanted]
    keys = service(name)["environment"]["GRIDGOV_KEYS"]
    assert [mount["target"] for mount in mounts] == [f"{keys}/{part}" for part in wanted]
    assert verifying(Path("secrets")) == Path("secrets/verifying")


@pytest.mark.parametrize(("right", "wrong"), [("", ""), ("stop_grace_period: 60s", "stop_grace_perod: 60s")])
def test_the_file_is_what_its_schema_asks_for(tmp_path: Path, right: str, wrong: str) -> None:
    """The schema of the Compose Specification; a wrong name is seen."""
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    (tmp_path / "docker-compose.yml").write_text(text.replace(right, wrong) if right else text)
    ran = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, wrong.partition(":")[0] in ran.stdout) == (1 if wrong else 0, True), ran.stdout + ran.stderr


@pytest.mark.parametrize("name", NAMES)
def test_every_container_has_limits_a_bounded_log_and_a_pinned_image(name: str) -> None:
    found = service(name)
    assert found["deploy"]["resources"]["limits"].keys() >= {"cpus", "memory"}
    assert "max-size" in found["logging"]["options"]
    image, _, tag = found["image"].partition(":")
    assert image and tag and tag != "latest" and re.match(r"(v?\d+\.\d+|\$\{GRIDGOV_TAG:-\w+\})", tag)


@pytest.mark.parametrize("name", LASTING)
def test_what_runs_on_has_a_health_check_and_time_to_end(name: str) -> None:
    found = service(name)
    assert found["healthcheck"]["test"][0] == "CMD"
    if name in OWN:
        probe = found["healthcheck"]["test"][-1]
        # The port of the image, and a path that every process answers (gridgov/cluster/site.py).
        assert "http://127.0.0.1:8000/readyz" in probe and "GRIDGOV_PORT=8000" in dockerfile()
        assert "GRIDGOV_PORT" not in found.get("environment", {})
        assert int(found["stop_grace_period"].removesuffix("s")) > 10
        compile(probe, "healthcheck", "exec")


def test_everything_that_is_waited_for_exists_and_can_be_waited_for() -> None:
    services = compose()["services"]
    for name in NAMES:
        for other, how in services[name].get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert services[other]["healthcheck"]["test"], f"{name} waits for {other}"
            else:
                assert how["condition"] == "service_completed_successfully"
                assert services[other]["restart"] == "on-failure:5", f"{name} waits for the end of {other}"


def test_the_operator_reaches_every_database_the_bus_and_the_keys_and_starts_only_when_asked() -> None:
    found = service("operator")
    assert found["profiles"] == ["operator"] and found["restart"] == "no"
    assert named_urls(found["environment"]).keys() == set(SERVICES)
    for name in SERVICES:
        text = found["environment"][f"GRIDGOV_{name.upper()}_DATABASE_URL"]
        assert text == service(f"{name}-api")["environment"]["DATABASE_URL"]
    assert found["environment"]["GRIDGOV_KAFKA"] == service("intake-api")["environment"]["GRIDGOV_KAFKA"]


def test_an_empty_registry_starts_from_the_folder_that_is_mounted() -> None:
    for name in ("registry-migrate", "registry-worker"):
        (mount,) = (volume for volume in service(name)["volumes"] if str(volume).endswith(":/city:ro"))
        assert service(name)["environment"]["GRIDGOV_CITY"] == "/city"
        folder = ROOT / mount.partition(":-")[2].partition("}")[0]
        assert {"units.json", "posts.json"} <= {file.name for file in folder.iterdir()}


def test_the_proxy_finds_its_configuration_and_certificate_where_they_are_mounted() -> None:
    mounted = dict(volume.rsplit(":", 2)[-2::-1] for volume in service("proxy")["volumes"])
    assert mounted["/usr/local/etc/haproxy/haproxy.cfg"] == "./deploy/proxy/haproxy.cfg"
    assert {CERTIFICATE, f"{CERTIFICATE}.key"} < mounted.keys()
    assert f"ssl crt {CERTIFICATE} " in CONFIGURATION.read_text("utf-8")
    bound = set(re.findall(r"^  bind :(\d+)", CONFIGURATION.read_text("utf-8"), re.MULTILINE))
    assert bound == {port.rpartition(":")[2] for port in service("proxy")["ports"]} | {"8000"}


def test_only_the_proxy_may_be_reached_from_other_machines() -> None:
    for name in NAMES:
        for port in service(name).get("ports", []):
            assert port.startswith("${GRIDGOV_BIND:-127.0.0.1}:" if name == "proxy" else "127.0.0.1:")


def test_every_network_volume_and_file_that_is_named_exists() -> None:
    content = compose()
    for name in NAMES:
        assert set(service(name)["networks"]) <= set(content["networks"])
        for volume in service(name).get("volumes", []):
            mounted = volume if isinstance(volume, str) else volume["source"]
            if mounted.startswith("${GRIDGOV_CERTIFICATE"):
                continue
            default = re.match(r"\$\{\w+:-([^}]+)\}", mounted)
            source = default[1] if default else mounted.split(":")[0]
            assert (ROOT / source).exists() if source.startswith("./") else source in content["volumes"]


def test_no_secret_is_written_here_and_each_is_asked_for_by_name() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    example = (ROOT / "deploy/example.env").read_text("utf-8")
    asked = set(re.findall(r"\$\{([A-Z_]+):\?", text))
    secret = {name for name in asked if "PASSWORD" in name}
    assert secret == {name for name in re.findall(r"\$\{([A-Z_]+)", text) if "PASSWORD" in name}
    assert len(secret) == 6
    assert asked - secret == {"GRIDGOV_CERTIFICATE", "GRIDGOV_CERTIFICATE_KEY"}
    assert asked == set(re.findall(r"^([A-Z_]+)=$", example, re.MULTILINE)), "the example has them, empty"
    assert re.findall(r"PASSWORD: (?!\$\{)", text) == []


def test_the_broker_is_the_one_the_tests_run_on() -> None:
    pom = (ROOT / "gridgov/local/kafka/pom.xml").read_text("utf-8")
    version = re.search(r"<artifactId>kafka_2\.13</artifactId>\s*<version>([\d.]+)</version>", pom)
    assert version and service("kafka")["image"] == f"apache/kafka:{version[1]}"


def dockerfile() -> str:
    return (ROOT / "deploy/image/Dockerfile").read_text("utf-8")


def test_the_image_is_built_from_locked_packages_in_stages_and_runs_as_nobody_special() -> None:
    text = dockerfile()
    assert "python:3.12-slim" in text and "--require-hashes -r requirements/runtime.txt" in text
    assert "--require-hashes -r requirements/web.txt" in text and "npm-cli.js ci --omit=dev --ignore-scripts" in text
    assert text.count("\nFROM ") == 3 and "\nUSER 10001:10001\n" in text
    assert 'ENTRYPOINT ["gridgov"]' in text and "curl" not in text
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE)
    assert {*PRODUCTION} <= set(copied), "all of the program is in it"
    for source in " ".join(copied).split():
        assert (ROOT / source).exists(), source
        let_in = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        assert {f"!{source}", f"!{source.partition('/')[0]}"} & set(let_in), source


def test_init_sh_makes_the_roles_and_databases_by_psql(postgres_server: Any) -> None:
    """The script of the postgres image, on a real server; twice, and the second password counts."""
    psql = require("psql", "postgresql-client")
    assert psql
    passwords = {f"GRIDGOV_{name.upper()}_PASSWORD": f"first'{name}" for name in SERVICES}
    for suffix in ("", "2"):
        environment = {
            "PATH": f"{Path(psql).parent}:/usr/bin:/bin",
            "PGHOST": postgres_server.url_of("postgres").split("host=")[1].split("&")[0].replace("%2F", "/"),
            "PGPASSWORD": postgres_server.state.secret("postgres"),
            "POSTGRES_USER": "gridgov",
            "GRIDGOV_SERVICE_SQL": str(ROOT / "deploy/postgres/service.sql"),
            **{name: value + suffix for name, value in passwords.items()},
        }
        ran = subprocess.run(
            ["sh", str(ROOT / "deploy/postgres/init.sh")], env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr

    def ask(service: str, database: str, password: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [psql, "--no-psqlrc", "-tA", "-U", f"gridgov_{service}", "-d", database, "-c", "SELECT current_database()"],
            env={**environment, "PGPASSWORD": password}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert ask("intake", "gridgov_intake", "first'intake2").stdout == "gridgov_intake\n"
    assert ask("intake", "gridgov_intake", "first'intake").returncode != 0
    assert "permission denied" in ask("intake", "gridgov_dispatch", "first'intake2").stderr
    missing = {name: value for name, value in environment.items() if name != "GRIDGOV_INTAKE_PASSWORD"}
    refused = subprocess.run(
        ["sh", str(ROOT / "deploy/postgres/init.sh")], env=missing, capture_output=True, text=True, check=False
    )
    assert refused.returncode != 0 and "GRIDGOV_INTAKE_PASSWORD is not set" in refused.stderr
