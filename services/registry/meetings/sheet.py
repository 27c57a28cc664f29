"""Meetings as a table: the columns of their template, import of past ones, and export. One row is one meeting; what there
are several of stands in one cell, one to a line.

What is exported has a number, and is passed over when it comes back.
"""

from collections.abc import Mapping
from typing import Any, Final

from services.registry.meetings.errors import MEETING_LINE
from services.registry.meetings.meeting import Call, MeetingState, Record
from services.registry.meetings.reading import Listed
from services.registry.meetings.schemas import AttendanceBody, CallBody, RecordBody, ResolutionBody
from shared.http.sheets import as_a_form
from shared.sheets.columns import Column
from shared.sheets.errors import CELL_MISSING
from shared.sheets.ledger import Ledger

STATES: Final = {
    MeetingState.CALLED: "待召开",
    MeetingState.HELD: "待签发",
    MeetingState.APPROVED: "已签发",
    MeetingState.CANCELLED: "已取消",
}
_CALL: Final = ("unit", "title", "starts_at", "place", "chair")
_ABSENT: Final = "缺席"
_CAME: Final = "单位编码或名称 姓名（未到会写“缺席”）"
_RESOLVED: Final = "牵头单位编码或名称|完成期限|协办单位|决议内容"


def told_of(told: Mapping[str, Any]) -> tuple[Call, Record]:
    """What a row says was called, and written at it. Raises ValidationError, Invalid."""
    said: dict[str, Any] = {name: told[name] for name in _CALL if told[name] not in (None, "")}
    agenda = tuple(_lines(told["agenda"]))
    call = CallBody.model_validate(said | {"agenda": agenda, "invited": told["invited"]})
    attendance = tuple(_each(told, "attendance", _came, _CAME))
    if not attendance:
        if told["number"]:  # it was exported before it was held, and is passed over
            return call.call(), Record((), "", ())
        raise CELL_MISSING(field="attendance")
    record = RecordBody(
        attendance=attendance, minutes=told["minutes"],
        resolutions=tuple(_each(told, "resolutions", _resolved, _RESOLVED)),
    )  # fmt: skip
    return call.call(), record.record()


def _lines(cell: str) -> list[str]:
    return [line.strip() for line in cell.splitlines() if line.strip()]


def _each(told: Mapping[str, Any], name: str, read: Any, form: str) -> list[Any]:
    made = []
    for at, line in enumerate(_lines(told[name]), 1):
        try:
            made.append(read(line))
        except ValueError:  # a ValidationError is one too
            raise MEETING_LINE(field=name, line=at, form=form) from None
    return made


def _came(line: str) -> AttendanceBody:
    unit, _, person = line.partition(" ")
    absent = person.strip() == _ABSENT
    return AttendanceBody(unit=unit, person="" if absent else person.strip(), present=not absent)


def _resolved(line: str) -> ResolutionBody:
    unit, deadline, assisting, text = (part.strip() for part in line.replace("｜", "|").split("|", 3))
    said = {"lead_unit": unit, "deadline": deadline, "assisting": assisting, "text": text}
    return ResolutionBody.model_validate_strings(said)


MEETINGS: Final = Ledger(
    "联席会议",
    [
        Column("number", "会议编号", "number", "id", note="往年会议留空；导出的行带编号，不会重复导入 leave empty for new ones"),
        Column("unit", "召集单位编码", "convening unit", "unit", required=True, instead="unit_name", example="A7-QT"),
        Column("unit_name", "召集单位", "unit name", note="没有编码时按名称查找 read where there is no code"),
        Column("title", "会议名称", "title", required=True, example="三季度消防联席会议"),
        Column("starts_at", "召开时间", "held at", "instant", required=True, synonyms=("会议时间", "时间"), example="2026-09-10 09:00"),
        Column("place", "地点", "place", required=True, example="街道三楼会议室"),
        Column("chair", "主持人", "chair", example="街道主任"),
        Column("agenda", "议题", "agenda", required=True, note="每行一项 one to a line", example="通报火情\n部署冬防"),
        Column("invited", "参会单位编码", "invited", "units", required=True, note="编码或名称，用顿号隔开 codes or names, separated by 、",
               example="A7-QT-01、A7-QT-D-AJ"),
        Column("attendance", "到会情况", "attendance", "unit_lines", note=f"新会议必填；每行一个：{_CAME}",
               example=f"A7-QT-01 李红\nA7-QT-D-AJ {_ABSENT}"),
        Column("minutes", "会议纪要", "minutes"),
        Column("resolutions", "决议", "resolutions", "unit_lines", note=f"每行一条：{_RESOLVED}",
               example="A7-QT-01|2026-10-15|派出所|清理楼道杂物"),
        Column("state", "状态", "state", note="仅供参考，导入时不读 for information, not read"),
        Column("closed", "已办结决议", "resolutions closed", "whole", note="仅供参考，导入时不读 for information, not read"),
    ],
    check=as_a_form(told_of),
)  # fmt: skip


def row_of(found: Listed, names: Mapping[str, str]) -> dict[str, Any]:
    """A meeting as the ledger exports it."""
    one, record = found.meeting, found.meeting.record
    row = {name: getattr(one.call, name) for name in (*_CALL, "invited")}
    row |= {"number": one.number, "state": STATES[one.state], "unit_name": names.get(one.call.unit)}
    row |= {"agenda": "\n".join(map(_flat, one.call.agenda))}
    if record is not None:
        row |= {
            "attendance": "\n".join(
                f"{came.unit} {_flat(came.person) if came.present else _ABSENT}".strip() for came in record.attendance
            ),
            "minutes": record.minutes,
            "resolutions": "\n".join(
                f"{one.lead_unit}|{one.deadline}|{_flat(one.assisting)}|{_flat(one.text)}" for one in record.resolutions
            ),
            "closed": found.closed,
        }
    return row


def _flat(text: str) -> str:
    return " ".join(text.split())
