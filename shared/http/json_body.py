"""JSON as RFC 8259 means it and nothing beside: what two readers could read differently is refused.

One pass of the C scanner with hooks; the second looks happen only where the raw text shows a reason for them.
"""

import json
import re
from hashlib import sha256
from typing import Any, Final, NoReturn

from shared.errors import Invalid

DEEPEST: Final = 32
"""Levels of nesting; GeoJSON needs five."""
_LONGEST_INT: Final = 20
_INT_RANGE: Final = 2**63
_SUSPICIOUS_ESCAPE: Final = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                break
            seen.add(key)
        shown = key[:100].encode("utf-8", "replace").decode()
        raise Invalid(
            "json_duplicate_key",
            f"字段“{shown}”出现了两次，请只保留一个",
            f'the field "{shown}" is there twice; keep one',
            field=shown,
        )
    return made


def _integer(digits: str) -> int:
    if len(digits) <= _LONGEST_INT:
        value = int(digits)
        if -_INT_RANGE <= value < _INT_RANGE:
            return value
    raise Invalid("json_number", "有一个整数太大，请核对数字", "an integer is too large; check the numbers")


def _decimal(digits: str) -> float:
    value = float(digits)
    if value - value == 0:  # false for infinity, and cheaper than math.isfinite
        return value
    raise Invalid("json_number", "有一个数太大，请核对数字", "a number is too large; check the numbers")


def _constant(name: str) -> NoReturn:
    raise Invalid("json_number", f"JSON 中没有 {name} 这个值", f"JSON has no {name}; leave the field out or send null")


_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
# A decoder is made once; json.loads with hooks would make one per call.
_decode = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=_integer, parse_float=_decimal, parse_constant=_constant, strict=True
).decode


def parse_json(body: bytes) -> Any:
    """The value in `body`. Raises Invalid with a code `json_…` for whatever is no strict JSON in UTF-8."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise Invalid(
            "json_encoding",
            f"请求体必须是 UTF-8 编码（第 {error.start + 1} 个字节有误）",
            f"the body must be UTF-8 (byte {error.start + 1} is not)",
        ) from None
    try:
        value = _decode(text)
    except json.JSONDecodeError as error:
        raise Invalid(
            "json_syntax",
            f"请求体不是有效的 JSON（第 {error.lineno} 行第 {error.colno} 列）",
            f"the body is not valid JSON (line {error.lineno}, column {error.colno})",
        ) from None
    except RecursionError:
        raise _too_deep() from None
    if text.count("{") + text.count("[") > DEEPEST and _deeper_than(value, DEEPEST):
        raise _too_deep()
    if "\\u" in text and _SUSPICIOUS_ESCAPE.search(text):
        _refuse_odd_text(value, "")
    return value


def _too_deep() -> Invalid:
    return Invalid(
        "json_depth", f"请求体嵌套超过 {DEEPEST} 层，请减少层数", f"the body is nested deeper than {DEEPEST} levels"
    )


def _containers(value: Any) -> list[Any]:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [part for part in parts if isinstance(part, dict | list)]


def _deeper_than(value: Any, levels: int) -> bool:
    layer = [value]
    for _ in range(levels):
        layer = [part for whole in layer for part in _containers(whole)]
    return bool(layer)


def _refuse_odd_text(value: Any, path: str) -> None:
    """Surrogate pairs became characters; what is left of surrogates, and NUL, cannot be stored."""
    if isinstance(value, str):
        if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value):
            raise Invalid(
                "json_text",
                "文字中有不能保存的字符（空字符或不完整的代理对），请删除后重试",
                "the text has a character that cannot be stored (NUL or a lone surrogate); remove it",
                field=path or None,
            )
    elif isinstance(value, dict):
        for key, part in value.items():
            _refuse_odd_text(key, path)
            _refuse_odd_text(part, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            _refuse_odd_text(part, f"{path}.{index}" if path else str(index))


def fingerprint(value: Any) -> bytes:
    """A hash (SHA-256) of a parsed body as it was sent: the same for any order of keys and any white space, another for
    any other value, `1` and `1.0` included. For ever the same: idempotency keys are compared with what is stored."""
    return sha256(_canonical.encode(value).encode()).digest()
