"""The log of a load generator, as `gridgov replay --acked` writes it: what was answered 201."""

import json
from pathlib import Path
from uuid import UUID

from shared.audit.evidence import Acked
from shared.errors import Invalid


def read_acked(path: Path) -> list[Acked]:
    """The load log: JSON lines `{"key": …, "id": …, "number": …}`. Raises Invalid naming the first bad line."""
    found: list[Acked] = []
    try:
        for line in path.read_text("utf-8").splitlines():
            if line.strip():
                said = json.loads(line)
                found.append(Acked(said.get("key"), UUID(said["id"]), said.get("number")))
    except OSError as error:
        raise Invalid(
            "acked_unreadable",
            f"无法读取 {path}({error.strerror});--acked 应为 gridgov replay --acked 写出的文件",
            f"{path} cannot be read ({error.strerror}): --acked takes a file as gridgov replay --acked writes it",
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Invalid(
            "acked_malformed",
            f'{path} 第 {len(found) + 1} 条不对；每行应为 {{"key": …, "id": …, "number": …}}',
            f'entry {len(found) + 1} of {path} is not as it should be: {{"key": …, "id": …, "number": …}} on every line',
        ) from None
    return found
