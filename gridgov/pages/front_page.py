"""The front page: where things are, in two languages. No script, nothing from elsewhere; whole without built pages."""

from collections.abc import Collection
from typing import Final

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
<!-- pages -->
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
_ENTRIES: Final = {
    "phone": ("手机端", "网格员：随手报、待办、核查", "grid workers: report, do, check"),
    "desk": ("工作台", "受理、派单、部门、督导", "clerks, dispatchers, departments, supervisors"),
    "board": ("指挥大屏", "街道与区指挥中心", "command centre"),
    "follow": ("民情查询", "居民：上报、查进展、评价", "residents: report, follow, rate"),
}
_ENTRY = """<tr><th><a href="/app/{name}/">{zh} {name}</a></th><td>{what_zh}<br><small>{what_en}</small></td></tr>"""
_NONE = """<p role="status"><strong>页面尚未构建。</strong>请在程序目录运行 <code>make web</code>，完成后刷新本页；接口不受影响，照常可用。
<br>The pages have not been built. Run <code>make web</code> in the program's directory, then reload this page; the API
works without them.</p>"""


_MISSING = """<p role="status"><strong>没有这个页面，请检查地址，或从下面进入。</strong>
<br>There is no such page: check the address, or go on from here.</p>"""


def page(built: Collection[str], *, missing: bool = False) -> str:
    """With links to the pages that were `built`, or with what to do when none were; `missing` says that the page that was
    asked for is not there."""
    rows = [
        _ENTRY.format(name=name, zh=zh, what_zh=what_zh, what_en=what_en)
        for name, (zh, what_zh, what_en) in _ENTRIES.items()
        if name in built
    ]
    pages = "\n".join(["<table>", *rows, "</table>"]) if rows else _NONE
    services = "\n  ".join(_SERVICE.format(row=row) for row in SERVICES.values())
    return _FRAME.replace("<!-- pages -->", _MISSING * missing + pages).replace("<!-- services -->", services)
