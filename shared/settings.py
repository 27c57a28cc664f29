"""Settings: read once, in the composition root, and passed down. Every name and what it means is here."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

S3 = "s3://"
"""How a bucket is named, where photos may be in one instead of a directory."""


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
    point_systems: dict[str, str] = Field(
        default_factory=dict,
        description="Coordinate system of points that do not say theirs, by client (its token's subject) or channel, as "
        'JSON: {"grid_worker": "WGS-84", "hotline": "GCJ-02"}; what is not named is unknown.',
    )
    member: str = Field(default="embedded", description="This process's stable name in consumer groups.")
    kafka_session: float = Field(
        default=8.0,
        ge=1,
        le=300,
        description="Seconds after which a killed worker's partitions go to others; brokers allow 6 and more unless "
        "group.min.session.timeout.ms says otherwise.",
    )
    kafka_security: Literal["plaintext", "ssl", "sasl_ssl", "sasl_plaintext"] = Field(
        default="plaintext",
        description="How Kafka is spoken to: with or without TLS (ssl), with or without a user (sasl).",
    )
    kafka_ca: Path | None = Field(
        default=None, description="PEM file of the CAs that sign the brokers' certificates; none means the machine's."
    )
    kafka_client_cert: Path | None = Field(
        default=None, description="PEM file of this client's certificate, where brokers ask for one."
    )
    kafka_client_key: Path | None = Field(
        default=None, description="PEM file of its key, without a passphrase; none means it is in the same file."
    )
    kafka_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = Field(
        default=None, description="How the user of Kafka proves the password."
    )
    kafka_user: str | None = Field(default=None, description="The user of Kafka.")
    kafka_password: SecretStr | None = Field(default=None, description="The password; a file is safer.")
    kafka_password_file: Path | None = Field(default=None, description="File that holds the password alone.")
    keys: Path | None = Field(
        default=None, description="Directory of the keys that all processes share; none means the state directory's."
    )
    model: Path | None = Field(
        default=None, description="Directory of intake's category model; none means the state directory's."
    )
    files: str | None = Field(
        default=None,
        description="Where photos are kept: a directory that all processes share, or s3://bucket/prefix with the usual "
        "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL; none means the state directory's.",
    )
    file_bytes: int = Field(
        default=20 * 1024 * 1024,
        ge=64 * 1024,
        le=100 * 1024 * 1024,
        description="Largest photo that is taken, in bytes.",
    )
    city: Path | None = Field(
        default=None,
        description="Directory of the units.json and posts.json that an empty registry starts from; none means the "
        "sample city.",
    )
    demo: bool | None = Field(
        default=None,
        description="Whether a new sample city gets premises, people and half a year of work to look at; none means: "
        "with `gridgov up`, and nowhere else.",
    )
    log: Path | None = Field(default=None, description="File for the log lines; none means standard output.")
    pool: int | None = Field(default=None, ge=2, le=100, description="Database connections of one process, at most.")
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/\s]+/?$",
        description="Where people reach the pages, such as https://grid.example.gov.cn, for links that are handed out; "
        "none means as each request came.",
    )
    reopen_days: int = Field(
        default=15, ge=1, le=365, description="Days after its closing within which a reporter may reopen a report."
    )
    upstreams: str = Field(
        default="", description="Where the front finds the apis: service=http://host:port, several by spaces."
    )
