"""A broker with three secured ways in, and the settings of a client for each: certificates, and users with passwords."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from gridgov.local.kafka import programs
from gridgov.local.kafka.local_broker import LocalKafka
from gridgov.local.kafka.settings import Secured
from gridgov.local.ports import free_ports
from tests.support.kafka import require_kafka

PASSWORD = '知道 it\'s="secret"'
_JAAS = "org.apache.kafka.common.security"


@dataclass(frozen=True)
class Authority:
    """A CA that signs certificates for 127.0.0.1."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def made(cls, folder: Path) -> "Authority":
        folder.mkdir()
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("authority")
        certificate = (
            _certificate(name, name, key).add_extension(x509.BasicConstraints(True, None), critical=True)
        ).sign(key, hashes.SHA256())
        (folder / "ca.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        return cls(folder, key, certificate)

    @property
    def file(self) -> Path:
        return self.folder / "ca.pem"

    def issue(self, name: str) -> Path:
        """A PEM file with a key of its own and the certificate."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _certificate(_name(name), self.certificate.subject, key)
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        file = self.folder / f"{name}.pem"
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(private + certificate.public_bytes(Encoding.PEM))
        return file


@dataclass(frozen=True)
class SecuredKafka:
    """`environment` by protocol: what a client sets to be let in there."""

    environments: Mapping[str, Mapping[str, str]]
    authority: Authority
    stranger: Authority
    plain: LocalKafka


@contextmanager
def secured_kafka(directory: Path) -> Iterator[SecuredKafka]:
    require_kafka()
    directory.mkdir(exist_ok=True)
    ours, stranger = Authority.made(directory / "ours"), Authority.made(directory / "strange")
    ports = dict(zip(("SSL", "SASL_SSL", "SASL_PLAINTEXT"), free_ports(3, range(33000, 34000)), strict=True))
    quoted = PASSWORD.replace('"', '\\"')
    settings = {
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(ours.issue("broker")),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(ours.file),
        "listener.name.ssl.ssl.client.auth": "required",
        "listener.name.sasl_ssl.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.sasl_ssl.plain.sasl.jaas.config": (
            f'{_JAAS}.plain.PlainLoginModule required user_gridgov="{_escaped(quoted)}";'
        ),
        "listener.name.sasl_plaintext.sasl.enabled.mechanisms": "SCRAM-SHA-256,SCRAM-SHA-512",
        **{
            f"listener.name.sasl_plaintext.{mechanism}.sasl.jaas.config": f"{_JAAS}.scram.ScramLoginModule required;"
            for mechanism in ("scram-sha-256", "scram-sha-512")
        },
    }
    password = directory / "password"
    password.write_text(f"{PASSWORD}\n", "utf-8")
    user = {"GRIDGOV_KAFKA_USER": "gridgov", "GRIDGOV_KAFKA_PASSWORD_FILE": str(password)}
    tls = {"GRIDGOV_KAFKA_CA": str(ours.file)}
    environments = {
        "SSL": tls | {"GRIDGOV_KAFKA_CLIENT_CERT": str(ours.issue("client"))},
        "SASL_SSL": tls | user | {"GRIDGOV_KAFKA_MECHANISM": "PLAIN"},
        "SASL_PLAINTEXT": user | {"GRIDGOV_KAFKA_MECHANISM": "SCRAM-SHA-512"},
    }
    for protocol, port in ports.items():
        environments[protocol] |= {
            "GRIDGOV_KAFKA": f"127.0.0.1:{port}",
            "GRIDGOV_KAFKA_SECURITY": protocol.lower(),
        }
    with LocalKafka(directory / "kafka", secured=Secured(ports, settings)) as kafka:
        _make_user(kafka, "SCRAM-SHA-256")
        _make_user(kafka, "SCRAM-SHA-512")
        yield SecuredKafka(environments, ours, stranger, kafka)


def _make_user(kafka: LocalKafka, mechanism: str) -> None:
    command = programs.find().command(
        "kafka.admin.ConfigCommand", "--bootstrap-server", kafka.bootstrap, "--alter",
        "--add-config", f"{mechanism}=[password={PASSWORD}]", "--entity-type", "users", "--entity-name", "gridgov",
    )  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"LC_ALL": "C.UTF-8"})
    assert done.returncode == 0, done.stdout + done.stderr


def _escaped(text: str) -> str:
    """As Java's properties files want it."""
    return "".join(c if c.isascii() else f"\\u{ord(c):04x}" for c in text.replace("\\", "\\\\"))


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
    )
