"""`gridgov link`: a link that signs somebody in once, and nothing else on standard output."""

import asyncio
from typing import Annotated

import typer

from gridgov.cluster.parts import Overview
from gridgov.local.environment import read_settings
from gridgov.local.ports import http_port
from gridgov.local.state import state_path
from gridgov.operations.sign_in_links import first_people, link_of, registry_database
from shared.settings import Settings

ENTRIES = ("desk", "phone", "board")


def link(
    user: Annotated[str, typer.Option(help="用户名或手机号 · user name or phone")] = "admin",
    page: Annotated[str | None, typer.Option(help=f"打开哪个页面 · which page: {', '.join(ENTRIES)}")] = None,
    address: Annotated[
        str | None, typer.Option(help="用户访问的地址 · the address that people use, e.g. https://city.example")
    ] = None,
) -> None:
    """打印一次性登录链接，24 小时有效 · Print a link that signs somebody in once, within 24 hours."""
    settings = read_settings()
    if page is None:
        people = {person.user: person.entry for person in first_people(settings.city)}
        page = people.get(user, ENTRIES[0])
    if page not in ENTRIES:
        raise typer.BadParameter(", ".join(ENTRIES), param_hint="--page")
    print((address or _address()).rstrip("/") + asyncio.run(_made(user, page, settings)))


def _address() -> str:
    running = Overview.read(state_path())
    return running.url if running is not None and running.running() else f"http://127.0.0.1:{http_port()}"


async def _made(user: str, page: str, settings: Settings) -> str:
    async with registry_database(settings) as database:
        return await link_of(user, page, database)
