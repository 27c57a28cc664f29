"""Tables of what stands in many files at once: facilities, extinguishers, people with certificates. What has a day by which
something is due is kept by the street as one list; the other items are written file by file."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from services.registry.premises.file_entry import FileEntry
from services.registry.premises.file_items import ITEMS, Values
from services.registry.premises.file_schemas import EntryIn
from services.registry.premises.file_sheet import COLUMNS
from shared.http.sheets import as_a_form
from shared.sheets.columns import Column
from shared.sheets.ledger import Ledger

LISTED: Final = ("facilities", "extinguishers", "certificates")


def _ledger(code: str) -> Ledger:
    item = ITEMS[code]
    return Ledger(
        item.zh,
        [
            Column("entry", "登记号", "entry", "id", note="新登记留空；导出的行带登记号，修改后可再导入 leave empty for new ones"),
            Column("premises", "场所档案号", "premises", "premises", required=True, synonyms=("档案号",), instead="premises_name",
                   example="A7-QT-C000123"),
            Column("premises_name", "场所名称", "name of the premises", synonyms=("单位名称", "所属单位"),
                   note="没有档案号时按名称查找 read where there is no number"),
            *COLUMNS[code],
            Column("due_on", "到期日", "due", "date", note=f"{item.due_zh}；导入时不读 not read"),
        ],
        check=as_a_form(lambda told: EntryIn(item=code, values=values_told(code, told))),
    )  # fmt: skip


LEDGERS: Final[Mapping[str, Ledger]] = {code: _ledger(code) for code in LISTED}


def values_told(code: str, told: Mapping[str, Any]) -> Values:
    """What a row states of an entry, as it is kept."""
    return {column.name: _kept(value) for column in COLUMNS[code] if (value := told[column.name]) not in (None, "")}


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def row_of(entry: FileEntry, number: str, name: str) -> dict[str, Any]:
    """An entry as its ledger exports it."""
    days = {column.name for column in COLUMNS[entry.item] if column.kind == "date"}
    told = {name: date.fromisoformat(value) if name in days else value for name, value in entry.values.items()}
    return told | {"entry": str(entry.id), "premises": number, "premises_name": name, "due_on": entry.due_on}
