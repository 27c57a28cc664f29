"""Every reason why a file, a column or a cell is not taken, with what to do about it."""

from collections.abc import Sequence

from shared.errors import GridGovError, Invalid, NotFound, TooLarge
from shared.sheets import limits

# Files
FILE_MISSING = NotFound.row("file_missing", "找不到文件 {path}；请检查路径", "there is no file {path}; check the path")
FILE_UNREADABLE = Invalid.row(
    "file_unreadable",
    "无法读取 {path}（{why}）；请检查路径和权限",
    "cannot read {path} ({why}); check the path and its permissions",
)
SHEET_TOO_LARGE = TooLarge.row(
    "sheet_too_large",
    "表格太大：超过 {rows:,} 行、{columns:,} 列或 {cells:,} 个单元格；请删除数据以外多余的行列，或分成几个文件",
    "the table is too large: more than {rows:,} rows, {columns:,} columns or {cells:,} cells; delete rows and columns "
    "beyond the data, or split it",
)
SHEET_BYTES_TOO_MANY = TooLarge.row(
    "sheet_bytes_too_many",
    "文件超过 {most} MB，或解压后超过 {unpacked} MB，或压缩比异常；请另存为新的 .xlsx，或分成几个文件",
    "the file has more than {most} MB, or over {unpacked} MB unpacked, or is packed beyond what tables are; save it as "
    "a new .xlsx, or split it",
)
SHEET_DAMAGED = Invalid.row(
    "sheet_damaged",
    "文件已损坏，无法读取；请用 Excel 或 WPS 打开后另存为 .xlsx 再试",
    "the file is damaged; open it in Excel or WPS, save it as .xlsx and try again",
)
SHEET_PROTECTED = Invalid.row(
    "sheet_protected",
    "文件有密码保护；请去掉打开密码后另存再试",
    "the file is protected by a password; remove the password, save it and try again",
)
SHEET_KIND_UNKNOWN = Invalid.row(
    "sheet_kind_unknown",
    "这不是表格文件（看内容，不看后缀）；请另存为 .xlsx 或 .csv 再试",
    "this is no table (its content counts, not its suffix); save it as .xlsx or .csv and try again",
)
SHEET_OF_THE_WEB = Invalid.row(
    "sheet_of_the_web",
    "这是网页或 XML 形式的表格（多为系统导出、后缀为 .xls）；请用 Excel 或 WPS 打开后另存为 .xlsx 再试",
    "this is a table as HTML or XML, which other systems call .xls; open it in Excel or WPS, save it as .xlsx and try again",
)
SHEET_EMPTY = Invalid.row(
    "sheet_empty", "文件是空的；请选择有内容的表格", "the file is empty; choose one with a table in it"
)
SHEET_WITHOUT_ROWS = Invalid.row(
    "sheet_without_rows",
    "表格只有表头，没有数据；请填写后再试",
    "the table has a header but no rows; fill it in first",
)
IMPORT_TOO_LONG = Invalid.row(
    "import_too_long",
    "一次最多导入 {most:,} 行，请分成几个文件",
    "at most {most:,} rows are imported at once; split the file",
)
SHEET_BYTE_INVALID = Invalid.row(
    "sheet_byte_invalid",
    "文本第 {line} 行有一个字节（0x{byte:02X}）不是有效的 {encoding} 字符；请改正这一行，或另存为 UTF-8 再试",
    "line {line} of the text has a byte (0x{byte:02X}) that is not valid {encoding}; correct that line, or save the "
    "file as UTF-8",
)
SHEET_ENCODING_UNKNOWN = Invalid.row(
    "sheet_encoding_unknown",
    "文本的编码不是 UTF-8、GB18030 或 UTF-16；请另存为“CSV UTF-8”再试",
    "the text is neither UTF-8, GB18030 nor UTF-16; save it as “CSV UTF-8” and try again",
)
SHEET_QUOTES_OPEN = Invalid.row(
    "sheet_quotes_open",
    "文本第 {line} 行附近的引号不成对；请检查引号，或另存为 .xlsx 再试",
    "quotation marks do not match near line {line} of the text; check them, or save the file as .xlsx",
)

# Columns
COLUMNS_MISSING = Invalid.row(
    "columns_missing",
    "“{sheet}”缺少列：{missing}。读到的列：{found}。隐藏而未读的列（可取消隐藏）：{hidden}。请按导入模板改列名",
    "“{sheet}” lacks the columns {missing}. Found: {found}. Hidden, thus not read (show them): {hidden}. Name them as "
    "the template does",
)
COLUMN_REPEATED = Invalid.row(
    "column_repeated",
    "“{sheet}”有两列“{header}”都可作为“{wanted}”；请改其中一列的名字，或指定哪一列是什么",
    "“{sheet}” has the column “{header}” twice, both can be “{wanted}”; rename one, or say which column is what",
)
MAPPING_UNKNOWN = Invalid.row(
    "mapping_unknown",
    "列对应“{header}={wanted}”无效：没有“{wanted}”；可用的有：{known}",
    "the mapping “{header}={wanted}” is not valid: there is no “{wanted}”; choose from {known}",
    field="columns",
)
MAPPING_UNUSED = Invalid.row(
    "mapping_unused",
    "列对应中的“{header}”在文件里没有；文件里的列：{found}",
    "the mapped column “{header}” is not in the file; its columns are {found}",
    field="columns",
)

# Cells
CELL_MISSING = Invalid.row("cell_missing", "必填，请填写", "must be filled in")
CELL_CONTINUED = Invalid.row(
    "cell_continued",
    "内容超出单元格容量，导出时已截短，全文在“全文”工作表；请在页面上修改这一条，或从表中删除这一行",
    "Excel's cell holds only the beginning, the whole is on the last sheet; change this one on its page, or delete the row",
)
CELL_BROKEN = Invalid.row(
    "cell_broken",
    "单元格是公式错误（{shown}）；请改正公式，或粘贴为值",
    "the cell shows a formula's error ({shown}); correct the formula, or paste it as a value",
)
CELL_NOT_COMPUTED = Invalid.row(
    "cell_not_computed",
    "公式还没有计算结果；请用 Excel 打开并保存，或粘贴为值",
    "the formula has no result yet; open and save the file in Excel, or paste it as a value",
)
CELL_CHARACTER = Invalid.row(
    "cell_character",
    "第 {position} 个字符（{code_point}）不能使用，请删除",
    "character {code_point} at position {position} is not allowed; remove it",
)
CELL_DIGITS_LOST = Invalid.row(
    "cell_digits_lost",
    "{shown} 是科学计数，末尾的数字已丢失；请先把这一列设为“文本”，再从原处重新粘贴编号",
    "{shown} has lost its last digits to scientific notation; format the column as text, then paste the original "
    "numbers again",
)
CELL_NOT_A_NUMBER = Invalid.row(
    "cell_not_a_number", "不是数字；请只填数字，如 1200", "this is no number; write digits only, e.g. 1200"
)
CELL_NOT_WHOLE = Invalid.row("cell_not_whole", "应为整数，如 1200", "this must be a whole number, e.g. 1200")
CELL_NOT_A_TIME = Invalid.row(
    "cell_not_a_time",
    "不是能读懂的时间；请写成 2026-03-02 10:30",
    "this is no time that can be read; write it as 2026-03-02 10:30",
)
CELL_NOT_A_DAY = Invalid.row(
    "cell_not_a_day",
    "不是能读懂的日期；请写成 2026-03-02",
    "this is no day that can be read; write it as 2026-03-02",
)
CELL_WITHOUT_DAY = Invalid.row(
    "cell_without_day",
    "只有钟点，没有日期；请写成 2026-03-02 10:30",
    "the day is missing; write it as 2026-03-02 10:30",
)
CELL_NOT_A_CLOCK = Invalid.row(
    "cell_not_a_clock", "不是能读懂的钟点；请写成 08:30", "this is no time of day that can be read; write it as 08:30"
)
CELL_NOT_A_WEEKDAY = Invalid.row(
    "cell_not_a_weekday",
    "不是能读懂的星期；请写成 周一、周三 或 周一至周五",
    "these are no weekdays that can be read; write “周一、周三” or “周一至周五”, or 1 to 7 from Monday",
)
CELL_NOT_A_MONTH = Invalid.row(
    "cell_not_a_month",
    "不是能读懂的年月；请写成 1985-06（只知道年份就写 1985）",
    "this is no year and month that can be read; write it as 1985-06, or 1985 where only the year is known",
)
CELL_AMBIGUOUS = Invalid.row(
    "cell_ambiguous",
    "可能是 {first}，也可能是 {second}；请写成 {first} 这样的形式",
    "this may be {first} or {second}; write it in the form {first}",
)
CELL_NOT_A_CHOICE = Invalid.row("cell_not_a_choice", "只能选：{choices}", "choose one of: {choices}")
CELL_NAMES_ANOTHER = Invalid.row(
    "cell_names_another",
    "“{name}”是 {id}，与本行的编号、编码不是同一个；请改成一致，或清空其中一个",
    "{name!r} is {id}, not what the number or code in this row says; make them agree, or clear one of them",
)
ROW_REPEATED = Invalid.row(
    "row_repeated", "{again_zh}与{first_zh}重复；请只保留一行", "{again_en} repeats {first_en}; keep one of them"
)

_NAMED = 20


def too_many_cells() -> GridGovError:
    return SHEET_TOO_LARGE(rows=limits.MOST_ROWS, columns=limits.MOST_COLUMNS, cells=limits.MOST_CELLS)


def too_many_bytes() -> GridGovError:
    return SHEET_BYTES_TOO_MANY(most=limits.MOST_BYTES >> 20, unpacked=limits.MOST_UNPACKED >> 20)


def columns_missing(sheet: str, missing: Sequence[str], found: Sequence[str], hidden: Sequence[str]) -> GridGovError:
    data = {"sheet": sheet, "missing": list(missing), "found": list(found)}
    seen, unseen = list(found[:_NAMED]), list(hidden[:_NAMED])
    return COLUMNS_MISSING(sheet=sheet or "CSV", missing=list(missing), found=seen, hidden=unseen, data=data)


def bad_byte(line: int, byte: int, encoding: str) -> GridGovError:
    return SHEET_BYTE_INVALID(line=line, byte=byte, encoding=encoding, data={"line": line})


def two_meanings(first: str, second: str) -> GridGovError:
    return CELL_AMBIGUOUS(first=first, second=second, data={"meanings": [first, second]})


def not_a_choice(choices: Sequence[str]) -> GridGovError:
    return CELL_NOT_A_CHOICE(choices=[*choices[:_NAMED], *(["…"] if len(choices) > _NAMED else [])])


def row_repeated(first: tuple[str, int], again: tuple[str, int]) -> GridGovError:
    """Both rows as (sheet, line)."""
    zh = [f"{sheet} 第 {line} 行".strip() for sheet, line in (first, again)]
    en = [f"row {line}" + (f" of {sheet}" if sheet else "") for sheet, line in (first, again)]
    data = {"rows": [first[1], again[1]]}
    return ROW_REPEATED(first_zh=zh[0], again_zh=zh[1], first_en=en[0], again_en=en[1], data=data)
