"""Small written examples shared by the classifier's tests: nothing here comes from real messages."""

from services.intake.classifier.training import Labelled

HEADER = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "一级分类"]

GIVEN = [
    Labelled("transport", f"{place}出租车不打表", "的士司机拒载还要议价，请客管处查一查。")
    for place in ("北站", "码头", "老街", "东门", "体育中心", "大桥")
] + [
    Labelled("health", f"{place}卫生院挂号难", "医生下班早，病人排队两小时，医药费也贵。")
    for place in ("柳塘", "白果", "石桥", "梅岭", "云溪", "桂湖")
]
NAMES = {"transport": "交通运输", "health": "卫生计生"}


def sheet_rows(labelled=tuple(GIVEN)):
    return [
        [str(number), f"U{number:05}", row.title, "2026/1/6 12:09:38", row.body, NAMES[row.code]]
        for number, row in enumerate(labelled, start=1)
    ]
