"""Every reason why a file, a column or a cell is not taken: one function per reason, with what to do about it."""

from collections.abc import Sequence

from shared.errors import GridGovError, Invalid, TooLarge
from shared.sheets import limits


def too_large(zh: str, en: str) -> GridGovError:
    return TooLarge("sheet_too_large", f"表格太大：{zh}", f"the table is too large: {en}")


def too_many_bytes() -> GridGovError:
    most = limits.MOST_BYTES >> 20
    return too_large(f"文件超过 {most} MB；请分成几个文件", f"the file has more than {most} MB; split it")


def too_many_cells() -> GridGovError:
    return too_large(
        f"超过 {limits.MOST_ROWS:,} 行、{limits.MOST_COLUMNS:,} 列或 {limits.MOST_CELLS:,} 个单元格；"
        "请删除数据以外多余的行列，或分成几个文件",
        f"more than {limits.MOST_ROWS:,} rows, {limits.MOST_COLUMNS:,} columns or {limits.MOST_CELLS:,} cells; "
        "delete rows and columns beyond the data, or split it",
    )


def too_much_unpacked() -> GridGovError:
    most = limits.MOST_UNPACKED >> 20
    return too_large(
        f"解压后超过 {most} MB 或压缩比异常；请另存为新的 .xlsx，或分成几个文件",
        f"over {most} MB unpacked, or packed beyond what tables are; save it as a new .xlsx, or split it",
    )


def damaged() -> GridGovError:
    return Invalid(
        "sheet_damaged",
        "文件已损坏，无法读取；请用 Excel 或 WPS 打开后另存为 .xlsx 再试",
        "the file is damaged; open it in Excel or WPS, save it as .xlsx and try again",
    )


def protected() -> GridGovError:
    return Invalid(
        "sheet_protected",
        "文件有密码保护；请去掉打开密码后另存再试",
        "the file is protected by a password; remove the password, save it and try again",
    )


def not_a_table() -> GridGovError:
    return Invalid(
        "sheet_kind",
        "这不是表格文件（看内容，不看后缀）；请另存为 .xlsx 或 .csv 再试",
        "this is no table (its content counts, not its suffix); save it as .xlsx or .csv and try again",
    )


def empty() -> GridGovError:
    return Invalid("sheet_empty", "文件是空的；请选择有内容的表格", "the file is empty; choose one with a table in it")


def no_rows() -> GridGovError:
    return Invalid(
        "sheet_no_rows", "表格只有表头，没有数据；请填写后再试", "the table has a header but no rows; fill it in first"
    )


def bad_byte(line: int, byte: int, encoding: str) -> GridGovError:
    return Invalid(
        "sheet_bad_byte",
        f"文本第 {line} 行有一个字节（0x{byte:02X}）不是有效的 {encoding} 字符；请改正这一行，或另存为 UTF-8 再试",
        f"line {line} of the text has a byte (0x{byte:02X}) that is not valid {encoding}; "
        "correct that line, or save the file as UTF-8",
        data={"line": line},
    )


def encoding() -> GridGovError:
    return Invalid(
        "sheet_encoding",
        "文本的编码不是 UTF-8、GB18030 或 UTF-16；请另存为“CSV UTF-8”再试",
        "the text is neither UTF-8, GB18030 nor UTF-16; save it as “CSV UTF-8” and try again",
    )


def quotes(line: int) -> GridGovError:
    return Invalid(
        "sheet_quotes",
        f"文本第 {line} 行附近的引号不成对；请检查引号，或另存为 .xlsx 再试",
        f"quotation marks do not match near line {line} of the text; check them, or save the file as .xlsx",
        data={"line": line},
    )


def columns_missing(sheet: str, missing: Sequence[str], found: Sequence[str], hidden: Sequence[str]) -> GridGovError:
    where_zh, where_en = (f"工作表“{sheet}”", f"the sheet “{sheet}” ") if sheet else ("表格", "the table ")
    seen = "、".join(found[:30]) or "-"
    unhide_zh = f"；隐藏的列不读取：{'、'.join(hidden)}，请取消隐藏" if hidden else ""
    unhide_en = f"; hidden columns are not read: {', '.join(hidden)}, show them" if hidden else ""
    return Invalid(
        "sheet_columns_missing",
        f"{where_zh}缺少列：{'、'.join(missing)}。读到的列：{seen}{unhide_zh}。请改列名，或指定哪一列是什么",
        f"{where_en}lacks the columns {', '.join(missing)}. Found: {seen}{unhide_en}. "
        "Rename them, or say which column is what",
        data={"sheet": sheet, "missing": list(missing), "found": list(found)},
    )


def column_twice(sheet: str, header: str, wanted: str) -> GridGovError:
    return Invalid(
        "sheet_column_twice",
        f"工作表“{sheet}”有两列“{header}”都可作为“{wanted}”；请改其中一列的名字，或指定哪一列是什么",
        f"the sheet “{sheet}” has the column “{header}” twice, both can be “{wanted}”; "
        "rename one, or say which column is what",
    )


def mapping_unknown(header: str, wanted: str, known: Sequence[str]) -> GridGovError:
    return Invalid(
        "sheet_mapping",
        f"列对应“{header}={wanted}”无效：没有“{wanted}”；可用的有：{'、'.join(known)}",
        f"the mapping “{header}={wanted}” is not valid: there is no “{wanted}”; choose from {', '.join(known)}",
        field="columns",
    )


def mapping_unused(header: str, found: Sequence[str]) -> GridGovError:
    return Invalid(
        "sheet_mapping",
        f"列对应中的“{header}”在文件里没有；文件里的列：{'、'.join(found)}",
        f"the mapped column “{header}” is not in the file; its columns are {', '.join(found)}",
        field="columns",
    )


def cell_required() -> GridGovError:
    return Invalid("cell_required", "必填，请填写", "must be filled in")


def cell_error(shown: str) -> GridGovError:
    return Invalid(
        "cell_error",
        f"单元格是公式错误（{shown}）；请改正公式，或粘贴为值",
        f"the cell shows a formula's error ({shown}); correct the formula, or paste it as a value",
    )


def cell_not_computed() -> GridGovError:
    return Invalid(
        "cell_not_computed",
        "公式还没有计算结果；请用 Excel 打开并保存，或粘贴为值",
        "the formula has no result yet; open and save the file in Excel, or paste it as a value",
    )


def digits_lost(shown: str) -> GridGovError:
    return Invalid(
        "cell_digits_lost",
        f"{shown} 是科学计数，末尾的数字已丢失；请先把这一列设为“文本”，再从原处重新粘贴编号",
        f"{shown} has lost its last digits to scientific notation; format the column as text, "
        "then paste the original numbers again",
    )


def not_a_number() -> GridGovError:
    return Invalid("cell_number", "不是数字；请只填数字，如 1200", "this is no number; write digits only, e.g. 1200")


def not_whole() -> GridGovError:
    return Invalid("cell_whole", "应为整数，如 1200", "this must be a whole number, e.g. 1200")


def not_a_time() -> GridGovError:
    return Invalid(
        "cell_time",
        "不是能读懂的时间；请写成 2026-03-02 10:30",
        "this is no time that can be read; write it as 2026-03-02 10:30",
    )


def no_day() -> GridGovError:
    return Invalid(
        "cell_time", "只有钟点，没有日期；请写成 2026-03-02 10:30", "the day is missing; write it as 2026-03-02 10:30"
    )


def two_meanings(first: str, second: str) -> GridGovError:
    return Invalid(
        "cell_two_meanings",
        f"可能是 {first}，也可能是 {second}；请写成 {first} 这样的形式",
        f"this may be {first} or {second}; write it in the form {first}",
        data={"meanings": [first, second]},
    )


def not_a_choice(choices: Sequence[str]) -> GridGovError:
    shown = "、".join(choices[:20]) + (" …" if len(choices) > 20 else "")
    return Invalid("cell_choice", f"只能选：{shown}", f"choose one of: {shown}")


def cell_too_long() -> GridGovError:
    most = f"{limits.LONGEST_CELL:,}"
    return Invalid("cell_too_long", f"超过 {most} 个字；请缩短", f"more than {most} characters; shorten it")


def row_repeated(first: tuple[str, int], again: tuple[str, int]) -> GridGovError:
    """Both rows as (sheet, line)."""
    zh = [f"{sheet} 第 {line} 行".strip() for sheet, line in (first, again)]
    en = [f"row {line}" + (f" of {sheet}" if sheet else "") for sheet, line in (first, again)]
    return Invalid(
        "row_repeated",
        f"{zh[1]}与{zh[0]}重复；请只保留一行",
        f"{en[1]} repeats {en[0]}; keep one of them",
        data={"rows": [first[1], again[1]]},
    )
