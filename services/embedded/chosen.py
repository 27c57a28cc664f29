"""What the environment chooses, with a wrong value as one clear line."""

from pydantic import ValidationError

from services.embedded.errors import StartError
from shared.settings import Settings


class SettingRefused(StartError):
    """A variable of the environment holds what it cannot."""


def read_settings() -> Settings:
    """The settings of this process. Raises SettingRefused naming the variable."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        field = str(first["loc"][0]) if first["loc"] else "?"
        name = field if field == "DATABASE_URL" else f"GRIDGOV_{field.removeprefix('GRIDGOV_')}".upper()
        raise SettingRefused(
            f"环境变量 {name} 的值不对({first['msg']});请改正或去掉它",
            f"the environment variable {name} holds no usable value ({first['msg']}): correct it or leave it out",
        ) from error
