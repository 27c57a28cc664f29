"""What the words around a name do to it: deny it, put it right, or make it one side of a border. Pure; one rule each.

    "不是星湖社区，是映霞社区"   星湖社区 is denied
    "星湖社区与映霞社区交界处"   neither: what both lie in

The text is in the form in which names are compared (`spelling`): its punctuation is half-width, its blanks are gone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from services.intake.places.place_names import Mention

_CLAUSE: Final = r"[^,。;!?:\n]"
_LOOK_BACK: Final = 14

_DENIES: Final = re.compile(
    r"(?:(?<![是要])不是|并非|(?<!除)非|(?<!在)不在|没在|没有在|(?<!属)不属于?|(?<!归)不归|不(?:应|该|应该)?由|不位于|不关|不像|不同于"
    rf"|(?:不要|不用|不必|不应|不该|(?<![分特区个差级类性])别|勿|无需){_CLAUSE}{{0,3}}[派转发送交给分]{_CLAUSE}{{0,2}}"
    r"|[误错](?:[派转发送交分报写填标]|登记)[成为到在给]{0,2})"
    r"(?:[说指到在于给属归位由]|我们?|你们?|这个?|那个?|该|本|原来的?){0,2}$"
)
"""Before a name: it is not meant. Questions ("是不是A") and "要不是A" do not deny."""
_DENIED: Final = re.compile(
    r"(?:这边|那边)?(?:不对|有误|写错|填错|错了|除外|以外|之外|无关|不是(?:事发|发生|现场|这里))"
)
"""Behind a name: the same."""
_STILL_MEANT: Final = re.compile(rf"(?:的|管|{_CLAUSE}{{0,4}})?[吗么嘛吧](?:[,。;!?:]|$)|的?就是")
"""Behind a name: "不是A吗" asks for assent, and "不是A就是B" leaves both open."""
_OF_PEOPLE: Final = re.compile(r"的?(?:本地人|人(?![民行])|居民|户口|户籍|户头|社保|土著|业主|住户|村民|职工)")
"""Behind a denied name: who somebody is not, which says nothing of where it happened."""
_AND: Final = re.compile(r"[、和与及或]|或者|以及|还有")
"""Between two names: what denies the first denies the second."""
_AFFIRMS: Final = re.compile(
    r"(?:而是在?|其实是?在?|实际上?是?在?|实际位于|实为|应为|应是|应该是在?|更正为|改为|准确[的地]?[说讲]?是?在?)$"
)
_AFFIRMED: Final = re.compile(r"才(?:是|对)")
"""Before or behind a name: it is the one that is meant."""
_JOINED: Final = re.compile(rf"{_CLAUSE}{{0,6}}?(?:[与和跟同及至到、/~—-]|以及){_CLAUSE}{{0,4}}")
_BETWEEN: Final = re.compile(
    rf"{_CLAUSE}{{0,6}}?(?:交界|交汇|交会|交叉|相交|交接|接壤|相邻|毗邻|相接|之间|中间|边界|分界|界线|结合部|接合部)"
)
"""Between two names, and behind the second: the place is on the border of both."""
_ON_ITS_EDGE: Final = re.compile(r"的?(?:交界|边界|接壤|分界|界线|结合部|接合部)")
"""Behind a name: on the border to what is not named."""
_BESIDE: Final = re.compile(r"介于[^,。;!?:\n]{0,2}$")


@dataclass(slots=True)
class Wording:
    """The mentions of a text by what is said of them. `borders` are names that meet; one alone meets one not named."""

    meant: list[Mention] = field(default_factory=list)
    affirmed: list[Mention] = field(default_factory=list)
    denied: list[Mention] = field(default_factory=list)
    borders: list[tuple[str, ...]] = field(default_factory=list)


def wording(text: str, mentions: Sequence[Mention]) -> Wording:
    """`mentions` are in the order of the text. A namesake is always meant as what it is."""
    said = Wording()
    behind = 0
    for at, mention in enumerate(mentions):
        before = text[max(behind, mention.start - _LOOK_BACK) : mention.start]
        last = mentions[at - 1] if at else None
        if mention.namesake:
            said.meant.append(mention)
        elif _denies(text, before, mention) or (last in said.denied and _AND.fullmatch(before)):
            if not _OF_PEOPLE.match(text, mention.end):
                said.denied.append(mention)
        elif _AFFIRMS.search(before) or _AFFIRMED.match(text, mention.end):
            said.affirmed.append(mention)
        else:
            said.meant.append(mention)
        behind = mention.end
    said.borders = _borders(text, mentions)
    return said


def _denies(text: str, before: str, mention: Mention) -> bool:
    if _DENIED.match(text, mention.end):
        return True
    return bool(_DENIES.search(before)) and not _STILL_MEANT.match(text, mention.end)


def _borders(text: str, mentions: Sequence[Mention]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for at, mention in enumerate(mentions):
        last = mentions[at - 1] if at else None
        if mention.namesake or (last is not None and last.namesake):
            continue
        if last is not None and _JOINED.fullmatch(text, last.end, mention.start):
            opened = _BESIDE.search(text, max(0, last.start - 5), last.start)
            if opened or _BETWEEN.match(text, mention.end):
                found.append((last.name, mention.name))
                continue
        if _ON_ITS_EDGE.match(text, mention.end):
            found.append((mention.name,))
    return found
