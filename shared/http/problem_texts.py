"""What validation and framework errors say to people, in Chinese and English: rows of data, one per error type.

The texts never repeat what was sent; `{…}` are limits from pydantic's error context.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

MOST_ERRORS: Final = 20
_LONGEST: Final = 200

HTTP: Final[Mapping[int, tuple[str, str, str]]] = {
    400: ("bad_request", "请求无法读取，请检查格式", "the request cannot be read; check its form"),
    404: ("no_such_path", "没有这个地址，请检查网址", "there is nothing at this address; check the URL"),
    405: ("method_not_allowed", "这个地址不支持该操作，可用的见 Allow", "not possible here; see Allow for what is"),
    406: ("not_acceptable", "无法提供所要的格式", "the wanted format is not available"),
    413: ("body_too_large", "内容太大，请缩小后重试", "the body is too large; send less"),
    415: ("content_type", "不支持这种内容类型", "this content type is not read here"),
}
HTTP_OTHER: Final = ("http_error", "请求无法处理", "the request cannot be handled")

VALIDATION: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("必须填写", "is required"),
    "extra_forbidden": ("没有这一项，请删除", "there is no such field; remove it"),
    "json_invalid": ("不是有效的 JSON", "is not valid JSON"),
    "model_attributes_type": ("应是一个 JSON 对象", "must be a JSON object"),
    "model_type": ("应是一个 JSON 对象", "must be a JSON object"),
    "dict_type": ("应是一个 JSON 对象", "must be a JSON object"),
    "list_type": ("应是一个数组", "must be an array"),
    "tuple_type": ("应是一个数组", "must be an array"),
    "set_type": ("应是一个数组", "must be an array"),
    "string_type": ("应是文字", "must be text"),
    "string_unicode": ("文字不是有效的 UTF-8", "is not valid UTF-8"),
    "string_too_short": ("至少 {min_length} 个字符", "needs at least {min_length} characters"),
    "string_too_long": ("最多 {max_length} 个字符", "takes at most {max_length} characters"),
    "string_pattern_mismatch": ("格式不对，请按该项的说明填写", "has the wrong form; see what the field is for"),
    "int_type": ("应是整数（不加引号）", "must be an integer, without quotes"),
    "int_parsing": ("应是整数", "must be an integer"),
    "int_parsing_size": ("数字太大", "is too large a number"),
    "int_from_float": ("应是整数，不带小数", "must be an integer, without decimals"),
    "float_type": ("应是数字（不加引号）", "must be a number, without quotes"),
    "float_parsing": ("应是数字", "must be a number"),
    "finite_number": ("应是有限的数字", "must be a finite number"),
    "decimal_type": ("应是数字", "must be a number"),
    "decimal_parsing": ("应是数字", "must be a number"),
    "bool_type": ("应是 true 或 false（不加引号）", "must be true or false, without quotes"),
    "bool_parsing": ("应是 true 或 false", "must be true or false"),
    "greater_than": ("应大于 {gt}", "must be greater than {gt}"),
    "greater_than_equal": ("不能小于 {ge}", "must be at least {ge}"),
    "less_than": ("应小于 {lt}", "must be less than {lt}"),
    "less_than_equal": ("不能大于 {le}", "must be at most {le}"),
    "multiple_of": ("应是 {multiple_of} 的倍数", "must be a multiple of {multiple_of}"),
    "enum": ("只能是 {expected} 之一", "must be one of {expected}"),
    "literal_error": ("只能是 {expected} 之一", "must be one of {expected}"),
    "uuid_type": ("应是一个 id（UUID）", "must be an id (a UUID)"),
    "uuid_parsing": ("不是有效的 id（UUID），请原样填写系统给出的 id", "is no valid id (a UUID); send the id as given"),
    "uuid_nil": (
        "全零的 id 不指任何东西，请填写系统给出的 id",
        "the nil UUID names nothing; send the id you were given",
    ),
    "too_short": ("至少要有 {min_length} 项", "needs at least {min_length} items"),
    "too_long": ("最多 {max_length} 项", "takes at most {max_length} items"),
    "union_tag_invalid": ("只能是 {expected_tags} 之一", "must be one of {expected_tags}"),
    "union_tag_not_found": ("缺少类型标记 {discriminator}", "lacks {discriminator}, which says its kind"),
    "text_character": (
        "第 {position} 个字符 U+{code_point} 不能使用，请删除",
        "character U+{code_point} at position {position} is not allowed; remove it",
    ),
    "text_blank": ("请填写内容，不能只有空白", "write something here; spaces alone are not enough"),
    "text_too_short": (
        "至少 {least} 个字符，现在有 {length} 个",
        "needs at least {least} characters; there are {length}",
    ),
    "text_too_long": ("最多 {most} 个字符，现在有 {length} 个", "takes at most {most} characters; there are {length}"),
    "instant_form": (
        "请写成带时区的时间，如 2026-01-31T09:30:00+08:00",
        "must be a time with its zone, e.g. 2026-01-31T09:30:00+08:00",
    ),
    "instant_unreal": ("没有这一天或这一时刻", "there is no such day or time"),
    "instant_range": ("时间应在 1970 年到 2100 年之间", "must lie between 1970 and 2100"),
    "query_unknown": ("没有这个查询参数，请删除", "there is no such query parameter; remove it"),
    "query_repeated": ("这个查询参数只能出现一次", "this query parameter may be there only once"),
}
FORMS: Final[Mapping[str, tuple[str, str]]] = {
    r"^1[3-9][0-9]{9}$": ("应是 11 位手机号，如 13812345678", "must be a mobile number of 11 digits, e.g. 13812345678"),
    r"^[a-z][a-z0-9._-]{1,63}$": (
        "应是用户名：以小写字母开头，只用小写字母、数字和 . _ -，2 到 64 个",
        "must be a user's name: a small letter first, then small letters, digits and . _ -, 2 to 64",
    ),
    r"^[A-Za-z0-9][A-Za-z0-9-]{0,63}$": (
        "应是代码：字母、数字和连字符，不超过 64 个，如 A7-QT-01",
        "must be a code of letters, digits and hyphens, at most 64, e.g. A7-QT-01",
    ),
    r"^[A-Za-z0-9_=-]+$": (
        "翻页标记不对，请原样使用上一页的 next",
        "must be the `next` of the page before, as it was given",
    ),
    r"^[A-Za-z0-9-]+$": ("应是编号：字母、数字和连字符", "must be a number of letters, digits and hyphens"),
    r"^[\x21-\x7e]{1,255}$": (
        "应是 1 到 255 个英文字母、数字或符号，不含空格和汉字",
        "must be 1 to 255 letters, digits or signs of ASCII, without blanks",
    ),
    r"^[\x21-\x7e]{16,255}$": (
        "应是 16 到 255 个英文字母、数字或符号，不含空格和汉字",
        "must be 16 to 255 letters, digits or signs of ASCII, without blanks",
    ),
    r"^[A-Za-z0-9_-]{20,100}$": (
        "登录码不完整，请重新打开完整的链接",
        "is not the whole code; open the whole link again",
    ),
    r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$": (
        "应是账号：字母、数字和 . _ @ -，不超过 64 个",
        "must be an account's name of letters, digits and . _ @ -, at most 64",
    ),
    r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$": (
        "应是时刻，如 09:30，或留空",
        "must be a time of day, e.g. 09:30, or empty",
    ),
    r"^([0-9A-Z]{18})?$": (
        "应是 18 位统一社会信用代码（数字和大写字母），或留空",
        "must be a credit code of 18 digits and capital letters, or empty",
    ),
    r"^[\x21-\x7e]{16,100}$": (
        "应是 16 到 100 个英文字母、数字或符号，不含空格和汉字",
        "must be 16 to 100 letters, digits or signs of ASCII, without blanks",
    ),
    r"^[A-Za-z0-9_-]+={0,2}$": ("链接不完整，请重新打开完整的链接", "is not the whole link; open the whole one again"),
    r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$": ("应是月份，如 2026-11", "must be a month, e.g. 2026-11"),
    r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$": (
        "应是年、年月或日期，如 1980、1980-05、1980-05-17",
        "must be a year, a month or a day, e.g. 1980, 1980-05, 1980-05-17",
    ),
    r"^[0-9]{4}(-(W[0-9]{2}|Q[1-4]|[0-9]{2}))?$": (
        "应是周期：月如 2026-11，年如 2026，周如 `2026-W48`，季如 `2026-Q4`",
        "must be a period: 2026-11, 2026-W48, 2026-Q4 or 2026",
    ),
    r"^[0-9]{1,3}(\.[0-9])?$": ("应是题号，如 12 或 3.1", "must be the number of a question, e.g. 12 or 3.1"),
    r"^([a-z][a-z0-9_]{0,39})?$": (
        "应是职责名：小写字母、数字和下划线，或留空",
        "must be a function of small letters, digits and underscores, or empty",
    ),
    r"^[SWA]$": (
        "应是来源把握：法规原文、网页转述或本地规定三者之一的字母",
        "must be how sure the source is: S, W or A",
    ),
    r"^([01][0-9]|2[0-3]):[0-5][0-9]$": ("应是时刻，如 09:30", "must be a time of day, e.g. 09:30"),
    r"^[1-9][0-9]{0,4}(m|h|wm|wh|wd)$": (
        "应是时长，如 30m、4h、4wh（工作小时）、3wd（工作日）",
        "must be a span of time: 30m, 4h, 4wh (working hours) or 3wd (working days)",
    ),
}
"""What a pattern asks for, in words: nobody is shown a regular expression."""
_NAME: Final = (
    "应是英文小写的名称，只用字母、数字和下划线，如 grid_worker",
    "must be a name of small letters, digits and underscores",
)
_NAMES: Final = re.compile(r"\^\[a-z_?\](?:\[a-z(?:0-9)?_\])?\{\d+,\d+\}\$")
_OTHER: Final = ("填写有误", "is not acceptable")
_PLACES: Final = frozenset({"body", "query", "path", "header", "cookie"})


def form_of(pattern: str) -> tuple[str, str] | None:
    """What a pattern asks for, in words."""
    return FORMS.get(pattern) or (_NAME if _NAMES.fullmatch(pattern) else None)


def fields(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The first errors as `{field, in, code, zh, en}`; `field` is the dotted path without `body`."""
    return [_field(error) for error in errors[:MOST_ERRORS]]


def _in_chinese(listed: str) -> str:
    """A list as pydantic writes it: 'open', 'suspended' or 'closed'."""
    return listed.replace("'", "").replace(" or ", "、").replace(", ", "、")


def _field(error: Mapping[str, Any]) -> dict[str, Any]:
    location = [str(part) for part in error.get("loc", ())]
    place = location.pop(0) if location and location[0] in _PLACES else "body"
    code = str(error.get("type", "invalid"))
    context = error.get("ctx", {})
    # A validator of a service brings its own texts: PydanticCustomError(code, english, {"zh": chinese}).
    own = (str(context["zh"]), str(error.get("msg", ""))) if "zh" in context else _OTHER
    zh, en = VALIDATION.get(code, own)
    if code == "string_pattern_mismatch":
        zh, en = form_of(str(context.get("pattern"))) or (zh, en)
    limits = {key: str(value)[:_LONGEST] for key, value in context.items()}
    try:
        zh, en = zh.format(**{key: _in_chinese(value) for key, value in limits.items()}), en.format(**limits)
    except KeyError:  # another version of pydantic may name a limit differently; the plain words still help
        zh, en = _OTHER
    return {"field": ".".join(location)[:_LONGEST] or place, "in": place, "code": code, "zh": zh, "en": en}
