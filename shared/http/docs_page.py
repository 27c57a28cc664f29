"""A readable page of a service's operations, made from its OpenAPI document: no script, nothing fetched from elsewhere.

The usual Swagger page loads its code from a CDN, which an office network does not reach.
"""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

STYLE: Final = """
:root{color-scheme:light dark}body{font:15px/1.6 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;
max-width:62rem;margin:2rem auto;padding:0 1rem}h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2.2rem}
details{border:1px solid #8886;border-radius:6px;margin:.5rem 0;padding:.45rem .8rem}summary{cursor:pointer}
b.m{display:inline-block;min-width:4.2rem;font-family:monospace}code,pre{font:13px/1.5 ui-monospace,monospace}
pre{background:#8881;padding:.6rem;border-radius:4px;overflow:auto}table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid #8884;padding:.25rem .5rem;text-align:left;vertical-align:top}.r{display:block;
opacity:.7;font-size:.85rem;margin-left:5.2rem}
"""
_METHODS: Final = ("get", "post", "put", "patch", "delete")
_DEEPEST: Final = 6


def page(document: Mapping[str, Any], origin: str) -> str:
    """The whole HTML page for one OpenAPI `document`; its examples ask `origin`, where the page itself was asked for."""
    info = document["info"]
    base = next((server["url"] for server in document.get("servers", ())), "").rstrip("/")
    groups: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        for method in _METHODS:
            if method in operations:
                operation = operations[method]
                group = next(iter(operation.get("tags", ())), "")
                groups.setdefault(group, []).append(_operation(document, method, origin, base + path, operation))
    body = "".join(
        (f"<h2>{escape(group)}</h2>" if group else "") + "".join(parts) for group, parts in sorted(groups.items())
    )
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(info["title"])}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body>'
        f"<h1>{escape(info['title'])} <small>{escape(info['version'])}</small></h1>"
        f"<p>{escape(info.get('description', ''))}</p>"
        f'<p><a href="{escape(base)}/openapi.json">openapi.json</a> · 令牌 token: '
        "<code>gridgov token --role …</code> · "
        "错误 errors: <code>application/problem+json</code> (RFC 9457, 中文 + English)</p>"
        f"{body}</body></html>"
    )


def _operation(document: Mapping[str, Any], method: str, origin: str, path: str, operation: Mapping[str, Any]) -> str:
    roles = operation.get("x-roles")
    who = "公开 public" if roles is None else "任何已登录者 any role" if roles == ["*"] else ", ".join(roles)
    # The docstring's first line says more than the summary, which FastAPI makes of the function's name.
    title, _, more = (operation.get("description") or operation.get("summary", "")).partition("\n")
    parts = [f"<p>{escape(more.strip())}</p>"] if more.strip() else []
    rows = [
        (p["name"], p["in"], p.get("required", False), _kind(document, p.get("schema", {})), _about(p))
        for p in operation.get("parameters", ())
    ]
    schema = _json_schema(operation.get("requestBody", {}))
    if schema:
        rows += [(name, "body", needed, kind, about) for name, needed, kind, about in _fields(document, schema)]
    if rows:
        parts.append(
            "<table><tr><th>名称 name</th><th>位置 in</th><th>类型 type</th><th>说明 about</th></tr>"
            + "".join(
                f"<tr><td><code>{escape(name)}</code>{' *' if needed else ''}</td><td>{escape(place)}</td>"
                f"<td>{escape(kind)}</td><td>{escape(about)}</td></tr>"
                for name, place, needed, kind, about in rows
            )
            + "</table>"
        )
    parts.append(f"<pre>{escape(_curl(document, method, origin + path, operation, schema))}</pre>")
    for status, response in operation.get("responses", {}).items():
        shape = _json_schema(response)
        if status != "default" and shape:
            example = json.dumps(_example(document, shape), ensure_ascii=False, indent=2)
            parts.append(
                f"<p>{escape(status)} {escape(response.get('description', ''))}</p><pre>{escape(example)}</pre>"
            )
    return (
        f'<details><summary><b class="m">{method.upper()}</b> <code>{escape(path)}</code> '
        f'{escape(title)}<span class="r">{escape(who)}</span></summary>{"".join(parts)}</details>'
    )


def _curl(
    document: Mapping[str, Any], method: str, url: str, operation: Mapping[str, Any], schema: Mapping[str, Any] | None
) -> str:
    parts = [f"curl -X {method.upper()} {url}"]
    if "x-roles" in operation:
        parts.append("-H 'Authorization: Bearer <token>'")
    parts += [
        f"-H '{p['name']}: …'" for p in operation.get("parameters", ()) if p["in"] == "header" and p.get("required")
    ]
    if schema:
        parts.append("-H 'Content-Type: application/json'")
        parts.append(f"-d '{json.dumps(_example(document, schema), ensure_ascii=False)}'")
    return " \\\n  ".join(parts)


def _json_schema(part: Mapping[str, Any]) -> Mapping[str, Any] | None:
    schema: Mapping[str, Any] | None = part.get("content", {}).get("application/json", {}).get("schema")
    return schema


def _resolve(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in schema:
        return _resolve(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    choices = [choice for choice in schema.get("anyOf", ()) if choice.get("type") != "null"]
    return _resolve(document, choices[0]) if choices else schema


def _kind(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    found = _resolve(document, schema)
    if "enum" in found:
        return " | ".join(str(value) for value in found["enum"])
    kind = str(found.get("format") or found.get("type", ""))
    if kind == "array":
        return f"[{_kind(document, found.get('items', {}))}]"
    low, high = found.get("minLength", found.get("minimum")), found.get("maxLength", found.get("maximum"))
    return (
        kind
        if low is None and high is None
        else f"{kind} {low if low is not None else ''}–{high if high is not None else ''}"
    )


def _about(part: Mapping[str, Any]) -> str:
    return str(part.get("description") or part.get("schema", {}).get("description") or "")


def _fields(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[tuple[str, bool, str, str]]:
    found = _resolve(document, schema)
    required = found.get("required", ())
    for name, field in found.get("properties", {}).items():
        yield name, name in required, _kind(document, field), _about(field)


_SAMPLES: Final = {
    "uuid": "01980000-0000-7000-8000-000000000000",
    "date-time": "2026-01-31T01:30:00Z",
    "string": "…",
    "integer": 1,
    "number": 1.0,
    "boolean": True,
}


def _example(document: Mapping[str, Any], schema: Mapping[str, Any], depth: int = 0) -> Any:
    """A value of the right shape: the schema's own example where it has one."""
    found = _resolve(document, schema)
    for key in ("examples", "enum"):
        for source in (schema, found):
            if source.get(key):
                return source[key][0]
    if "default" in schema:
        return schema["default"]
    kind = found.get("type")
    if kind == "object" and depth < _DEEPEST:
        return {name: _example(document, field, depth + 1) for name, field in found.get("properties", {}).items()}
    if kind == "array" and depth < _DEEPEST:
        return [_example(document, found.get("items", {}), depth + 1)]
    return _SAMPLES.get(found.get("format", ""), _SAMPLES.get(str(kind)))
