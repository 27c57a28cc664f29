"""Every ledger keeps the contract of Excel: taken once, all or nothing, by whom it concerns."""

from functools import partial
from typing import Any

import pytest

from shared.auth.principal import Role
from tests.registry.conftest import Registry
from tests.support.api_contract import Who
from tests.support.sheet_contract import SHEET_CHECKS, SheetCase, Sheets
from tests.support.workbooks import Cells

pytestmark = pytest.mark.anyio

ONE, TWO = "R1-S-01-001", "R1-S-01-002"
PLACE = {"name": "泉塘小学", "category": "crowded", "unit": ONE, "address": "一路1号"}
case = partial(
    SheetCase, keeper=Who(Role.LEADER, "R1-S"), stranger=Who(Role.LEADER, "R1-S-02"), unfit=Who(Role.DISPATCHER, "R1-S")
)
office = partial(
    case, keeper=Who(Role.DEPARTMENT_HANDLER, "R1-S-D-AJ"), stranger=Who(Role.GRID_WORKER, "R1-S-02"),
    unfit=Who(Role.POLICE_LIAISON, "R1-S"),
)  # fmt: skip
admins = partial(
    case, keeper=Who(Role.ADMIN, "R1-S"), stranger=Who(Role.ADMIN, "R1-S-02"), unfit=Who(Role.LEADER, "R1-S")
)


def met(
    unit: str = "R1-S", on: str = "2026-06-10", invited: str = "R1-S-01", came: str = "R1-S-01 李红", resolved: str = ""
) -> Cells:
    return unit, "联席会议", f"{on} 09:00", "三楼", "通报火情\n部署夏防", invited, came, "听取汇报。", resolved or None


SHEETS = (
    case(
        "/units",
        ("编码", "类型", "名称", "上级编码", "开始日期", "户数"),
        # What hangs under a unit may stand before it.
        [
            ("R1-S-03-001", "网格", "新网格", "R1-S-03", "2026-11-02", 120),
            ("R1-S-03", "社区（村）", "新社区", "R1-S", "2026-11-01", None),
        ],
        [
            ("名称：", ("R1-S-02-002", "网格", "甲", "R1-S-02", "2026-11-01", None)),
            ("类型：", ("R1-S-02-003", "小区", "第3网格", "R1-S-02", "2026-11-01", None)),
            ("开始日期：", ("R1-S-02-003", "网格", "第3网格", "R1-S-02", "昨天", None)),
            ("R1-S-02 开头", ("X9", "网格", "第4网格", "R1-S-02", "2026-11-01", None)),
            ("管辖范围", ("R1-T", "街道（乡镇）", "别的街道", "R1", "2026-11-01", None)),
        ],
        open_to_all=True,
    ),
    case(
        "/posts",
        ("人员标识", "岗位", "单位编码", "任职日期", "离任日期"),
        [("P8", "网格员", ONE, "2026-11-10", None), ("P9", "受理员", "R1-S", "2026-11-01", "2027-01-01")],
        [
            ("岗位：该岗位只能设在：网格、专属网格、微网格", ("P9", "网格员", "R1-S-01", None, None)),
            ("只能由管理员任命", ("P9", "管理员", "R1-S", None, None)),
            ("管辖范围", ("P9", "受理员", "R1", None, None)),
            ("人员标识：", ("张三", "网格员", ONE, None, None)),
            ("岗位：", ("P9", "村长", "R1-S", None, None)),
        ],
    ),
    admins(
        "/accounts",
        ("人员标识", "用户名", "姓名", "手机号", "管理单位"),
        [("P1", "zhang", "张三", "13800138000", "R1-S"), ("P2", "li", "李四", None, "R1-S-01")],
        [
            ("管辖范围", ("P4", "zhao", "赵六", None, "R1-S")),
            ("用户名：", ("P5", "Li Si", "李四", None, "R1-S-01")),
            ("用户名", ("P3", "zhang", "王五", None, "R1-S")),
            ("管理单位：", ("P6", "sun", "孙七", None, None)),
        ],
    ),
    case(
        "/people",
        ("人员标识", "出生年月", "性别", "学历"),
        [("P1", "1980-05", "女", "大专"), ("P2", "1985", None, None)],
        [("出生年月：", ("P3", "2020", None, None)), ("性别：", ("P3", None, "人", None))],
    ),
    case(
        "/leave",
        ("人员标识", "类别", "开始时间", "结束时间", "事由"),
        [("P1", "年休假", "2026-11-23 08:00", "2026-11-24", "探亲")],
        [
            ("类别：", ("P2", "旷工", "2026-11-23", "2026-11-24", None)),
            ("人员标识：", ("P77", "病假", "2026-11-23", "2026-11-24", None)),
            ("结束时间：", ("P2", "病假", "2026-11-23", "2026-11-22", None)),
        ],
    ),
    case(
        "/shifts",
        ("单位编码", "岗位", "人员标识", "每周", "日期", "开始", "结束", "执行日期"),
        [
            (ONE, "网格员", "P1", "周一、周日", None, "08:00", "20:00", "2026-11-01"),
            (ONE, "网格员", None, None, "2026-12-01、2026-12-02", "20:00", "08:00", None),
        ],
        [
            ("每周：", (ONE, "网格员", None, "周八", None, "08:00", "20:00", None)),
            ("开始：", (ONE, "网格员", None, "周一", None, "早上", "20:00", None)),
            ("人员标识：", (ONE, "网格员", "P9", "周一", None, "08:00", "20:00", None)),
        ],
    ),
    office(
        "/premises",
        ("名称", "类别", "所在网格编码", "地址", "统一社会信用代码", "档案号"),
        [
            ("柳湾小学", "人员密集场所", ONE, "一路1号", "91350100M000100Y43", None),
            ("老王饭店", "沿街门店", TWO, "一路2号", None, None),
        ],
        [
            ("校验位", ("某店", "沿街门店", ONE, "三路", "91350100M000100Y44", None)),
            ("类别：", ("某店", "大商场", ONE, "三路", None, None)),
            ("网格", ("某店", "沿街门店", "R1-X", "三路", None, None)),
            ("名称：", ("", "沿街门店", ONE, "三路", None, None)),
            ("已有档案", ("柳湾小学", "沿街门店", ONE, "九路", "91350100M000100Y43", None)),
            ("没有这个场所", ("某店", "沿街门店", ONE, "三路", None, "R1-S-C999999")),
        ],
    ),
    office(
        "/premises/extinguishers",
        ("场所名称", "类型", "位置", "数量", "出厂日期", "上次维修"),
        # Two that are alike are two.
        [("泉塘小学", "干粉", "大厅", 4, "2021-12-01", None)] * 2,
        [
            ("没有叫“没有的店”的场所档案", ("没有的店", "干粉", "大厅", 4, "2021-12-01", None)),
            ("只能选：水基型", ("泉塘小学", "泡沫", "", 1, "2021-12-01", None)),
        ],
    ),
    office(
        "/premises/facilities",
        ("场所名称", "设施", "数量"),
        [("泉塘小学", "室内消火栓", 4)],
        [("数量：", ("泉塘小学", "室内消火栓", "几个"))],
    ),
    office(
        "/premises/certificates",
        ("场所名称", "姓名", "工种"),
        [("泉塘小学", "王强", "消防设施操作员")],
        [("姓名：", ("泉塘小学", "", "消防设施操作员"))],
    ),
    office(
        "/hazards",
        ("场所名称", "所在网格编码", "检查项目", "隐患内容", "整改期限"),
        [("泉塘小学", None, "疏散", "安全出口堵塞", "2026-11-30"), (None, TWO, "用气", "软管老化", "2026-12-01")],
        [
            ("检查项目：", (None, ONE, "屋顶", "漏水", None)),
            ("整改期限：", (None, ONE, "用电", "私拉电线", "2026-11-17")),
            ("隐患内容：", (None, ONE, "用电", None, None)),
            ("所在网格编码：", (None, None, "用电", "私拉电线", None)),
        ],
        unfit=Who(Role.DISPATCHER, "R1-S"),
    ),
    office(
        "/inspections",
        ("场所名称", "单位编码", "检查时间", "检查类型", "检查人", "疏散", "用气"),
        [
            ("泉塘小学", None, "2026-03-05 09:30", "日常检查", "wg001", "合格", "不合格"),
            (None, TWO, "2026-03-06 09:30", "抽查", "wg002", "合格", None),
        ],
        [
            ("检查时间：", ("泉塘小学", None, "2036-03-05 09:30", "日常检查", "wg001", "合格", None)),
            ("检查类型：", ("泉塘小学", None, "2026-03-05 09:30", "闲逛", "wg001", "合格", None)),
            ("场所档案号：", (None, None, "2026-03-05 09:30", "日常检查", "wg001", "合格", None)),
            ("疏散：", ("泉塘小学", None, "2026-03-07 09:30", "日常检查", "wg001", "大概", None)),
        ],
    ),
    office(
        "/activities",
        ("类型", "主题", "所在单位编码", "开始时间", "状态", "五进对象", "参加人数", "形式", "演练科目", "总结与改进"),
        [
            ("宣传", "119 进家庭", "R1-S-01", "2026-11-09 09:00", "已举行", "进家庭", 120, "入户宣传", None, None),
            ("演练", "疏散演练", ONE, "2026-11-10 09:00", None, None, None, None, "疏散", None),
        ],
        [
            ("总结与改进：", ("演练", "夜间演练", ONE, "2026-11-10 09:00", "已举行", None, 50, None, "疏散", None)),
            ("演练科目：", ("演练", "夜间演练", ONE, "2026-11-10 09:00", None, None, None, None, None, None)),
        ],
    ),
    office(
        "/meetings",
        ("召集单位编码", "会议名称", "召开时间", "地点", "议题", "参会单位编码", "到会情况", "会议纪要", "决议"),
        [
            met(
                invited="R1-S-01、R1-S-D-AJ",
                came="R1-S-01 李红\nR1-S-D-AJ 缺席",
                resolved="R1-S-01|2026-07-15|派出所|清理楼道",
            )
        ],
        [
            ("决议：", met(on="2026-01-10", resolved="清理楼道")),
            ("到会情况：", met(on="2026-01-10", came="R1-S-01 缺席")),
            ("参会单位编码：", met(on="2026-01-10", invited="R1-S-77")),
            ("召集单位编码：", met(ONE, on="2026-01-10")),
            ("召开时间：", met(on="2036-06-10")),
        ],
        stranger=Who(Role.LEADER, "R1-S-02"),
    ),
    admins(
        "/duty-plans",
        ("职责代码", "计划代码", "适用区域编码", "名称", "承担者", "周期", "场所类别", "何种履职算数"),
        [("night_check", "shops", "R1-S", "门店每月夜查", "场所", "每月", "沿街门店", "检查、自查")],
        [
            ("周期：", ("night_check", "schools", "R1-S", "学校夜查", "场所", "偶尔", None, None)),
            ("场所类别：", ("night_check", "schools", "R1-S", "学校夜查", "场所", "每月", "庙宇", None)),
        ],
        open_to_all=True,
    ),
    admins(
        "/checklists",
        ("检查表代码", "名称", "版次", "依据", "检查人", "适用区域编码", "题号", "分组", "检查内容", "项目"),
        [
            ("new_list", "新表", "1", "办法", "派出所", "R1-S", "1", "甲", "问一", "用电"),
            ("new_list", None, None, None, None, None, "2", "甲", "问二", "管理"),
        ],
        [("项目：", ("old_list", "旧表", "1", "办法", "派出所", "R1-S", "1", "甲", "问一", "天气"))],
        things=1,
        drafts=True,
        open_to_all=True,
    ),
)


@pytest.mark.parametrize("check", SHEET_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("case", SHEETS, ids=lambda case: case.path)
async def test_the_sheet(registry: Registry, case: SheetCase, check: Any) -> None:
    await registry.fill()
    assert (await registry.call("POST", "/premises", PLACE)).status_code == 201
    await check(Sheets(registry.client, registry.token, registry.rows), case)


async def test_every_ledger_that_takes_a_table_keeps_it(registry: Registry) -> None:
    """But restructurings, whose table is one plan."""
    paths = registry.service.api.openapi()["paths"]
    taken = {path.removesuffix("/import") for path in paths if path.endswith("/import")}
    assert {case.path for case in SHEETS} == taken - {"/restructurings"}
