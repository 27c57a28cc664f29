"""The demo's safety manager (消防安全管理人): answers for one key premises of the street, where a hazard waits for them."""

from collections.abc import Sequence
from dataclasses import replace

from services.registry.accounts.account import register
from services.registry.accounts.store import Accounts
from services.registry.city.people import Person, account_of
from services.registry.demo.past import Past
from services.registry.hazards.lifecycle import State
from services.registry.hazards.reading import HazardFilter, HazardReader
from services.registry.posts.post import Post
from services.registry.posts.put_post import put_post
from services.registry.premises.enter_premises import state_premises
from services.registry.premises.kinds import Use
from services.registry.premises.premises import Premises
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.ids import new_id


async def safety_manager(person: Person, premises: Sequence[Premises], admin: Principal, past: Past) -> None:
    """`person` gets an account, and the post at the first key premises with something to put right."""
    place = await _place(premises, admin, past)
    async with past.uow(past.at(1, 9)) as uow:
        Accounts.of(uow).add(register(account_of(person), by=admin.actor(), now=uow.now, why="示例数据 demo"))
        named = replace(place.about, manager=person.name, manager_phone="19900019999")
        await state_premises(place.id, place.version, named, admin, uow, why="更换消防安全管理人")
        today = local_day(uow.now)
        post = Post(new_id(), person.person, "safety_manager", place.about.unit, today, None, 1)
        await put_post(post, admin, uow, premises=place.number, why="示例数据 demo")


async def _place(premises: Sequence[Premises], admin: Principal, past: Past) -> Premises:
    async with past.uow(past.now) as uow:
        wanted = HazardFilter(state=[State.RECTIFYING])
        troubled = {
            row.hazard.premises_id async for page in HazardReader(uow, admin).find(wanted).whole() for row in page
        }
    key = [one for one in premises if one.about.key_unit and one.about.use is Use.OPEN]
    return next((one for one in key if one.id in troubled), key[0])
