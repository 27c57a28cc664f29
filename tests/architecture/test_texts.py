"""What people read: Chinese without English in it, English without Chinese, and the command's errors in both.

Names of the interface (fields, headers, formats, commands) stand in either as they are; `NAMES` has them.
"""

import ast
import re
from collections.abc import Iterator

import pytest

from services.dispatch.work_orders.wording import LIMITS as work_order_limits
from services.registry.hazards.wording import LIMITS as hazard_limits
from shared.errors import ErrorRow
from tests.architecture.sources import ROOT, calls, name_of, python_files
from tests.architecture.test_documents import rows

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*(?:[-_.][A-Za-z0-9]+)*")
_NAMED = re.compile(
    r"\b(make|gridgov)( [a-z-]+)+|\{[^}]*\}|https?://\S+|/[\w{}/.-]+|\b\w+=\S+|--[\w-]+|`[^`]*`|\b(GET|PUT|POST|PATCH|DELETE) ?|\b\w+\.\w+\b|\b\w+_\w+\b"
)
"""Facts, addresses, paths, options, methods, file names, names of fields."""
NAMES = {
    "If-Match", "If-None-Match", "ETag", "Idempotency-Key", "Content-Type", "Content-Length", "Content-Encoding", "Authorization", "Bearer",
    "Sec-Fetch-Site", "Host", "Origin", "Follow-Code", "Retry-After", "Transfer-Encoding", "Upload-Length", "Upload-Offset", "Upload-Metadata",
    "GeoJSON", "Polygon", "WGS-84", "GCJ-02", "BD-09", "CGCS2000", "UTF-8", "UTF-16", "GB18030", "GBK", "BOM", "CSV", "JSON", "HTTP", "URL",
    "Excel", "ODS", "XLS", "XLSX", "ZIP", "PDF", "UUID", "RFC", "API", "ID", "Kafka", "PostgreSQL", "GridGov", "WPS", "LibreOffice", "Numbers",
    "JPEG", "PNG", "WebP", "HEIC", "HEIF", "TIFF", "KB", "MB", "GB", "NUL", "Z", "A", "T", "Docker", "Java", "Maven", "QR", "SSE", "id", "as", "cookie",
    "Cookie", "HTTPS", "TLS", "IP", "PIN", "App", "Unicode", "multipart", "x", "YYYY-MM-DD", "kind", "depth", "root", "code", "m", "Ctrl-C", "pid",
    "HEAD", "PEM", "Tus-Resumable", "application", "octet-stream", "channel", "evidence", "csv", "xlsx", "xls", "XML", "posts", "secrets", "title",
    "number", "text", "address", "why", "JSONL", "CPU", "SQL", "SASL", "KRaft", "ok", "tus",
}  # fmt: skip


def english_in(zh: str) -> set[str]:
    return {word for word in _WORD.findall(_NAMED.sub(" ", zh)) if word not in NAMES and word.isascii()}


@pytest.mark.parametrize("row", rows().values(), ids=lambda row: row.code)
def test_an_error_says_it_in_chinese_and_in_english(row: ErrorRow) -> None:
    assert _CHINESE.search(row.zh)
    assert re.search("[a-z]", row.en)
    assert english_in(row.zh) == set()
    assert not _CHINESE.search(re.sub(r"[“‘「\"'].*?[”’」\"']|\([^)]*\)", "", row.en))


def told(file_call: ast.Call) -> list[str]:
    """The constant texts of a call's first two positional arguments, f-strings with their facts left out."""
    texts = []
    for argument in file_call.args[:2]:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            texts.append(argument.value)
        elif isinstance(argument, ast.JoinedStr):
            texts.append("".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in argument.values))
    return texts


STARTING = re.compile(
    r"^(StartError|Stopped|FileRefused|StateBroken|StateUnwritable|AlreadyRunning|DiskFull|PortTaken)$"
)


def errors_of_the_command() -> Iterator[tuple[str, int, list[str]]]:
    for file in python_files("gridgov"):
        for name, call in calls(file):
            if STARTING.match(name.rpartition(".")[2]) and len(texts := told(call)) == 2:
                yield name_of(file), call.lineno, texts


def test_the_errors_of_the_command_are_in_both_languages() -> None:
    found = list(errors_of_the_command())
    assert len(found) > 20
    wrong = [
        f"{file}:{line} {zh} {en} {english_in(zh)}"
        for file, line, (zh, en) in found
        if re.search(r"\w", re.sub(r"\{\}", "", zh + en))
        and (not _CHINESE.search(zh) or _CHINESE.search(en) or not re.search("[a-z]", en) or english_in(zh))
    ]
    assert wrong == []


def test_the_help_of_the_command_is_in_both_languages() -> None:
    helps = [
        (f"{name_of(file)}:{call.lineno}", str(ast.literal_eval(keyword.value)))
        for file in python_files("gridgov")
        for name, call in calls(file)
        if name in ("typer.Option", "typer.Argument")
        for keyword in call.keywords
        if keyword.arg == "help" and isinstance(keyword.value, ast.Constant)
    ]
    assert len(helps) > 20
    assert [where for where, text in helps if not (_CHINESE.search(text) and re.search("[a-z]{2}", text))] == []


def test_every_limit_has_a_word_where_supervision_shows_it() -> None:
    """Supervision passes on the names that the owners of limits give them; only the page has words for them."""
    page = (ROOT / "web/src/desk/supervision/texts.ts").read_text("utf-8")
    _, _, words = page.partition("limitNameWords = texts(")
    chinese, english, *_ = re.findall(r"\{[^}]*\}", words)
    for name in {*work_order_limits, *hazard_limits, "do"}:
        assert re.search(rf"\b{name}: '", chinese), name
        assert re.search(rf"\b{name}: '", english), name
