"""Connections to Kafka with TLS, a client's certificate, a user with a password; and settings that cannot be meant."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from gridgov.local.environment import SettingRefused, read_settings
from gridgov.operations.reach import reach_installation
from services.manifest import SERVICES
from shared.bus.kafka.bus import KafkaBus
from shared.bus.kafka.security import Security, security
from shared.bus.port import BusRefused, BusUnavailable, Message, TopicSpec
from shared.errors import Invalid
from shared.settings import Settings
from tests.support.postgres import ground
from tests.support.secured_kafka import PASSWORD, Authority, SecuredKafka, secured_kafka

pytestmark = pytest.mark.anyio
PROTOCOLS = ("SSL", "SASL_SSL", "SASL_PLAINTEXT")


@pytest.fixture(scope="module")
def kafka() -> Iterator[SecuredKafka]:
    with ground() as path, secured_kafka(path / "k") as secured:
        yield secured


def of(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return read_settings()


@pytest.mark.kafka
@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_every_kind_of_connection_is_let_in(
    kafka: SecuredKafka, protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bus with admin, producer and consumer, and the log of an operator, as commands come to them."""
    settings = of(dict(kafka.environments[protocol]), monkeypatch)
    for service in SERVICES:
        monkeypatch.setenv(f"GRIDGOV_{service.upper()}_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    topic, group = TopicSpec(f"test.{uuid4().hex}", partitions=1), f"group-{uuid4().hex}"
    async with reach_installation(settings) as where, where.bus() as bus, where.log() as log:
        await bus.ensure_topics([topic])
        producer = await bus.producer("sender")
        await producer.send([Message(topic.name, "k", b"114")])
        consumer = await bus.consumer(group, [topic.name], "one")
        async with asyncio.timeout(30):
            while not (found := await consumer.fetch(limit=10, wait=1)):
                pass
        await consumer.commit()
        assert [record.value for record in found] == [b"114"]
        assert [record.value async for record in log.records(topic.name)] == [b"114"]
        assert [*(await log.committed(group)).values()] == [1]


@pytest.mark.kafka
@pytest.mark.parametrize(
    ("protocol", "wrong"),
    [
        ("SSL", {"GRIDGOV_KAFKA_CLIENT_CERT": None}),
        ("SSL", {"GRIDGOV_KAFKA_CA": "stranger"}),
        ("SSL", {"GRIDGOV_KAFKA_CA": None}),
        ("SASL_SSL", {"GRIDGOV_KAFKA_CA": "stranger"}),
        ("SASL_SSL", {"GRIDGOV_KAFKA_PASSWORD_FILE": None, "GRIDGOV_KAFKA_PASSWORD": "guessed"}),
        ("SASL_PLAINTEXT", {"GRIDGOV_KAFKA_USER": "somebody"}),
        ("SASL_PLAINTEXT", {"GRIDGOV_KAFKA_MECHANISM": "PLAIN"}),
    ],
)
async def test_who_is_not_trusted_gets_nowhere_and_learns_it_in_time(
    kafka: SecuredKafka, protocol: str, wrong: dict[str, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = {**kafka.environments[protocol], **wrong}
    environment = {
        name: str(kafka.stranger.file) if value == "stranger" else value
        for name, value in changed.items()
        if value is not None
    }
    settings = of(environment, monkeypatch)
    bus = KafkaBus(settings.kafka or "", security=security(settings))
    with pytest.raises(BusUnavailable) as told:
        async with asyncio.timeout(20):
            await bus.start()
    await bus.close()
    # Who must show a certificate and shows none is cut off without a word.
    assert isinstance(told.value, BusRefused) is ("GRIDGOV_KAFKA_CLIENT_CERT" not in wrong)


@pytest.mark.kafka
async def test_the_password_is_the_same_from_a_file_and_from_a_variable_and_shown_nowhere(
    kafka: SecuredKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    from_file = of(dict(kafka.environments["SASL_PLAINTEXT"]), monkeypatch)
    monkeypatch.delenv("GRIDGOV_KAFKA_PASSWORD_FILE")
    from_variable = of({"GRIDGOV_KAFKA_PASSWORD": PASSWORD, "GRIDGOV_KAFKA_MECHANISM": "SCRAM-SHA-256"}, monkeypatch)
    assert security(from_file).password == security(from_variable).password == PASSWORD
    assert PASSWORD not in f"{from_variable!r} {security(from_variable)!r}"
    bus = KafkaBus(from_variable.kafka or "", security=security(from_variable))
    await bus.start()
    await bus.close()


def told(**facts: Any) -> Settings:
    return Settings(kafka="127.0.0.1:9092", **facts)


@pytest.mark.parametrize(
    ("facts", "code", "names"),
    [
        ({"kafka_ca": "ca.pem"}, "kafka_setting_unused", "GRIDGOV_KAFKA_CA"),
        ({"kafka_user": "u"}, "kafka_setting_unused", "GRIDGOV_KAFKA_USER"),
        ({"kafka_security": "ssl", "kafka_password": "p"}, "kafka_setting_unused", "GRIDGOV_KAFKA_PASSWORD"),
        (
            {"kafka_security": "sasl_plaintext", "kafka_client_cert": "c.pem"},
            "kafka_setting_unused",
            "GRIDGOV_KAFKA_CLIENT_CERT",
        ),
        ({"kafka_security": "ssl", "kafka_client_key": "k.pem"}, "kafka_key_alone", "GRIDGOV_KAFKA_CLIENT_CERT"),
        ({"kafka_security": "sasl_ssl"}, "kafka_setting_missing", "GRIDGOV_KAFKA_MECHANISM"),
        ({"kafka_security": "sasl_ssl", "kafka_mechanism": "PLAIN"}, "kafka_setting_missing", "GRIDGOV_KAFKA_USER"),
        (
            {"kafka_security": "sasl_ssl", "kafka_mechanism": "PLAIN", "kafka_user": "u"},
            "kafka_setting_missing",
            "GRIDGOV_KAFKA_PASSWORD_FILE",
        ),
        (
            {
                "kafka_security": "sasl_ssl", "kafka_mechanism": "PLAIN", "kafka_user": "u", "kafka_password": "p",
                "kafka_password_file": "f",
            },
            "kafka_two_passwords",
            "GRIDGOV_KAFKA_PASSWORD_FILE",
        ),
        ({"kafka_security": "ssl", "kafka_ca": "nowhere.pem"}, "kafka_file_unreadable", "nowhere.pem"),
        ({"kafka_security": "ssl", "kafka_client_cert": "nowhere.pem"}, "kafka_file_unreadable", "nowhere.pem"),
        (
            {
                "kafka_security": "sasl_ssl", "kafka_mechanism": "PLAIN", "kafka_user": "u",
                "kafka_password_file": "nowhere",
            },
            "kafka_file_unreadable",
            "GRIDGOV_KAFKA_PASSWORD_FILE",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_in_both_languages(facts: dict[str, Any], code: str, names: str) -> None:
    with pytest.raises(Invalid) as refused:
        security(told(**facts))
    assert refused.value.code == code
    assert names in refused.value.zh
    assert names in refused.value.en


def test_a_file_that_holds_something_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("not a certificate")
    for facts in ({"kafka_ca": tmp_path / "ca.pem"}, {"kafka_client_cert": tmp_path / "ca.pem"}):
        with pytest.raises(Invalid, match=r"ca\.pem"):
            security(told(kafka_security="ssl", **facts))


def test_a_key_that_cannot_be_used_is_told_apart_from_its_certificate(tmp_path: Path) -> None:
    ours, other = Authority.made(tmp_path / "ours"), Authority.made(tmp_path / "other")
    cert, strange = ours.issue("client"), other.issue("strange")
    for key in (tmp_path / "nowhere.pem", ours.file, strange):
        with pytest.raises(Invalid, match="GRIDGOV_KAFKA_CLIENT_KEY"):
            security(told(kafka_security="ssl", kafka_client_cert=cert, kafka_client_key=key))
    with pytest.raises(Invalid, match="GRIDGOV_KAFKA_CLIENT_CERT"):
        security(told(kafka_security="ssl", kafka_client_cert=tmp_path / "nowhere.pem", kafka_client_key=cert))


def test_an_unknown_way_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingRefused, match="GRIDGOV_KAFKA_SECURITY"):
        of({"GRIDGOV_KAFKA_SECURITY": "tls"}, monkeypatch)


def test_what_secures_a_kafka_that_is_not_named_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRIDGOV_KAFKA", raising=False)
    with pytest.raises(SettingRefused, match="leave out GRIDGOV_KAFKA_USER"):
        of({"GRIDGOV_KAFKA_USER": "u"}, monkeypatch)


def test_without_settings_nothing_is_secured() -> None:
    assert security(told()) == Security()
