"""Uploading as a tus client does, byte for byte."""

from typing import Any

import httpx2

CHUNK = "application/offset+octet-stream"
TUS = {"tus-resumable": "1.0.0"}


async def begun(
    client: httpx2.AsyncClient, who: dict[str, str], length: int, first: bytes | None = None
) -> httpx2.Response:
    """The answer to a new upload, with its first bytes where there are any."""
    headers = {**who, **TUS, "upload-length": str(length)}
    if first is not None:
        headers["content-type"] = CHUNK
    return await client.post("/files", headers=headers, content=first or b"")


async def went_on(
    client: httpx2.AsyncClient, who: dict[str, str], file: str, offset: int, more: Any
) -> httpx2.Response:
    headers = {**who, **TUS, "content-type": CHUNK, "upload-offset": str(offset)}
    return await client.patch(f"/files/{file}", headers=headers, content=more)


async def how_far(client: httpx2.AsyncClient, who: dict[str, str], file: str) -> httpx2.Response:
    return await client.head(f"/files/{file}", headers={**who, **TUS})


async def uploaded(client: httpx2.AsyncClient, who: dict[str, str], content: bytes) -> str:
    """The id of a photo that was uploaded whole."""
    answer = await begun(client, who, len(content), content)
    assert answer.status_code == 201, answer.text
    assert answer.headers["upload-offset"] == str(len(content))
    return answer.headers["location"].rpartition("/")[2]
