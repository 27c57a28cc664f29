"""Messages that people labelled, from any table: the columns of public boards, or a hotline's words for them."""

from pathlib import Path

from services.intake.classifier.categories import category_tree
from services.intake.classifier.training import Labelled
from shared.errors import Invalid
from shared.sheets.columns import Column
from shared.sheets.ledger import Ledger
from shared.sheets.read import content_of


def read_labelled(path: Path) -> list[Labelled]:
    """All rows of all sheets, which all carry text and category.

    Raises NotFound, TooLarge or Invalid (no such table, columns missing, rows that cannot be taken).
    """
    reading = _ledger().read(content_of(path))
    if reading.refusals:
        first, count = reading.refusals[0], len({(refusal.sheet, refusal.line) for refusal in reading.refusals})
        was = f"“{first.value}”" if first.value else ""
        raise Invalid(
            "classifier_file_unfit",
            f"文件 {path.name} 有 {count} 行不能使用；第一处：{first.sheet} 第 {first.line} 行“{first.column}”{was}：{first.zh}",
            f"{path.name} has {count} rows that cannot be used; the first is row {first.line} {first.sheet}, "
            f"“{first.column}” {was}: {first.en}",
        )
    return [Labelled(row.values["category"], row.values["title"], row.values["text"]) for row in reading.rows]


def _ledger() -> Ledger:
    return Ledger(
        "已标注留言",
        [
            Column("title", "留言主题", "title", synonyms=("诉求标题", "标题", "主题")),
            Column("text", "留言详情", "text", required=True, synonyms=("诉求内容", "内容", "详情")),
            Column(
                "category", "一级分类", "category", "choice", required=True, synonyms=("类别", "分类"),
                choices={name: known.code for name, known in category_tree().by_name.items()},
            ),
        ],
    )  # fmt: skip
