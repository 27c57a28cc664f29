"""Accounts as a table: the columns of their template, import and export, and of the answer that holds the links."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from services.registry.accounts.account import Account
from services.registry.accounts.lifecycle import State
from services.registry.accounts.reading import Without
from services.registry.accounts.schemas import AccountBody
from services.registry.posts.roles import ZH
from shared.http.sheets import as_a_form, as_body
from shared.sheets.columns import Column
from shared.sheets.ledger import Ledger


def body_of(told: Mapping[str, Any]) -> AccountBody:
    """The row as a POST would say it. Raises ValidationError."""
    return as_body(AccountBody, told)


_COLUMNS: Final = (
    Column("person", "人员标识", "person", "id", required=True, synonyms=("工号",), example="P00016",
           note="与任职中的人员标识相同 as in the posts"),
    Column("user", "用户名", "user", "id", required=True, synonyms=("登录名", "账号"), example="caishanhua",
           note="小写字母开头 begins with a small letter"),
    Column("name", "姓名", "name", required=True, example="蔡珊华"),
    Column("phone", "手机号", "phone", "id", synonyms=("手机", "电话"), example="13800138000"),
    Column("unit", "管理单位", "unit", "unit", synonyms=("单位", "所属单位"), example="A7-QT",
           note="编码或名称；由该单位及上级的管理员管理此账号 whose administrators keep the account"),
    Column("roles", "岗位", "roles", "list", note="仅供参考，导入时不读 for information, not read"),
)  # fmt: skip

ACCOUNTS: Final = Ledger("账号", _COLUMNS, key=("person",), check=as_a_form(body_of))
LISTED: Final = Ledger(
    "账号",
    [*_COLUMNS, Column("state", "状态", "state", "choice", choices={"正常": State.ACTIVE, "已锁定": State.LOCKED})],
)
LINKS: Final = Ledger(
    "登录链接", [*_COLUMNS[:5], Column("link", "登录链接", "link"), Column("until", "有效期至", "until", "instant")]
)


def row_of(account: Account, roles: Sequence[str] = ()) -> dict[str, Any]:
    """An account as the ledger exports it."""
    told = {name: getattr(account, name) for name in ("person", "user", "name", "phone", "unit", "state")}
    return told | {"roles": tuple(ZH.get(role, role) for role in roles)}


def row_without(person: Without) -> dict[str, Any]:
    """Who has no account yet, with all that is known; the name is to be filled in."""
    plain = person.person.lower()
    user = plain if plain[:1].isalpha() else f"u{plain}"
    roles = tuple(ZH.get(role, role) for role in person.roles)
    return {"person": person.person, "user": user.replace("@", "."), "unit": person.unit, "roles": roles}
