"""The proxy of the compose file on loopback: the real HAProxy and its real configuration, before small backends."""

import json
import ssl
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.manifest import SERVICES
from tests.support.cluster import end_with_us, eventually
from tests.support.ports import free_port
from tests.support.promtool import require

CONFIGURATION = Path(__file__).resolve().parents[2] / "deploy" / "proxy" / "haproxy.cfg"
CERTIFICATE = "/etc/gridgov/tls/site.pem"


@dataclass
class Api:
    """A small api: it says who it is and what it was asked, drops the first request to any path that ends in `drop`,
    and tells of two changes, the second when `go_on` is set."""

    name: str
    asked: Counter[str] = field(default_factory=Counter)
    go_on: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                api.asked[self.path] += 1
                if self.path.endswith("drop"):
                    self.close_connection = True
                    self.connection.close()
                elif self.path.endswith("/changes"):
                    self._changes()
                else:
                    said = {"api": api.name, "path": self.path, "body": len(body), "headers": dict(self.headers)}
                    self._answer(json.dumps(said).encode())

            do_POST = do_GET

            def _answer(self, body: bytes) -> None:
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def _changes(self) -> None:
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("transfer-encoding", "chunked")
                self.end_headers()
                for event in (b"data: 1\n\n", b"data: 2\n\n"):
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))
                    self.wfile.flush()
                    api.go_on.wait(5)
                self.wfile.write(b"0\r\n\r\n")

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass(frozen=True)
class Proxy:
    https: httpx2.Client
    plain: httpx2.Client
    inner: httpx2.Client
    trust: ssl.SSLContext

    @property
    def https_port(self) -> int:
        return self.https.base_url.port or 0

    def servers_up(self, service: str) -> int:
        for line in self.inner.get("/metrics").text.splitlines():
            if line.startswith(f'haproxy_backend_active_servers{{proxy="{service}"}}'):
                return int(line.rpartition(" ")[2])
        return 0


def configured(directory: Path, apis: Mapping[str, Sequence[Api]], ports: Mapping[int, int]) -> Path:
    """The configuration with loopback in the place of Docker's names, and nothing else changed."""
    text = CONFIGURATION.read_text("utf-8").replace(CERTIFICATE, str(certificate(directory)))
    for port, ours in ports.items():
        assert f"bind :{port}" in text
        text = text.replace(f"bind :{port}", f"bind 127.0.0.1:{ours}")
    for service in SERVICES:
        template = f"server-template api 12 {service}-api:8000"
        assert template in text
        servers = [f"server {api.name} 127.0.0.1:{api.port}" for api in apis.get(service, ())]
        text = text.replace(template, "\n  ".join(servers))
    file = directory / "haproxy.cfg"
    file.write_text(text, "utf-8")
    return file


def checked(file: Path) -> "subprocess.CompletedProcess[str]":
    """What HAProxy says of a configuration."""
    return subprocess.run(
        [require("haproxy", "haproxy"), "-c", "-f", str(file)],
        env={"GRIDGOV_HTTPS_PORT": "443"}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@contextmanager
def running_proxy(directory: Path, apis: Mapping[str, Sequence[Api]]) -> Iterator[Proxy]:
    """Until the block ends; every api is known to be up when it begins."""
    ports = {port: free_port() for port in (8080, 8443, 8000)}
    file = configured(directory, apis, ports)
    trust = ssl.create_default_context(cafile=str(directory / "site.pem"))
    with (
        (directory / "log").open("wb") as log,
        subprocess.Popen(
            [require("haproxy", "haproxy"), "-db", "-f", str(file)],
            env={"GRIDGOV_HTTPS_PORT": str(ports[8443])}, stdout=log, stderr=log, preexec_fn=end_with_us,
        ) as running,
        httpx2.Client(base_url=f"https://localhost:{ports[8443]}", verify=trust, timeout=10) as https,
        httpx2.Client(base_url=f"http://localhost:{ports[8080]}", timeout=10) as plain,
        httpx2.Client(base_url=f"http://localhost:{ports[8000]}", timeout=10) as inner,
    ):  # fmt: skip
        proxy = Proxy(https, plain, inner, trust)
        try:
            assert eventually(lambda: _up(proxy, apis)), (directory / "log").read_text("utf-8")
            yield proxy
        finally:
            running.kill()


def _up(proxy: Proxy, apis: Mapping[str, Sequence[Api]]) -> bool:
    try:
        return all(proxy.servers_up(service) == len(each) for service, each in apis.items())
    except httpx2.TransportError:
        return False


def certificate(directory: Path) -> Path:
    """A throw-away certificate for localhost, and its key beside it as `site.pem.key`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = directory / "site.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    file.with_name("site.pem.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return file
