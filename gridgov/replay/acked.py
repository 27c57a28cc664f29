"""The load log of a replay: every answer 201 as one JSON line, written before the answer counts, for `gridgov audit`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from gridgov.replay.client import Accepted, Client, Refused
from gridgov.replay.file import Row
from gridgov.replay.refusal import FileRefused


class NotingClient(Client):
    """A client that notes what was acknowledged in `log`; without one it notes nothing."""

    def __init__(self, url: str, token: Callable[[], str], log: TextIO | None, **more: Any) -> None:
        super().__init__(url, token, **more)
        self._log = log

    async def submit(self, row: Row) -> Accepted | Refused:
        answer = await super().submit(row)
        if self._log is not None and isinstance(answer, Accepted):
            said = {"key": row.key, "id": answer.id, "number": answer.number}
            self._log.write(json.dumps(said, ensure_ascii=False) + "\n")
        return answer


def open_log(path: Path) -> TextIO:
    """Lines are added to what an earlier run left, and are in the file at once. Raises FileRefused."""
    try:
        return path.open("a", encoding="utf-8", buffering=1)
    except OSError as error:
        raise FileRefused(
            f"无法写入 --acked {path}({error.strerror})；请换一个文件",
            f"--acked {path} cannot be written ({error.strerror}): name another file",
        ) from error
