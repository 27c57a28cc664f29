"""How connections to Kafka are secured: TLS, a client's certificate, a user with a password (SASL).

One value for every connection of a process. What cannot be meant is refused at the start: a certificate that would not
be used, a password that would not be sent.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.x509 import load_pem_x509_certificates

from shared.errors import Invalid
from shared.settings import Settings

UNUSED = Invalid.row(
    "kafka_setting_unused",
    "设置了 {name}，但 GRIDGOV_KAFKA_SECURITY={security} 用不到它；请改为 {wanted}，或去掉 {name}",
    "{name} is set, but GRIDGOV_KAFKA_SECURITY={security} does not use it: set that to {wanted}, or leave out {name}",
)
MISSING = Invalid.row(
    "kafka_setting_missing",
    "GRIDGOV_KAFKA_SECURITY={security} 还需要 {name}；请设置它",
    "GRIDGOV_KAFKA_SECURITY={security} also needs {name}: set it",
)
TWO_PASSWORDS = Invalid.row(
    "kafka_two_passwords",
    "GRIDGOV_KAFKA_PASSWORD 与 GRIDGOV_KAFKA_PASSWORD_FILE 只能设置一个；请去掉其中一个",
    "GRIDGOV_KAFKA_PASSWORD and GRIDGOV_KAFKA_PASSWORD_FILE are both set: leave out one of them",
)
KEY_ALONE = Invalid.row(
    "kafka_key_alone",
    "GRIDGOV_KAFKA_CLIENT_KEY 需要与 GRIDGOV_KAFKA_CLIENT_CERT 一起设置",
    "GRIDGOV_KAFKA_CLIENT_KEY needs its certificate: set GRIDGOV_KAFKA_CLIENT_CERT too",
)
UNREADABLE = Invalid.row(
    "kafka_file_unreadable",
    "{name} 指定的文件无法使用({reason})：{path}；请检查路径、权限和内容(PEM 格式，私钥不加密)",
    "the file that {name} names cannot be used ({reason}): {path}; check its path, its permissions and what it holds "
    "(PEM, a key without a passphrase)",
)


@dataclass(frozen=True, slots=True)
class Security:
    """Without values: neither TLS nor a user. `tls`: checks the brokers' certificates, and the names in them."""

    tls: ssl.SSLContext | None = None
    mechanism: str | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def connection(self, bootstrap: str) -> Mapping[str, Any]:
        """What each client of aiokafka is given to reach the brokers at `bootstrap`."""
        found: dict[str, Any] = {
            "bootstrap_servers": bootstrap,
            "security_protocol": ("SASL_" if self.mechanism else "") + ("SSL" if self.tls else "PLAINTEXT"),
            "ssl_context": self.tls,
        }
        if self.mechanism:
            found |= {
                "sasl_mechanism": self.mechanism,
                "sasl_plain_username": self.user,
                "sasl_plain_password": self.password,
            }
        return found


PLAINTEXT = Security()


def security(settings: Settings) -> Security:
    """What the settings say, with the files that they name read. Raises Invalid in words for whoever sets them."""
    has_tls, has_user = settings.kafka_security.endswith("ssl"), settings.kafka_security.startswith("sasl")
    _check(settings, ("kafka_ca", "kafka_client_cert", "kafka_client_key"), used=has_tls, wanted=("ssl", "sasl_ssl"))
    account = ("kafka_mechanism", "kafka_user", "kafka_password", "kafka_password_file")
    _check(settings, account, used=has_user, wanted=("sasl_ssl", "sasl_plaintext"))
    tls = _tls(settings) if has_tls else None
    if not has_user:
        return Security(tls)
    for name in account[:2]:
        if not getattr(settings, name):
            raise MISSING(security=settings.kafka_security, name=_variable(name))
    return Security(tls, settings.kafka_mechanism, settings.kafka_user, _password(settings))


def _check(settings: Settings, names: tuple[str, ...], *, used: bool, wanted: tuple[str, ...]) -> None:
    for name in names:
        if getattr(settings, name) and not used:
            raise UNUSED(name=_variable(name), security=settings.kafka_security, wanted=wanted)


def _tls(settings: Settings) -> ssl.SSLContext:
    """Without a CA of its own, the machine's."""
    if settings.kafka_client_key and not settings.kafka_client_cert:
        raise KEY_ALONE()
    with_ca, cert = settings.kafka_ca, settings.kafka_client_cert
    try:
        context = ssl.create_default_context(cafile=with_ca)
    except OSError as error:
        raise _unreadable("kafka_ca", with_ca, error) from error
    if cert:
        key = settings.kafka_client_key
        try:
            # With a password that no key has: without one an encrypted key would ask whoever sits at the terminal.
            context.load_cert_chain(cert, key, password="")
        except OSError as error:
            # It does not say which of the two it was: the key is where the certificate alone can be read.
            if key and _is_certificate(cert):
                raise _unreadable("kafka_client_key", key, error) from error
            raise _unreadable("kafka_client_cert", cert, error) from error
    return context


def _is_certificate(file: Path) -> bool:
    try:
        return bool(load_pem_x509_certificates(file.read_bytes()))
    except (OSError, ValueError):
        return False


def _password(settings: Settings) -> str:
    told, file = settings.kafka_password, settings.kafka_password_file
    if told and file:
        raise TWO_PASSWORDS()
    try:
        password = file.read_text("utf-8").strip() if file else told.get_secret_value() if told else ""
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable("kafka_password_file", file, error) from error
    if not password:
        raise MISSING(
            security=settings.kafka_security, name="GRIDGOV_KAFKA_PASSWORD_FILE (or / 或 GRIDGOV_KAFKA_PASSWORD)"
        )
    return password


def _unreadable(name: str, path: Path | None, error: Exception) -> Invalid:
    reason = getattr(error, "strerror", None) or getattr(error, "reason", None) or type(error).__name__
    return UNREADABLE(name=_variable(name), path=path, reason=reason)


def _variable(name: str) -> str:
    return f"GRIDGOV_{name.upper()}"
