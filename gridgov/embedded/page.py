"""The front page of the embedded form: where things are, in two languages. No script, nothing from elsewhere."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.manifest import SERVICES

_FRAME = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>网格通 GridGov</title>
<style>
  :root { color-scheme: light dark; --line: #8884; --soft: #888; }
  body { font: 16px/1.6 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
         max-width: 46rem; margin: 3rem auto; padding: 0 1.2rem; }
  h1 { font-size: 1.6rem; margin-bottom: .2rem } p.lead { color: var(--soft); margin-top: 0 }
  table { border-collapse: collapse; width: 100%; margin: 1.2rem 0 }
  td, th { text-align: left; padding: .55rem .8rem .55rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
  th { font-weight: 600; white-space: nowrap } small { color: var(--soft) }
  code { background: #8882; padding: .1rem .35rem; border-radius: .3rem }
</style>
<h1>网格通 GridGov</h1>
<p class="lead">街道日常治理：民情受理、派单、督导、单位登记 · the daily work of streets and townships</p>
<table>
  <!-- services -->
  <tr><th>运行 operations</th><td><a href="/readyz">就绪 ready</a> · <a href="/livez">存活 live</a> ·
    <a href="/metrics">指标 metrics</a></td></tr>
</table>
<p>令牌 token: <code>.venv/bin/gridgov token --role admin</code>
<br>试一试 try: <code>.venv/bin/gridgov replay</code></p>
</html>
"""


_SERVICE = """<tr><th>{row.zh} {row.name}</th><td><a href="/{row.name}/docs">接口说明 API</a>
    <br><small>{row.what_zh} · {row.what_en}</small></td></tr>"""

_PAGE = _FRAME.replace("<!-- services -->", "\n  ".join(_SERVICE.format(row=row) for row in SERVICES.values()))


async def front_page(_: Request) -> Response:
    return HTMLResponse(
        _PAGE,
        headers={
            "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
        },
    )
