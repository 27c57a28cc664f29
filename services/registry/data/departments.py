"""The departments of the sample city: one per function for each city and each district of A市, and street offices: all of
one street, and of every other the one for fire safety.

A function is a responsibility that a rule of dispatch can ask for. Where a department hangs says whom it serves; where
an area has none for a function, the area above it has.
"""

from collections.abc import Iterable, Iterator
from typing import Any

# function: code, name in a city, name in a district, short names used in texts. `{}` is the area's name.
FUNCTIONS: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "urban_rural": ("ZJ", "{}住房和城乡建设局", "{}住房和城乡建设局", ("{}住建局", "{}住房和城乡建设委员会")),
    "party_affairs": ("DW", "{}委办公室", "{}委办公室", ("{}委办",)),
    "land": ("ZR", "{}自然资源和规划局", "{}自然资源局", ("{}国土局", "{}国土资源局", "{}规划局")),
    "environment": ("HB", "{}生态环境局", "{}生态环境分局", ("{}环保局", "{}环境保护局")),
    "discipline": ("JW", "{}纪委监委", "{}纪委监委", ("{}纪委", "{}监委")),
    "transport": ("JT", "{}交通运输局", "{}交通运输局", ("{}交通局",)),
    "economy": ("FG", "{}发展和改革委员会", "{}发展和改革局", ("{}发改委", "{}发改局")),
    "technology": ("GX", "{}工业和信息化局", "{}工业和信息化局", ("{}工信局", "{}经信委")),
    "civil_affairs": ("MZ", "{}民政局", "{}民政局", ()),
    "agriculture": ("NY", "{}农业农村局", "{}农业农村局", ("{}农业局", "{}农业委员会")),
    "commerce_tourism": ("SW", "{}商务局", "{}商务和旅游局", ("{}旅游局",)),
    "health": ("WJ", "{}卫生健康委员会", "{}卫生健康局", ("{}卫健委", "{}卫健局", "{}卫计委", "{}卫计局")),
    "justice": ("ZF", "{}委政法委员会", "{}委政法委员会", ("{}委政法委", "{}政法委")),
    "education_culture": ("JY", "{}教育局", "{}教育和体育局", ("{}教体局",)),
    "labour": ("RS", "{}人力资源和社会保障局", "{}人力资源和社会保障局", ("{}人社局", "{}劳动局")),
}

# code, name, functions of the offices of the one street that is worked out.
OFFICES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("DZ", "泉塘街道党政办", ("party_affairs",)),
    ("ZZ", "泉塘街道综治办", ("public_order",)),
    ("AJ", "泉塘街道安监办", ("fire_safety", "work_safety")),
    ("CG", "泉塘街道城管办", ("city_appearance",)),
    ("SH", "泉塘街道社会事务办", ("civil_affairs",)),
    ("LD", "泉塘街道劳动保障站", ("labour",)),
    ("PC", "泉塘派出所", ("public_security",)),
    ("SF", "泉塘司法所", ("mediation",)),
    ("SC", "泉塘市场监管所", ("market_supervision",)),
    ("SW", "泉塘税务所", ("tax",)),
)


def departments(areas: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Departments of every city and of A市's districts, the offices of 泉塘街道, and one that serves three streets."""
    for area in areas:
        if area["kind"] == "city" or (area["kind"] == "district" and area["parent"] == "A"):
            yield from _of(area)
    for code, name, functions in OFFICES:
        yield _department(f"A7-QT-D-{code}", name, "A7-QT", functions, ("A7-QT",))
    yield _department("A7-D-JJ", "A7县交警大队星沙中队", "A7", ("traffic_police",), ("A7-QT", "A7-XS", "A7-CL"))


def safety_offices(areas: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Who sees to a hazard in the streets that are not worked out."""
    for area in areas:
        if area["kind"] == "street" and area["code"] != "A7-QT":
            code = area["code"]
            yield _department(f"{code}-D-AJ", f"{area['name']}安监办", code, ("fire_safety", "work_safety"), (code,))


def _of(area: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for function, (code, in_city, in_district, short) in FUNCTIONS.items():
        full = in_city if area["kind"] == "city" else in_district
        aliases = tuple(name.format(area["name"]) for name in short)
        name, parent = full.format(area["name"]), area["code"]
        yield {**_department(f"{parent}-D-{code}", name, parent, (function,), (parent,)), "aliases": list(aliases)}


def _department(
    code: str, name: str, parent: str, functions: tuple[str, ...], serves: tuple[str, ...]
) -> dict[str, Any]:
    return {
        "code": code,
        "kind": "department",
        "name": name,
        "parent": parent,
        "functions": list(functions),
        "serves": list(serves),
    }
