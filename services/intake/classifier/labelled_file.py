"""Reads labelled messages from a spreadsheet (xlsx) or CSV (UTF-8, GB18030) with the column names of public boards."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from services.intake.classifier.categories import category_tree
from services.intake.classifier.training import Labelled
from shared.errors import Invalid, NotFound, TooLarge

TITLE, BODY, CATEGORY = "留言主题", "留言详情", "一级分类"
MAX_BYTES = 64 * 1024 * 1024
MAX_ROWS = 200_000


def read_labelled(path: Path) -> list[Labelled]:
    """All rows that carry text and category; rows that are wholly empty are passed over.

    Raises NotFound, TooLarge or Invalid (not such a file, columns missing, an unknown category, no rows).
    """
    rows = iter(_rows(path))
    header = [str(cell).strip() for cell in next(rows, ())]
    if missing := [name for name in (TITLE, BODY, CATEGORY) if name not in header]:
        raise _unfit(path, f"缺少列：{'、'.join(missing)}", f"these columns are missing: {', '.join(missing)}")
    title, body, category = (header.index(name) for name in (TITLE, BODY, CATEGORY))
    codes = {name: known.code for name, known in category_tree().by_name.items()}
    found = []
    for number, row in enumerate(rows, start=2):
        cells = [str(cell) if cell is not None else "" for cell in row] + [""] * (len(header) - len(row))
        if not any(cell.strip() for cell in cells):
            continue
        name = cells[category].strip()
        if name not in codes:
            raise _unfit(
                path, f"第 {number} 行的一级分类“{name}”不存在", f"row {number} has an unknown category “{name}”"
            )
        found.append(Labelled(codes[name], cells[title], cells[body]))
        if len(found) > MAX_ROWS:
            raise TooLarge(
                "classifier.too_many_rows",
                f"文件 {path.name} 超过 {MAX_ROWS} 行，请拆分",
                f"{path.name} has more than {MAX_ROWS} rows; split it",
            )
    if not found:
        raise _unfit(path, "没有一行数据", "it holds no rows")
    return found


def _rows(path: Path) -> Sequence[Sequence[object]]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise TooLarge(
                "classifier.file_too_large",
                f"文件 {path.name} 超过 {MAX_BYTES >> 20} MB，请拆分",
                f"{path.name} is larger than {MAX_BYTES >> 20} MB; split it",
            )
        content = path.read_bytes()
    except FileNotFoundError:
        raise NotFound(
            "classifier.file_missing", f"找不到文件 {path}，请检查路径", f"There is no file {path}; check the path"
        ) from None
    except OSError as error:
        raise _unfit(path, f"无法读取（{error.strerror}）", f"it cannot be read ({error.strerror})") from None
    if path.suffix.lower() == ".csv":
        return _csv_rows(path, content)
    try:
        return CalamineWorkbook.from_object(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except (CalamineError, ValueError, IndexError, OSError):
        raise _unfit(path, "不是可读的 xlsx 或 csv 文件", "it is no readable xlsx or csv file") from None


def _csv_rows(path: Path, content: bytes) -> Sequence[Sequence[object]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.reader(io.StringIO(content.decode(encoding), newline="")))
        except UnicodeDecodeError:
            continue
        except csv.Error:
            break
    raise _unfit(path, "编码不是 UTF-8 或 GBK，或内容不是 CSV", "it is not CSV in UTF-8 or GBK")


def _unfit(path: Path, zh: str, en: str) -> Invalid:
    return Invalid("classifier.file_unfit", f"文件 {path.name} 不能使用：{zh}", f"{path.name} cannot be used: {en}")
