"""Every error of restructurings: code, Chinese, English."""

from shared.errors import Conflict, Forbidden, Invalid, NotFound

# A row is three lines: the code and the field, and its two texts.
# fmt: off
RESTRUCTURING_NOT_FOUND = NotFound.of("restructuring", "这个调整方案", "restructuring")
RESTRUCTURING_EMPTY = Invalid.row("restructuring_empty",
    "方案中没有任何单位，请至少写一步",
    "the plan has no units; give at least one step", field="steps")
RESTRUCTURING_TOO_LARGE = Invalid.row("restructuring_too_large",
    "一个方案最多 {most} 个单位，请分成几个方案",
    "a plan has {most} units at most; make several of it", field="steps")
RESTRUCTURING_DAY_OUT_OF_RANGE = Invalid.row("restructuring_day_out_of_range",
    "生效日期应为今天至一年之内",
    "it takes effect between today and a year from now", field="effective_from")
RESTRUCTURING_UNIT_UNKNOWN = Invalid.row("restructuring_unit_unknown",
    "没有单位 {unit}，或它在生效日不存在",
    "there is no unit {unit}, or it does not exist on that day", field="units")
RESTRUCTURING_UNIT_REPEATED = Invalid.row("restructuring_unit_repeated",
    "单位 {unit} 在方案中出现了两次，或编码已被使用",
    "the unit {unit} is there twice in the plan, or its code is taken", field="units")
RESTRUCTURING_PARTS_WRONG = Invalid.row("restructuring_parts_wrong",
    "去向不对：合并、撤销有且只有一个去向且不是自己，拆分至少两个，移交和更名没有",
    "a merger or dissolution has one successor other than itself, a split at least two, a move or rename none", field="into")
RESTRUCTURING_MAIN_UNKNOWN = Invalid.row("restructuring_main_unknown",
    "请在拆分后的单位中指定一个主单位，承接没有坐标的事项",
    "name one of the parts as main: it takes over what has no point", field="main")
RESTRUCTURING_SUCCESSOR_UNKNOWN = Invalid.row("restructuring_successor_unknown",
    "承接单位应是届时存在的单位",
    "the successor is a unit that exists then", field="into")
RESTRUCTURING_NOTHING_NEW = Invalid.row("restructuring_nothing_new",
    "与现状相同：移交请写新的上级，更名请写新的名称",
    "nothing differs: a move names another parent, a rename another name")
RESTRUCTURING_HAS_TROUBLES = Conflict.row("restructuring_has_troubles",
    "方案还有 {count} 处不能执行，请先按预览逐条修改：{zh_why}",
    "{count} things in the plan cannot be done; mend them as the preview says: {en_why}")
RESTRUCTURING_CONCERNS_OTHERS = Conflict.row("restructuring_concerns_others",
    "批准之后情况已有变化，方案现在还涉及：{others}。请重新提交审批",
    "since it was approved things have changed, and it concerns {others} as well; submit it anew")
RESTRUCTURING_OWN = Forbidden.row("restructuring_own",
    "不能审批自己起草的方案，请由他人决定",
    "nobody decides on their own plan; another person must")
RESTRUCTURING_NOT_YOURS = Forbidden.row("restructuring_not_yours",
    "只有起草人，或所涉单位共同上级的负责人，可以修改或取消方案",
    "only who drafted it, or who stands above all whom it concerns, changes or cancels it")
RESTRUCTURING_ROWS_DIFFER = Invalid.row("restructuring_rows_differ",
    "同一新编码的各行写得不一致，请改为相同，或只在一行填写",
    "the rows of one new unit say different things; make them agree, or say it once")
