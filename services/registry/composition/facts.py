"""What is known of a person for the composition of staff: birth, gender, education; each optional. Pure.

It is nobody's business but that of who keeps the person's posts. So it is stored encrypted, stands in no trail and in no
event, and leaves the registry as numbers only.
"""

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registry.errors import BORN_INVALID
from shared.change import Actor, Change
from shared.errors import Unavailable

FACTS_KEY_MISSING = Unavailable.row(
    "person_facts_key_missing",
    "人员情况暂时无法解读：密钥文件 {key_file} 缺失或不可读。请运维人员从备份恢复到密钥目录 secrets/fields，无需重启；恢复前不能修改。",
    "What is known of this person cannot be read now: the key file {key_file} is missing, or cannot be read. The operator "
    "must put it back into secrets/fields from the backup; no restart is needed, and nothing can be changed before.",
)
FACTS_DAMAGED = Unavailable.row(
    "person_facts_damaged",
    "人员情况无法解读：数据已损坏或被改动。请核实后重新登记。",
    "What is known of this person cannot be read: it was damaged or changed in the database. Make sure of it, and state it "
    "anew.",
)
YOUNGEST: Final = 16
"""The least age of employment (劳动法 art. 15); whoever is younger was mistyped."""
OLDEST: Final = 100
_BORN: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


class Gender(StrEnum):
    FEMALE = "female"
    MALE = "male"


class Education(StrEnum):
    PRIMARY = "primary"
    JUNIOR = "junior"
    SECONDARY = "secondary"
    """高中, 中专, 技校"""
    COLLEGE = "college"
    BACHELOR = "bachelor"
    POSTGRADUATE = "postgraduate"


GENDERS: Final = {Gender.FEMALE: "女", Gender.MALE: "男"}
EDUCATIONS: Final = {
    Education.PRIMARY: "小学及以下",
    Education.JUNIOR: "初中",
    Education.SECONDARY: "高中、中专",
    Education.COLLEGE: "大专",
    Education.BACHELOR: "本科",
    Education.POSTGRADUATE: "研究生",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """`born` is a year, a month or a day: 1980, 1980-05, 1980-05-03."""

    born: str | None = None
    gender: Gender | None = None
    education: Education | None = None


@dataclass(frozen=True, slots=True)
class SealedFacts:
    """A person's facts as they are stored: `sealed` is the encrypted JSON of `Facts`."""

    id: UUID
    person: str
    sealed: bytes
    version: int


def age(born: str, day: date) -> int:
    """Whole years on a day. A month or day that is not known counts as the first: then the age may be a year too high.
    Raises Invalid for what is no day of birth."""
    match = _BORN.fullmatch(born)
    try:
        first = date(*(int(part or 1) for part in match.groups())) if match else None
    except ValueError:  # 30 February and its like
        first = None
    if first is None:
        raise BORN_INVALID()
    return day.year - first.year - ((day.month, day.day) < (first.month, first.day))


def check(facts: Facts, today: date) -> None:
    """Raise Invalid for a birth that cannot be that of somebody with a post."""
    if facts.born is not None and not YOUNGEST <= age(facts.born, today) <= OLDEST:
        raise BORN_INVALID()


def state(
    before: tuple[SealedFacts, Facts] | None, after: SealedFacts, facts: Facts, *, by: Actor, now: datetime,
    why: str | None,
) -> Change[SealedFacts]:  # fmt: skip
    """Facts as new or stated anew; the trail says which of them changed, never to what."""
    old = asdict(before[1]) if before else asdict(Facts())
    changed = [name for name, value in asdict(facts).items() if value != old[name]]
    return Change(after, "state" if before else "enter", by, now, why, {"person": after.person, "changed": changed})
