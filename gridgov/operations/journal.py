"""What operators did, one JSON line each, in the state directory's logs: kept when topics have long forgotten."""

import getpass
import json
from datetime import datetime
from typing import Any

from gridgov.local.errors import explained
from gridgov.local.state import state_path


def operator() -> str:
    """Who runs the command, by the account."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def note(action: str, *, at: datetime, by: str, **facts: Any) -> None:
    """Add a line to `logs/operator.log`. Raises StateUnwritable."""
    file = state_path() / "logs" / "operator.log"
    with explained(file):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with file.open("a", encoding="utf-8") as stream:
            said = {"at": at.isoformat(), "action": action, "by": by, **facts}
            stream.write(json.dumps(said, ensure_ascii=False) + "\n")
