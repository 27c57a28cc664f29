"""What the environment chooses, with a wrong value as one clear line. Imports little: a refusal should be quick."""

import os
import re
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from gridgov.local.errors import StartError
from gridgov.local.state import state_path
from shared.settings import S3, Settings

_BROKER: Final = r"([\w.-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}"
_BROKERS: Final = re.compile(f"{_BROKER}(,{_BROKER})*")


class SettingRefused(StartError):
    """A variable of the environment holds what it cannot."""


def read_settings() -> Settings:
    """The settings of this process. Raises StartError naming the variable."""
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        field = str(first["loc"][0]) if first["loc"] else "?"
        name = field if field == "DATABASE_URL" else f"GRIDGOV_{field.removeprefix('GRIDGOV_')}".upper()
        raise SettingRefused(
            f"环境变量 {name} 的值不对({first['msg']})；请改正或去掉它",
            f"the environment variable {name} holds no usable value ({first['msg']}): correct it or leave it out",
        ) from error
    if settings.kafka is not None and not _BROKERS.fullmatch(settings.kafka):
        raise SettingRefused(
            f"GRIDGOV_KAFKA={settings.kafka} 不是地址；请写成 主机:端口，例如 GRIDGOV_KAFKA=127.0.0.1:9092",
            f"GRIDGOV_KAFKA={settings.kafka} is no address: write host:port, as in GRIDGOV_KAFKA=127.0.0.1:9092",
        )
    # How long a session lasts secures nothing, and a launcher tells it to all of its parts.
    unused = sorted(name for name in settings.model_fields_set - {"kafka_session"} if name.startswith("kafka_"))
    if unused and settings.kafka is None:
        name = f"GRIDGOV_{unused[0].upper()}"
        raise SettingRefused(
            f"设置了 {name}，但没有 GRIDGOV_KAFKA，用不到它；请设置 GRIDGOV_KAFKA=主机:端口，或去掉 {name}",
            f"{name} is set, but without GRIDGOV_KAFKA nothing uses it: set GRIDGOV_KAFKA=host:port, or leave out {name}",
        )
    if "GRIDGOV_DATABASE_URL" in os.environ:
        raise SettingRefused(
            "没有 GRIDGOV_DATABASE_URL 这个变量；数据库地址请写在 DATABASE_URL 中",
            "there is no GRIDGOV_DATABASE_URL: name the database in DATABASE_URL",
        )
    if settings.database_url:
        from gridgov.local.database_url import sqlalchemy_url  # noqa: PLC0415 - not for those who name no database

        sqlalchemy_url(settings.database_url)
    return settings


def with_places(settings: Settings) -> Settings:
    """The same with a place for intake's category model (GRIDGOV_MODEL) and for photos (GRIDGOV_FILES): else both are in
    the state directory."""
    return settings.model_copy(update={"model": model_of(settings), "files": files_of(settings)})


def model_of(settings: Settings) -> Path:
    return settings.model or state_path() / "model"


def files_of(settings: Settings) -> str:
    return settings.files or str(state_path() / "files")


def files_directory(settings: Settings) -> Path | None:
    """Where photos are, if that is a directory of ours; a bucket is backed up by whoever runs it."""
    where = files_of(settings)
    return None if where.startswith(S3) else Path(where)


def keys_of(settings: Settings) -> Path:
    """Where the keys of a deployment are: GRIDGOV_KEYS, else those of the state directory."""
    return settings.keys or state_path() / "secrets"
