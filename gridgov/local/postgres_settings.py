"""The data directory of the private PostgreSQL, made once, whole or not at all; its settings, written at every start.

Only the unix socket is served, and only with the generated password. `ALTER SYSTEM` still overrides the settings.
"""

import os
import shutil
import subprocess
from pathlib import Path

from gridgov.local.errors import DiskFull, PostgresFailed, explained
from gridgov.local.postgres_place import Place
from gridgov.local.state import write_whole

SUPERUSER = "gridgov"
_NEW_CLUSTER_BYTES = 160 * 1024 * 1024
_RUNNING_BYTES = 32 * 1024 * 1024
"""Two write-ahead segments. With less PostgreSQL may start, and then every write fails."""

_SETTINGS: dict[str, str | int] = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": 80,
    "superuser_reserved_connections": 3,
    "shared_buffers": "'192MB'",
    "effective_cache_size": "'1GB'",
    "work_mem": "'8MB'",
    "maintenance_work_mem": "'64MB'",
    "jit": "off",
    "max_parallel_workers_per_gather": 0,
    "wal_level": "replica",
    "max_wal_senders": 0,
    "wal_compression": "on",
    "min_wal_size": "'128MB'",
    "max_wal_size": "'512MB'",
    "checkpoint_timeout": "'5min'",
    "random_page_cost": "1.5",
    "autovacuum": "on",
    "autovacuum_naptime": "'15s'",
    "logging_collector": "off",
    # The detail of an error quotes the row: what residents wrote has no place in a log.
    "log_error_verbosity": "terse",
    "log_line_prefix": "'%m [%p] %q%d %a '",
    "log_min_duration_statement": "'2s'",
    "log_checkpoints": "off",
    "lc_messages": "'C'",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "idle_in_transaction_session_timeout": "'10min'",
}
"""For an office machine of two cores. The guard keeps the log, so no collector process is needed."""

_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_SINCE_18 = {"io_method": "sync"}
"""The worker processes of the other method gain nothing here and take longer to start."""


def create(place: Place, password: str, *, durable: bool) -> None:
    """Make the data directory where there is none. Raises DiskFull, PostgresFailed."""
    if place.data.exists():
        return
    new = place.root / "data.new"
    word = place.root / "password.new"
    with explained(place.root):
        if new.exists():
            shutil.rmtree(new)
        if shutil.disk_usage(place.root).free < _NEW_CLUSTER_BYTES:
            raise DiskFull(place.root)
        new.mkdir(mode=0o700)
        place.account.own(new)
        write_whole(word, password)
        place.account.own(word)
        try:
            ran = subprocess.run(
                [
                    str(place.programs / "initdb"), f"--pgdata={new}", f"--username={SUPERUSER}", f"--pwfile={word}",
                    "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", *_collation(place.programs),
                    "--no-instructions", *([] if durable else ["--no-sync"]),
                ],
                cwd=place.root, env=environment(), check=False, capture_output=True, text=True, timeout=300,
                umask=0o077, **place.account.popen(),
            )  # fmt: skip
            if ran.returncode != 0:
                raise failed(place.root, ran.stderr)
            new.rename(place.data)
        finally:
            word.unlink(missing_ok=True)
            if new.exists():
                shutil.rmtree(new, ignore_errors=True)


def configure(place: Place, *, durable: bool) -> list[str]:
    """Write the settings and the access rule; returns the arguments that make the server use them.

    They lie beside the data, not in it: as root we never write where the unprivileged account could lay a link.
    Raises DiskFull, StateUnwritable.
    """
    with explained(place.root):
        if shutil.disk_usage(place.root).free < _RUNNING_BYTES:
            raise DiskFull(place.root)
    settings = {
        **_SETTINGS,
        **(_DURABLE if durable else _FORGETFUL),
        **({} if (place.data / "PG_VERSION").read_text("utf-8").strip() == "16" else _SINCE_18),
        "unix_socket_directories": "'" + str(place.sockets).replace("'", "''") + "'",
        "hba_file": "'" + str(place.root / "pg_hba.conf").replace("'", "''") + "'",
    }
    lines = ["# Written at every start; to change a setting use ALTER SYSTEM."]
    lines += [f"{name} = {value}" for name, value in settings.items()]
    _write(place, "postgresql.conf", "\n".join(lines) + "\n")
    _write(place, "pg_hba.conf", "local all all scram-sha-256\n")
    return ["-D", str(place.data), "-c", f"config_file={place.root / 'postgresql.conf'}"]


def environment() -> dict[str, str]:
    """What the server may see of our environment: nothing that could change it (PG*, LC_*)."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def failed(path: Path, said: str) -> DiskFull | PostgresFailed:
    """The error for what PostgreSQL printed before it ended."""
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return DiskFull(path)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    marked = [line for line in lines if "FATAL" in line or "PANIC" in line or "error:" in line]
    reason = (marked or lines or ["?"])[0]
    return PostgresFailed(
        f"PostgreSQL 无法启动：{reason}；数据在 {path}，请查看 logs/postgres.log，必要时从备份恢复",
        f"PostgreSQL does not start: {reason}; its data are in {path}: see logs/postgres.log in the state directory, "
        "and restore a backup if they are damaged",
    )


def _collation(programs: Path) -> list[str]:
    """Sort by code point and change case by Unicode, whatever the machine's C library; 16 cannot, and takes C."""
    ran = subprocess.run(
        [programs / "initdb", "--help"], capture_output=True, text=True, check=False, env=environment()
    )
    return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if "--builtin-locale" in ran.stdout else []


def _write(place: Place, name: str, text: str) -> None:
    file = place.root / name
    with explained(file):
        if not file.exists() or file.read_text("utf-8", "replace") != text:
            write_whole(file, text)
        file.chmod(0o644)  # the account reads it; it says nothing secret
