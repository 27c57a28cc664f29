"""Enough of S3 for its client: objects are put, got, deleted and listed. No signature is checked."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import md5
from xml.sax.saxutils import escape

from aiohttp import web

DATE = "Sat, 28 Nov 2026 08:00:00 GMT"


@asynccontextmanager
async def bucket() -> AsyncIterator[str]:
    """The address of a server with one bucket, `photos`."""
    objects: dict[str, bytes] = {}

    def headers(content: bytes) -> dict[str, str]:
        return {"ETag": f'"{md5(content).hexdigest()}"', "Last-Modified": DATE}

    async def answer(request: web.Request) -> web.StreamResponse:
        key = request.match_info.get("key", "")
        if request.method == "PUT":
            objects[key] = await request.read()
            return web.Response(headers=headers(objects[key]))
        if request.method == "DELETE":
            objects.pop(key, None)
            return web.Response(status=204)
        if request.method == "POST":  # several at once
            gone = re.findall(r"<Key>(.*?)</Key>", (await request.read()).decode())
            for name in gone:
                objects.pop(name, None)
            text = "".join(f"<Deleted><Key>{escape(name)}</Key></Deleted>" for name in gone)
            return web.Response(text=f"<DeleteResult>{text}</DeleteResult>", content_type="application/xml")
        if "list-type" in request.query:
            found = "".join(
                f"<Contents><Key>{escape(name)}</Key><LastModified>2026-11-28T08:00:00.000Z</LastModified>"
                f"<ETag>x</ETag><Size>{len(content)}</Size></Contents>"
                for name, content in sorted(objects.items())
                if name.startswith(request.query.get("prefix", ""))
            )
            text = f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>"
            return web.Response(text=text, content_type="application/xml")
        if key not in objects:
            return web.Response(
                status=404, text="<Error><Code>NoSuchKey</Code></Error>", content_type="application/xml"
            )
        return web.Response(body=objects[key], headers=headers(objects[key]))

    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/photos/{key:.*}", answer)
    app.router.add_route("*", "/photos", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = site._server.sockets[0].getsockname()[:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()
