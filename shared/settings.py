"""Settings: read once, in the composition root, and passed down. Every name and what it means is here."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What the environment says. Names are `GRIDGOV_<FIELD>`, but for `DATABASE_URL`."""

    model_config = SettingsConfigDict(env_prefix="GRIDGOV_", extra="ignore", frozen=True)

    port: int = Field(default=8000, ge=1, le=65535, description="Port of the embedded form, on loopback.")
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    state: Path = Field(default=Path(".state"), description="State directory: database, keys, model, logs.")
    kafka: str | None = Field(default=None, description="Bootstrap servers; none means the PostgreSQL bus.")
    database_url: str | None = Field(
        default=None, validation_alias="DATABASE_URL", description="A PostgreSQL to use instead of the private one."
    )
    triage_threshold: float = Field(
        default=0.4, ge=0, le=1, description="Confidence of a category below which a person triages."
    )
    member: str = Field(default="embedded", description="This process's stable name in consumer groups.")
