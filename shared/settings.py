"""Settings: read once, in the composition root, and passed down. Every name and what it means is here."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What the environment says. Names are `GRIDGOV_<FIELD>`, but for `DATABASE_URL`.

    The embedded form's own places, `GRIDGOV_STATE` and `GRIDGOV_PORT`, are read in `gridgov/local`.
    """

    model_config = SettingsConfigDict(env_prefix="GRIDGOV_", extra="ignore", frozen=True)

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    kafka: str | None = Field(default=None, description="Bootstrap servers; none means the PostgreSQL bus.")
    database_url: str | None = Field(
        default=None, validation_alias="DATABASE_URL", description="A PostgreSQL to use instead of the private one."
    )
    triage_threshold: float = Field(
        default=0.4, ge=0, le=1, description="Confidence of a category below which a person triages."
    )
    member: str = Field(default="embedded", description="This process's stable name in consumer groups.")
    kafka_session: float = Field(
        default=8.0,
        ge=1,
        le=300,
        description="Seconds after which a killed worker's partitions go to others; brokers allow 6 and more unless "
        "group.min.session.timeout.ms says otherwise.",
    )
    keys: Path | None = Field(
        default=None, description="Directory of the keys that all processes share; none means the state directory's."
    )
    model: Path | None = Field(
        default=None, description="Directory of intake's category model; none means the state directory's."
    )
    city: Path | None = Field(
        default=None,
        description="Directory of the units.json and posts.json that an empty registry starts from; none means the "
        "sample city.",
    )
    log: Path | None = Field(default=None, description="File for the log lines; none means standard output.")
    pool: int | None = Field(default=None, ge=2, le=100, description="Database connections of one process, at most.")
    upstreams: str = Field(
        default="", description="Where the front finds the apis: service=http://host:port, several by spaces."
    )
