"""What kinds of activities there are, whom publicity goes to, and what is told of each kind alone. Rows of data.

消防法 art. 6 and 公安部令第61号 art. 36 and 40 ask for them; which fields a kind has is usual practice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.registry.premises.file_items import Field


class ActivityKind(StrEnum):
    TRAINING = "training"
    PUBLICITY = "publicity"
    DRILL = "drill"


class Target(StrEnum):
    """The five that publicity goes into (五进)."""

    SCHOOLS = "schools"
    ENTERPRISES = "enterprises"
    RESIDENTIAL = "residential"
    FAMILIES = "families"
    VILLAGES = "villages"


TARGETS: Final[Mapping[Target, tuple[str, str]]] = {
    Target.SCHOOLS: ("进学校", "schools"),
    Target.ENTERPRISES: ("进企业", "enterprises"),
    Target.RESIDENTIAL: ("进社区", "residential blocks"),
    Target.FAMILIES: ("进家庭", "families"),
    Target.VILLAGES: ("进农村", "villages"),
}


@dataclass(frozen=True, slots=True)
class KindOf:
    """`planned` are the fields that are told beforehand, `results` those that are told once it was held."""

    zh: str
    en: str
    planned: tuple[Field, ...]
    results: tuple[Field, ...]


KINDS: Final[Mapping[ActivityKind, KindOf]] = {
    ActivityKind.TRAINING: KindOf("培训", "training", (
        Field("audience", "培训对象", "who is trained", "choice", required=True,
              choices=("员工", "重点岗位人员", "网格员", "志愿者", "微型消防站队员", "居民", "其他")),
        Field("trainer", "授课人", "trainer"), Field("hours", "学时", "hours", "whole")), (
        Field("passed", "考核合格人数", "passed the test", "whole"),)),
    ActivityKind.PUBLICITY: KindOf("宣传", "publicity", (
        Field("form", "形式", "form", "choice", required=True,
              choices=("集中宣讲", "入户宣传", "发放资料", "展板横幅", "广播视频", "线上推送", "其他")),), (
        Field("materials", "发放资料份数", "leaflets given out", "whole"),)),
    ActivityKind.DRILL: KindOf("演练", "drill", (
        Field("scenario", "演练科目", "what is practised", "choice", required=True,
              choices=("灭火", "疏散", "灭火和疏散", "电梯困人", "燃气泄漏", "其他")),), (
        Field("minutes", "用时（分钟）", "minutes it took", "whole"),
        Field("lessons", "总结与改进", "lessons", required=True))),
}  # fmt: skip
