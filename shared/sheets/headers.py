"""Which column is what: headers in other words, in traditional characters, with decorations, or mapped by a person.

A wanted column is known by several names, best first. What was taken for what is always told. Two rows may make one
header: what stands over several columns belongs to each of the words below it.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from shared.sheets import errors
from shared.sheets.cells import Broken, Cells

_TRADITIONAL: Final = (
    "編號碼時間題標內詳貼詢報舉處訴來電話聯繫絡單區縣鄉鎮鋪門類別級領導責負現實線開關閉結辦復覆審"
    "點數經緯態類戶員機構網維護備註註簡稱圖層樓棟種費計劃劃範圍邊興觀風險應預設產業務與從僅傳"
    "優億價兒兩內軍劑勞動勝華協員問啟園圓場壓壞塊夢夠學寧寫對屆屬嶺師帶幣幹庫廠廣張強彈當後徑徵恆愛"
    "慶據損換擔擴擬攝敗敵斷於曆會術條楊樣樹橋檔檢櫃歲歷歸殘決況減測準滅滿潔濟灣燈燒營獎環發監盤"
    "確禮積穩窮競筆節築篩簽籌糧純紀約紅納紙細終組絕統續綠緊縮總績罰職聲臨舊莊葉蓋藝蘇蘭號虛補裝裡視親"
    "覺覽計訂討記訪許評詞試該認語誤說課調談請論證識議讀變讓財貨販貫貴買資賓賞賠質贈車軌軟轉載較輔"
    "輛輪輸轄轉農連週進遊運過達違遠適選遷還郵針銀鋼錄錯鐵長閱隊陽陰際陸險隨難雙雜離雲電項順須"
    "頒頻顏願顧顯飛飯飲館駐驗體魚黃齊齡狀並個們這採託籤臺裏衛眾憑擇爭執隱跡蹤"
)
_SIMPLIFIED: Final = (
    "编号码时间题标内详贴询报举处诉来电话联系络单区县乡镇铺门类别级领导责负现实线开关闭结办复复审"
    "点数经纬态类户员机构网维护备注注简称图层楼栋种费计划划范围边兴观风险应预设产业务与从仅传"
    "优亿价儿两内军剂劳动胜华协员问启园圆场压坏块梦够学宁写对届属岭师带币干库厂广张强弹当后径征恒爱"
    "庆据损换担扩拟摄败敌断于历会术条杨样树桥档检柜岁历归残决况减测准灭满洁济湾灯烧营奖环发监盘"
    "确礼积稳穷竞笔节筑筛签筹粮纯纪约红纳纸细终组绝统续绿紧缩总绩罚职声临旧庄叶盖艺苏兰号虚补装里视亲"
    "觉览计订讨记访许评词试该认语误说课调谈请论证识议读变让财货贩贯贵买资宾赏赔质赠车轨软转载较辅"
    "辆轮输辖转农连周进游运过达违远适选迁还邮针银钢录错铁长阅队阳阴际陆险随难双杂离云电项顺须"
    "颁频颜愿顾显飞饭饮馆驻验体鱼黄齐龄状并个们这采托签台里卫众凭择争执隐迹踪"
)
_FOLD: Final = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
"""Of the characters that occur in headers; names of places have a table of their own."""
_REMARK: Final = re.compile(r"[(\[【〔「『<《{][^()\[\]【】〔〕「」『』<>《》{}]*[)\]】〕」』>》}]")
_NUMBERED: Final = re.compile(r"^\d{1,2}[、.)]")
_ORNAMENT: Final = re.compile(r"[\W_]+")

_SAME: Final = (
    ("起始", "开始"), ("起止", "开始"), ("终止", "结束"), ("截止", "结束"), ("时间", "日期"), ("时限", "期限"), ("类别", "类型"),
    ("种类", "类型"), ("人员", "人"), ("手机号码", "手机号"), ("联系电话", "电话"), ("生产日期", "出厂日期"), ("所属", "所在"),
    ("放置位置", "位置"), ("存放位置", "位置"), ("人口数", "人口"), ("描述", "内容"), ("上次", ""), ("证书编号", "证号"), ("证书号", "证号"),
)  # fmt: skip
"""Words of headers that offices use one for the other."""
_PERSON, _WHETHER = "姓名", "是否"
_PHONES: Final = frozenset(("电话", "联系电话", "电话号码", "联系电话号码", "手机", "手机号", "手机号码", "联系方式"))
"""Beside a person these are the phone of that person."""
_NUMBERING: Final = frozenset(("序号", "no"))
"""Counts the rows and says nothing; nobody misses it."""

PROBLEM: Final = "问题 / Problem"
"""The column that a refused file comes back with; sent again, it is passed over."""


@lru_cache(maxsize=4096)
def folded(header: str) -> str:
    """Two headers that a person takes for the same are equal after this."""
    told = unicodedata.normalize("NFKC", header).lower().translate(_FOLD)
    without = _NUMBERED.sub("", _REMARK.sub("", told).strip())
    return _ORNAMENT.sub("", without) or _ORNAMENT.sub("", told)


def in_brackets(words: str) -> tuple[str, ...]:
    """What stands in brackets in a choice that says two words for one thing, folded: 村 of 社区（村）."""
    return tuple(folded(remark[1:-1]) for remark in _REMARK.findall(unicodedata.normalize("NFKC", words)))


def _usual(header: str, about: str) -> str:
    """A folded header in the words of one office; `about` is what its table is about, 灭火器 of 灭火器类型."""
    for other, word in _SAME:
        header = header.replace(other, word)
    header = header.removesuffix("名称").removeprefix("所在").removeprefix(about) or header
    return header.removesuffix("日期") or header


@dataclass(frozen=True, slots=True)
class Wanted:
    """A column that is looked for: by `name` in code, shown as `title`, known by `names`, best first."""

    name: str
    title: str
    names: tuple[str, ...]
    required: bool = False
    instead: str = ""
    """The column that is read where this one is empty."""


@dataclass(frozen=True, slots=True)
class Header:
    """A header row, read: where each wanted column is, under which words, and which columns are not read."""

    places: Mapping[str, int]
    taken: Mapping[str, str]
    """Wanted name to the header as it stands in the file."""
    unread: tuple[str, ...]
    missing: tuple[str, ...]
    """Titles of required columns that are not there."""
    words: tuple[str, ...] = field(default=(), repr=False)
    rows: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    """The words of its one or two rows, folded."""

    def again(self, cells: Cells) -> bool:
        """Printed tables repeat their header on every page; merged headers take two rows."""
        places = tuple(self.places.values())
        # Of most rows the first cell tells already.
        return any(
            any(row[place] for place in places)
            and all((folded(_word(cells[place])[:200]) if place < len(cells) else "") == row[place] for place in places)
            for row in self.rows
        )


class Headers:
    """Recognises the wanted columns; `columns` maps headers of the file to wanted columns and wins. `about` is what the
    table is about: its headers may begin with it."""

    def __init__(self, wanted: Sequence[Wanted], columns: Mapping[str, str] | None = None, about: str = "") -> None:
        self._wanted = tuple(wanted)
        self._mapped = {folded(header): self._meant(header, to) for header, to in (columns or {}).items()}
        self._columns = dict(columns or {})
        self._ranks = [{folded(n): rank for rank, n in reversed(list(enumerate(w.names)))} for w in self._wanted]
        self._about = about
        usual: dict[str, dict[str, str]] = {}
        for one, ranks in zip(self._wanted, self._ranks, strict=True):
            for name in ranks:
                usual.setdefault(_usual(name, about), {}).setdefault(one.name, name)
        # Where two columns would be called the same, neither is.
        self._usual = {word: next(iter(names.values())) for word, names in usual.items() if len(names) == 1}
        self._known = {name for ranks in self._ranks for name in ranks} | set(self._mapped)

    def known(self, cells: Cells, below: Cells | None = None) -> int:
        """How many cells of a row (of two that make one header) are headers that are looked for."""
        return len(self._known.intersection(self._meanings(self._words(cells, below))))

    def read(self, cells: Cells, below: Cells | None = None, *, sheet: str = "") -> Header:
        """Raises Invalid when two columns are equally good for one that is wanted."""
        words = self._words(cells, below)
        plain = self._meanings(words)
        places: dict[str, int] = {}
        for place, word in enumerate(plain):
            if (name := self._mapped.get(word)) is not None and word:
                if name in places:
                    raise errors.COLUMN_REPEATED(sheet=sheet or "CSV", header=words[place], wanted=self._title(name))
                places[name] = place
        for wanted, ranks in zip(self._wanted, self._ranks, strict=True):
            if wanted.name in places:
                continue
            free = [(ranks[w], p) for p, w in enumerate(plain) if w in ranks and p not in places.values()]
            if not free:
                continue
            rank, place = min(free)
            if sum(other == rank for other, _ in free) > 1:
                raise errors.COLUMN_REPEATED(sheet=sheet or "CSV", header=words[place], wanted=wanted.title)
            places[wanted.name] = place
        used = set(places.values())
        return Header(
            places=places,
            taken={name: words[place] for name, place in places.items()},
            unread=tuple(
                w for p, w in enumerate(words) if w and p not in used and w != PROBLEM and plain[p] not in _NUMBERING
            ),
            missing=tuple(w.title for w in self._wanted if w.required and not places.keys() & {w.name, w.instead}),
            words=words,
            rows=tuple(_padded(row, len(words)) for row in (cells, below) if row is not None),
        )

    def _words(self, cells: Cells, below: Cells | None) -> tuple[str, ...]:
        """The header of each column as it stands there; of two rows the words that are looked for."""
        over = [_word(cell) for cell in cells]
        if below is None:
            return tuple(over)
        under = [_word(cell) for cell in below]
        width = max(len(over), len(under))
        over += [""] * (width - len(over))
        under += [""] * (width - len(under))
        words, group = [], ""
        for above, word in zip(over, under, strict=True):
            if above:
                group = above if word and word != above else ""
            if not word or not group:
                words.append(above or word)
                continue
            meant = {_PERSON: group, **dict.fromkeys(_PHONES, f"{group}电话")}.get(folded(word), word)
            tried = (group + word, meant, word)
            words.append(next((one for one in tried if folded(one) in self._known), group + word))
        return tuple(words)

    def _meanings(self, words: Sequence[str]) -> list[str]:
        """What each header is called, folded. A phone is that of the person beside it, a person's name the person, and
        是否重点单位 asks for 重点单位."""
        plain = [folded(word) for word in words]
        for place, word in enumerate(plain):
            if not word or word in self._known:
                continue
            meant = word.removesuffix(_PERSON).removeprefix(_WHETHER)
            if word in _PHONES and place:
                meant = f"{plain[place - 1]}电话"
            usual = (self._usual.get(_usual(one, self._about), "") for one in (meant, word))
            for one in (meant, *usual):
                if one in self._known and one not in plain:
                    plain[place] = one
                    break
        return plain

    def unused(self, seen: Sequence[str]) -> str | None:
        """A header that a person mapped and that is none of those `seen`."""
        known = {folded(word) for word in seen}
        return next((header for header in self._columns if folded(header) not in known), None)

    def _meant(self, header: str, to: str) -> str:
        wish = folded(to)
        for wanted in self._wanted:
            if wish in {folded(wanted.name), folded(wanted.title)}:
                return wanted.name
        raise errors.MAPPING_UNKNOWN(header=header, wanted=to, known=[f"{w.name} {w.title}" for w in self._wanted])

    def _title(self, name: str) -> str:
        return next(wanted.title for wanted in self._wanted if wanted.name == name)


def _padded(cells: Cells, width: int) -> tuple[str, ...]:
    row = [folded(_word(cell)[:200]) for cell in cells]
    return (*row, *[""] * (width - len(row)))


def _word(cell: object) -> str:
    return "" if cell is None or isinstance(cell, Broken) else " ".join(str(cell).split()).strip("\ufeff\u200b ")
