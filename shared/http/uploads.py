"""A file that comes as a body: raw, or as the one file of a form. And a file as an answer."""

from typing import Any, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from shared.errors import Invalid
from shared.http.routes import read_body

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv; charset=utf-8"
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
FILE_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": _BINARY,
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
            },
        },
    }
}
"""What the API's description says of an endpoint that takes a file."""
WORKBOOK: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {XLSX: {}}}}
"""And of one that answers with a workbook."""
REFUSED_ROWS: Final[dict[int | str, dict[str, Any]]] = {
    422: {
        "content": {XLSX: {}},
        "description": "有行被拒绝：原表加“问题 / Problem”列 · the whole table, and why which rows are refused",
    }
}
"""And of one that takes all rows of a table or none."""


async def uploaded(request: Request, most: int) -> bytes:
    """The file in the body, of at most `most` bytes. Raises Invalid, TooLarge."""
    body = await read_body(request.receive, most)
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    if kind.strip().lower() != "multipart/form-data":
        return body
    boundary = parameters.partition("boundary=")[2].partition(";")[0].strip().strip('"').encode("latin-1", "replace")
    # What stands before the first boundary and behind the last is no part.
    parts = (b"\r\n" + body).split(b"\r\n--" + boundary)[1:-1] if boundary else []
    for part in parts:
        head, blank, content = part.partition(b"\r\n\r\n")
        if blank and b"filename" in head.lower():
            return content
    raise Invalid(
        "upload_missing",
        "表单里没有文件；请在 multipart/form-data 中附上一个文件，或直接把文件作为请求体发送",
        "there is no file in the form; add one as multipart/form-data, or send the file itself as the body",
        field="file",
    )


def download(content: bytes, name: str, *, status: int = 200) -> Response:
    """A file to be saved under `name`, whose suffix says what it is."""
    return Response(
        content,
        status,
        {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
        XLSX if name.endswith(".xlsx") else CSV,
    )
