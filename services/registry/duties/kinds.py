"""The words of duties: who bears them, what counts for them, how often they come. Rows of data with their Chinese words."""

from enum import StrEnum
from typing import Final


class Bearer(StrEnum):
    """Who must do it: a unit itself, or a premises of its own accord."""

    UNIT = "unit"
    PREMISES = "premises"


class Act(StrEnum):
    """What somebody did that may count for a duty."""

    INSPECTION = "inspection"
    SELF_CHECK = "self_check"
    PATROL = "patrol"
    """A self check by the short list for every day: it stands for no check of the month."""
    SPOT_CHECK = "spot_check"
    RECHECK = "recheck"
    MEETING = "meeting"
    DRILL = "drill"
    TRAINING = "training"
    PUBLICITY = "publicity"
    VISIT = "visit"
    FACILITIES_TEST = "facilities_test"
    FLUE_CLEANING = "flue_cleaning"
    ASSESSMENT = "assessment"


class Period(StrEnum):
    """How often a duty comes (docs/rules.md §1.6)."""

    TWO_HOURS = "two_hours"
    """Every two hours while the premises is open."""
    DAILY = "daily"
    WEEKLY = "weekly"
    WEEKDAY = "weekday"
    """On one fixed day of every week."""
    HALF_MONTHLY = "half_monthly"
    MONTHLY = "monthly"
    TWO_MONTHLY = "two_monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"


class Outcome(StrEnum):
    """How a run ended: done in time, done late, passed by without anything, or let off (豁免)."""

    KEPT = "kept"
    LATE = "late"
    MISSED = "missed"
    WAIVED = "waived"


BEARERS: Final = {Bearer.UNIT: "单位", Bearer.PREMISES: "场所"}
ACTS: Final = {
    Act.INSPECTION: "检查",
    Act.SELF_CHECK: "自查",
    Act.PATROL: "巡查",
    Act.SPOT_CHECK: "抽查",
    Act.RECHECK: "复查",
    Act.MEETING: "会议",
    Act.DRILL: "演练",
    Act.TRAINING: "培训",
    Act.PUBLICITY: "宣传",
    Act.VISIT: "走访",
    Act.FACILITIES_TEST: "全面检测",
    Act.FLUE_CLEANING: "油烟管道清洗",
    Act.ASSESSMENT: "消防安全评估",
}
PERIODS: Final = {
    Period.TWO_HOURS: "营业期间每两小时",
    Period.DAILY: "每日",
    Period.WEEKLY: "每周",
    Period.WEEKDAY: "每周固定日",
    Period.HALF_MONTHLY: "每半月",
    Period.MONTHLY: "每月",
    Period.TWO_MONTHLY: "每两个月",
    Period.QUARTERLY: "每季度",
    Period.HALF_YEARLY: "每半年",
    Period.YEARLY: "每年",
}
OUTCOMES: Final = {
    Outcome.KEPT: "按时完成",
    Outcome.LATE: "逾期完成",
    Outcome.MISSED: "未完成",
    Outcome.WAIVED: "已豁免",
}
