"""Every error of the registry: code, Chinese, English. Codes are `<thing>_<what is wrong with it>`."""

from shared.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated

# A row is three lines: the code and the field, and its two texts.
# fmt: off
AS_OF_IN_FUTURE = Invalid.row("as_of_in_future",
    "as_of 不能晚于今天：将来的单位树还不知道",
    "as_of cannot be later than today: nobody knows the tree of the future", field="as_of")

# Units
UNIT_NOT_FOUND = NotFound.row("unit_not_found",
    "没有这个单位，或它在这一天不存在；请检查编码和日期",
    "there is no such unit, or it did not exist on that day; check code and day")
UNIT_EXISTS = Conflict.row("unit_exists",
    "该编码的单位已存在；如要修改，请先打开该单位",
    "a unit with this code is there already; to change it, read it first")
UNIT_IN_USE = Conflict.row("unit_in_use",
    "该单位还有下级单位或任职，请先调整它们再停用",
    "units hang under it or posts are held in it; move or end them first", field="valid_to")
UNIT_CODE_INVALID = Invalid.row("unit_code_invalid",
    "单位编码只能用字母、数字和连字符，最多 64 个字符",
    "a unit's code is made of letters, digits and hyphens, 64 at most", field="code")
UNIT_CODE_OUTSIDE_PARENT = Invalid.row("unit_code_outside_parent",
    "单位编码应以上级编码 {parent} 开头",
    "a unit's code begins with its parent's, {parent}", field="code")
UNIT_NAME_INVALID = Invalid.row("unit_name_invalid",
    "名称和别名应为 {least} 到 {most} 个字，前后不留空格",
    "names and aliases have {least} to {most} characters and no space around them")
UNIT_ITEM_REPEATED = Invalid.row("unit_item_repeated",
    "同一项写了两次，请保留一个",
    "one of these is there twice; keep one")
UNIT_KIND_FIXED = Invalid.row("unit_kind_fixed",
    "单位的类型不能更改，请新建一个单位并停用这个",
    "a unit's kind cannot change; register a new unit and end this one", field="kind")
UNIT_PARENT_UNKNOWN = Invalid.row("unit_parent_unknown",
    "没有这个上级单位，请先登记上级",
    "there is no such parent; register it first", field="parent")
UNIT_PARENT_KIND_WRONG = Invalid.row("unit_parent_kind_wrong",
    "{kind} 的上级类型应为：{possible}",
    "a {kind} hangs under: {possible}", field="parent")
UNIT_PARENT_NOT_VALID = Invalid.row("unit_parent_not_valid",
    "上级单位在生效期间不存在，请核对上级或生效日期",
    "the parent does not exist from that day on; check the parent or the dates", field="parent")
UNIT_VALID_FROM_OUT_OF_RANGE = Invalid.row("unit_valid_from_out_of_range",
    "有效期应从 {earliest} 至今天之间开始；暂不支持将来才生效的单位",
    "validity begins between {earliest} and today; units of the future are not there yet", field="valid_from")
UNIT_VALID_TO_OUT_OF_RANGE = Invalid.row("unit_valid_to_out_of_range",
    "停用日期应晚于开始日期且不晚于今天；暂不支持将来才停用",
    "a unit ends after it began and not after today; ends in the future are not there yet", field="valid_to")
UNIT_EFFECTIVE_FROM_OUT_OF_RANGE = Invalid.row("unit_effective_from_out_of_range",
    "生效日期应在 {earliest} 至今天之间；暂不支持将来才生效的变更，请到当日再办理",
    "a change takes effect between {earliest} and today; changes of the future are not there yet, make it then", field="effective_from")
UNIT_COUNT_NEGATIVE = Invalid.row("unit_count_negative",
    "户数和人数不能为负",
    "households and residents cannot be negative")
UNIT_NOT_A_DEPARTMENT = Invalid.row("unit_not_a_department",
    "只有职能部门才有职责和服务区域",
    "only departments have functions and areas that they serve")
UNIT_FUNCTION_INVALID = Invalid.row("unit_function_invalid",
    "职责名只能用小写字母、数字和下划线，如 fire_safety",
    "a function is named in lower-case letters, digits and underscores, e.g. fire_safety", field="functions")
UNIT_SERVES_UNKNOWN = Invalid.row("unit_serves_unknown",
    "没有服务区域 {area}，请从单位树中选择区域",
    "there is no area {area} to serve; choose one from the unit tree", field="serves")
UNIT_NEEDS_APPROVAL = Forbidden.row("unit_needs_approval",
    "此变更涉及不归您管的单位（{others}），不能直接生效；请提出变更申请（POST /registry/proposals），由双方的共同上级批准",
    "this draws work of units that are not yours ({others}); propose it (POST /registry/proposals), a unit above both approves it")
TREE_TOO_LARGE = Invalid.row("tree_too_large",
    "单位超过 {most} 个，请减小 depth 或指定 root",
    "more than {most} units; ask for less depth or another root", field="depth")

# Boundaries
BOUNDARY_KIND_WRONG = Invalid.row("boundary_kind_wrong",
    "边界应是一个 GeoJSON Polygon",
    "the boundary must be one GeoJSON Polygon (type, coordinates)", field="boundary")
BOUNDARY_TOO_FINE = Invalid.row("boundary_too_fine",
    "边界最多 {most} 个点，请先简化",
    "a boundary has at most {most} positions; simplify it first", field="boundary")
BOUNDARY_RING_TOO_SHORT = Invalid.row("boundary_ring_too_short",
    "边界的每一圈至少要有 {least} 个点（首尾相同）",
    "each ring needs at least {least} positions, the last repeating the first", field="boundary")
BOUNDARY_RING_OPEN = Invalid.row("boundary_ring_open",
    "边界没有闭合：最后一个点应与第一个点相同",
    "the ring is open: its last position must repeat its first", field="boundary")
BOUNDARY_RING_FLAT = Invalid.row("boundary_ring_flat",
    "边界没有围成面积",
    "the ring encloses nothing", field="boundary")
BOUNDARY_CROSSES_ITSELF = Invalid.row("boundary_crosses_itself",
    "边界自相交或内外圈相交，请重新描绘",
    "the boundary crosses itself, or its rings cross; draw it again", field="boundary")
BOUNDARY_POSITION_INVALID = Invalid.row("boundary_position_invalid",
    "边界的每个点应是 [经度, 纬度] 两个数",
    "each position must be two numbers, [longitude, latitude]", field="boundary")
BOUNDARY_POSITION_SWAPPED = Invalid.row("boundary_position_swapped",
    "边界的经纬度写反了：GeoJSON 中经度在前，纬度在后",
    "longitude and latitude are swapped: GeoJSON has longitude first", field="boundary")
BOUNDARY_POSITION_OUT_OF_RANGE = Invalid.row("boundary_position_out_of_range",
    "边界的经度应在 ±180、纬度应在 ±90 之间（WGS-84 度）",
    "longitude must lie within ±180 and latitude within ±90 (WGS-84 degrees)", field="boundary")
BOUNDARY_OF_DEPARTMENT = Invalid.row("boundary_of_department",
    "职能部门没有边界，请用服务区域说明其管辖",
    "a department has no boundary; say which areas it serves", field="boundary")
BOUNDARY_OUTSIDE_PARENT = Invalid.row("boundary_outside_parent",
    "{unit} 的边界超出了上级 {parent} 的边界（约 {beyond}）",
    "the boundary of {unit} reaches out of the boundary of {parent} above it, by about {beyond}", field="boundary")
BOUNDARY_OVERLAPS = Invalid.row("boundary_overlaps",
    "边界与其他单位重叠：{others}；调整相邻边界请连同对方的新边界一起提出变更申请，由共同上级批准",
    "the boundary overlaps: {others}; propose both new boundaries at once, a unit above both approves them", field="boundary")

# Proposals
PROPOSAL_NOT_FOUND = NotFound.of("proposal", "这个变更申请", "proposal")
PROPOSAL_NOT_NEEDED = Conflict.row("proposal_not_needed",
    "这些变更不涉及别人的单位，或没有任何不同；无需申请，请直接修改",
    "these changes concern nobody else, or change nothing; make them directly")
PROPOSAL_UNIT_REPEATED = Invalid.row("proposal_unit_repeated",
    "同一个单位在申请中出现了两次，请合并",
    "a unit is there twice in the proposal; say once what is to be true of it", field="changes")
PROPOSAL_OWN = Forbidden.row("proposal_own",
    "不能审批自己提出的变更申请，请由他人决定",
    "nobody decides on their own proposal; another person must")
PROPOSAL_NOT_YOURS = Forbidden.row("proposal_not_yours",
    "只有提出人可以撤回变更申请",
    "only the person who proposed it withdraws it")
PROPOSAL_STALE = Conflict.row("proposal_stale",
    "提出申请之后情况已有变化，未做任何更改：{zh_why}。请驳回或撤回，再按现状重新提出",
    "things have changed since it was proposed, and nothing was done: {en_why}. Decline or withdraw it and propose anew")

# Posts
POST_NOT_FOUND = NotFound.of("post", "这个任职", "post")
POST_ENDED = Conflict.row("post_ended",
    "该任职已有结束日期",
    "this post has an end already")
POST_HELD = Conflict.row("post_held",
    "此人在该单位（场所）已任此岗位，请先结束原任职",
    "this person holds this role in this unit, or of these premises, already; end that post first")
POST_DIFFERS = Conflict.row("post_differs",
    "同一 id 的任职已存在且内容不同，请换一个 id 或先结束原任职",
    "a post with this id is there and says something else; take another id", field="post_id")
POST_PERSON_INVALID = Invalid.row("post_person_invalid",
    "请填写人员的登录标识（字母、数字和 . _ @ -），不要填姓名",
    "give the subject the person signs in with (letters, digits, . _ @ -), not a name", field="person")
POST_UNIT_UNKNOWN = Invalid.row("post_unit_unknown",
    "没有这个单位，请从单位树中选择",
    "there is no such unit; choose one from the unit tree", field="unit")
POST_ROLE_UNKNOWN = Invalid.row("post_role_unknown",
    "没有这种岗位，可选：{possible}",
    "there is no such role; possible are {possible}", field="role")
POST_ROLE_KIND_WRONG = Invalid.row("post_role_kind_wrong",
    "该岗位只能设在：{kinds}",
    "this role is held in: {possible}", field="role")
POST_PREMISES_MISSING = Invalid.row("post_premises_missing",
    "消防安全管理人须指明所管场所，请填写场所档案号",
    "a safety manager answers for one premises: give the number of its file", field="premises")
POST_PREMISES_UNFIT = Invalid.row("post_premises_unfit",
    "只有消防安全管理人的任职才填场所，请清空场所",
    "only a safety manager's post names premises; leave them away", field="premises")
POST_PREMISES_ELSEWHERE = Invalid.row("post_premises_elsewhere",
    "该场所不在此单位，请把单位改为场所所在的 {unit}",
    "the premises lie in {unit}; give that unit", field="unit")
POST_VALID_FROM_OUT_OF_RANGE = Invalid.row("post_valid_from_out_of_range",
    "任职应在单位设立之后、一年以内开始",
    "a post begins after its unit did, and within a year from now", field="valid_from")
POST_VALID_TO_OUT_OF_RANGE = Invalid.row("post_valid_to_out_of_range",
    "任职结束日期应晚于开始日期，且不超过十年以后",
    "a post ends after it began, and within ten years", field="valid_to")
POST_END_OUT_OF_RANGE = Invalid.row("post_end_out_of_range",
    "结束日期应晚于开始日期，且不超过一年以后",
    "a post ends after it began, and within a year from now", field="on")
COVERAGE_KIND_MISSING = Invalid.row("coverage_kind_missing",
    "翻页时请同时给出 kind",
    "to go on in a list say which: give kind", field="kind")

# People
PERSON_NOT_FOUND = NotFound.row("person_not_found",
    "没有此人的任职，或不归您管理",
    "nobody of this name for the registry holds a post, or the posts are not yours to keep")
BORN_INVALID = Invalid.row("born_invalid",
    "请填写出生年份、年月或日期，如 1980、1980-05 或 1980-05-03，年龄应在 16 到 100 岁之间",
    "give the year, month or day of birth, e.g. 1980, 1980-05 or 1980-05-03, of an age from 16 to 100", field="born")
PERSON_FACTS_DIFFER = Conflict.row("person_facts_differ",
    "此人已有登记且内容不同；如要修改，请先导出，在导出的表中改好再导入",
    "something else is known of this person; export the table, change it there and import that")

# Leave and shifts
LEAVE_NOT_FOUND = NotFound.of("leave", "这条请假记录", "leave")
LEAVE_NOT_YOURS = Forbidden.row("leave_not_yours",
    "只能为自己请假；替他人登记请由其单位的负责人或管理员办理",
    "you ask for your own leave; that of another is entered by a leader or administrator of theirs", field="person")
LEAVE_PERSON_WITHOUT_POST = Invalid.row("leave_person_without_post",
    "此人在您的管辖范围内没有任职，无须请假；请核对人员标识",
    "this person holds no post within your part of the tree, and needs no leave; check who it is", field="person")
LEAVE_ENDS_BEFORE = Invalid.row("leave_ends_before",
    "结束时间应晚于开始时间",
    "leave ends after it begins", field="ends_at")
LEAVE_OUT_OF_RANGE = Invalid.row("leave_out_of_range",
    "请假应在前后一年以内开始，最长一年",
    "leave begins within a year from now and lasts a year at most", field="starts_at")
LEAVE_OVERLAPS = Conflict.row("leave_overlaps",
    "此人在这段时间已有请假，请先销假或改时间",
    "this person has leave then already; withdraw that, or choose another time", field="starts_at")
LEAVE_OWN = Forbidden.row("leave_own",
    "不能审批自己的请假，请由他人决定",
    "nobody decides on their own leave; another person must")
SHIFT_NOT_FOUND = NotFound.of("shift", "这个值班安排", "shift")
SHIFT_KNOWN = Conflict.row("shift_known",
    "已有相同的值班安排，无须重复",
    "the same shift is planned already")
SHIFT_POST_NOT_HELD = Invalid.row("shift_post_not_held",
    "此人在该单位没有此岗位，请先任职，或留空表示该岗位全体",
    "this person does not hold this role there; give the post first, or leave the person away to mean all who hold it", field="person")
SHIFT_DAYS_OR_WEEKDAYS = Invalid.row("shift_days_or_weekdays",
    "请填写每周的星期几，或具体日期，两者选一",
    "give weekdays or single days, one of the two", field="weekdays")
SHIFT_VALID_FROM_OUT_OF_RANGE = Invalid.row("shift_valid_from_out_of_range",
    "值班安排应在前后一年以内开始",
    "a shift begins within a year from today", field="valid_from")
SHIFT_VALID_TO_OUT_OF_RANGE = Invalid.row("shift_valid_to_out_of_range",
    "值班安排的结束日期应晚于开始日期，且在两年以内",
    "a shift ends after it began, and within two years", field="valid_to")
SHIFT_END_OUT_OF_RANGE = Invalid.row("shift_end_out_of_range",
    "结束日期不能早于开始日期，且在一年以内",
    "a shift ends when it began or later, and within a year", field="on")
SHIFT_ENDED = Conflict.row("shift_ended",
    "该值班安排已有停止日期；要继续值班，请从那天起另行安排",
    "this shift has an end by then already; to go on, plan another from that day on")

# Premises
PREMISES_NOT_FOUND = NotFound.row("premises_not_found",
    "没有这个场所，或您无权查看",
    "there are no such premises, or they are not yours to see")
PREMISES_UNKNOWN = Invalid.row("premises_unknown",
    "没有这个场所，或不在您的管辖范围内；请从场所台账中选择，或核对档案号",
    "there are no such premises in your part of the tree; choose some of the ledger, or compare the file's number", field="premises")
PREMISES_KNOWN = Conflict.row("premises_known",
    "该场所已有档案（信用代码和名称相同，或名称和地址相同），请修改原档案",
    "these premises have a file already (same credit code and name, or same name and address); change that one", field="name")
PREMISES_CREDIT_CODE_INVALID = Invalid.row("premises_credit_code_invalid",
    "统一社会信用代码应为 18 位且校验位正确，请对照营业执照",
    "a social credit code has 18 characters, the last of which checks the others; compare it with the licence", field="credit_code")
PREMISES_PLACE_UNKNOWN = Invalid.row("premises_place_unknown",
    "没有这个网格或社区，或不在您的管辖范围内；请填写街道内网格、社区或楼栋的编码",
    "there is no such grid or community within your part of the tree; give the code of one within a street", field="unit")
PREMISES_POINT_HALF = Invalid.row("premises_point_half",
    "经度和纬度请一起填写",
    "give longitude and latitude together", field="longitude")
PREMISES_HOURS_HALF = Invalid.row("premises_hours_half",
    "开始营业和结束营业时间请一起填写",
    "give opening and closing time together", field="opens")
PREMISES_NEVER_OPEN = Invalid.row("premises_never_open",
    "一周七天都休息的场所请把状态填为停业",
    "a place that is closed all week is suspended: say so by its use", field="closed_on")
FILE_ITEM_UNKNOWN = Invalid.row("file_item_unknown",
    "档案没有这一项，可选：{possible}",
    "a file has no such item; possible are {possible}", field="item")
FILE_ITEM_OF_LEDGER = Invalid.row("file_item_of_ledger",
    "“{item}”由专门的台账登记（/{ledger}），档案会自动显示，请到该台账办理",
    "{item_en} have a ledger of their own (/{ledger}), whose rows the file shows; enter it there", field="item")
FILE_ITEM_OF_AUTHORITY = Forbidden.row("file_item_of_authority",
    "“{item}”由监管部门登记，场所自己不填写；如有出入请联系网格员",
    "{item_en} are entered by the authorities, not by the place itself; tell your grid worker what is wrong", field="item")
FILE_ENTRY_NOT_FOUND = NotFound.of("file_entry", "这条档案记录", "entry")
FILE_ENTRY_STRUCK_OUT = Conflict.row("file_entry_struck_out",
    "这条记录已作废，不能再修改；如需登记请新增一条",
    "this entry was struck out and cannot be changed; write a new one")
FILE_TOO_LONG = Invalid.row("file_too_long",
    "一份档案最多 {most:,} 条有效记录，请先作废过期的",
    "a file holds at most {most:,} entries; strike out those that do not hold any more")

# Cities
CITY_UNREADABLE = Invalid.row("city_unreadable",
    "无法从 {folder} 读取单位和岗位（{error}）；需要与示例城市同样格式的 units.json 和 posts.json，见 GRIDGOV_CITY",
    "units and posts cannot be read from {folder} ({error}): GRIDGOV_CITY takes a folder with units.json and posts.json as the sample city has them")
IMPORT_ROW_REPEATED = Invalid.row("import_row_repeated",
    "此行与前面的行重复",
    "this row is there twice")
IMPORT_REFUSED = Invalid.row("import_refused",
    "有 {count} 行无法导入，未做任何更改。第一处：{table} 第 {row} 行 {key}：{zh}",
    "{count} rows cannot be imported and nothing was changed. First: {table} row {row} ({key}): {en}")

# Signing in
SIGN_IN_REFUSED = Forbidden.row("sign_in_refused",
    "用户名或密码不对，或账号暂不能登录。连续输错 5 次须等 15 分钟；忘记密码或被锁定请联系管理员",
    "user name or password is wrong, or the account cannot be used now. After five failures wait 15 minutes; ask an administrator where you forgot it or are locked out")
LINK_REFUSED = Forbidden.row("link_refused",
    "登录链接无效：已用过、已过期或账号已锁定。请联系管理员重新生成",
    "this link does not sign in: it was used, is too old, or the account is locked; ask an administrator for another", field="code")
SIGN_IN_CROWDED = Forbidden.row("sign_in_crowded",
    "该网络地址登录失败次数过多，请 15 分钟后再试",
    "too many failures to sign in came from this address; try again in 15 minutes")
SESSION_OVER = Unauthenticated.row("session_over",
    "登录已结束，请重新登录",
    "the session has ended; sign in again")
SESSION_MISSING = Conflict.row("session_missing",
    "此操作需要在页面上登录；用令牌调用的程序没有登录会话",
    "this needs somebody who signed in on a page; a program with a token has no session")
SESSION_POST_NOT_HELD = Invalid.row("session_post_not_held",
    "您目前不任此岗位，请从 posts 中选择",
    "you do not hold this post now; choose one of posts", field="post")
PASSWORD_WRONG = Forbidden.row("password_wrong",
    "原密码不对",
    "the present password is wrong", field="old")
PASSWORD_IS_NAME = Invalid.row("password_is_name",
    "密码不能是姓名、用户名、工号或手机号，请换一个",
    "a password cannot be the name, user name or phone; choose another", field="new")
PASSWORD_SAME = Invalid.row("password_same",
    "新密码与原密码相同，请换一个",
    "the new password is the present one; choose another", field="new")

# Accounts
ACCOUNT_NOT_FOUND = NotFound.row("account_not_found",
    "没有这个账号，或它不由您管理",
    "there is no such account, or it is not yours to keep")
ACCOUNT_USER_INVALID = Invalid.row("account_user_invalid",
    "用户名以小写字母开头，只能用小写字母、数字和 . _ -，2 到 64 个字符",
    "a user name begins with a small letter and has small letters, digits and . _ -, 2 to 64 of them", field="user")
ACCOUNT_PHONE_INVALID = Invalid.row("account_phone_invalid",
    "请填写 11 位手机号",
    "give a mobile number of 11 digits", field="phone")
ACCOUNT_NAME_INVALID = Invalid.row("account_name_invalid",
    "请填写姓名，最多 100 个字",
    "give the person's name, 100 characters at most", field="name")
ACCOUNT_TAKEN = Conflict.row("account_taken",
    "已有账号使用这个{what}，请核对",
    "another account has this {what_en}; check it")
ACCOUNT_UNIT_UNKNOWN = Invalid.row("account_unit_unknown",
    "没有这个单位，请从单位树中选择",
    "there is no such unit; choose one from the unit tree", field="unit")
ACCOUNT_POSTS_OUTSIDE = Forbidden.row("account_posts_outside",
    "此人在您的管辖范围之外还有任职；请由共同上级的管理员办理",
    "this person holds posts outside your part of the tree; an administrator above all of them does this", field="person")
POST_ROLE_RESERVED = Forbidden.row("post_role_reserved",
    "管理员和审计员岗位只能由管理员任命",
    "only an administrator appoints administrators and auditors", field="role")
ACCOUNT_DIFFERS = Conflict.row("account_differs",
    "此人已有账号且内容不同；导入只新建，修改请在“账号”中办理",
    "this person has an account that says something else; an import only makes new ones, edit it in the list")
ACCOUNT_OWN = Conflict.row("account_own",
    "不能锁定或重置自己的账号，请由另一位管理员办理；修改密码请用“修改密码”",
    "you cannot lock or reset your own account; another administrator does, and your password you change yourself")

# Duties
DUTY_NOT_FOUND = NotFound.of("duty", "这项定期职责", "duty")
DUTY_DONE_ALREADY = Conflict.row("duty_done_already",
    "本期已完成，下一期尚未开始，无需再登记",
    "this period is done already and the next has not begun; there is nothing to fulfil")
DUTY_WAIVER_OWN = Forbidden.row("duty_waiver_own",
    "不能审批自己提出的豁免申请，请由上级单位的其他人决定",
    "nobody decides on a waiver that they asked for; another person of a unit above must")
DUTY_WAIVER_NOT_ABOVE = Forbidden.row("duty_waiver_not_above",
    "豁免须由上级单位决定，不能由承担职责的单位或申请单位自己决定",
    "a unit above decides on a waiver, not the one that bears the duty or asked for it")
DUTY_MONTH_OF_NOBODY = Invalid.row("duty_month_of_nobody",
    "请指定一个单位或一个场所（二者选一）",
    "name a unit or premises, one of the two", field="unit")
PLAN_NOT_FOUND = NotFound.row("plan_not_found",
    "没有这个职责计划",
    "there is no such plan of a duty")
PLAN_EXISTS = Conflict.row("plan_exists",
    "该区域已有同名的职责计划，请修改它",
    "the area has a plan of this duty and variant already; change that one")
PLAN_AREA_UNKNOWN = Invalid.row("plan_area_unknown",
    "没有这个区域，请从单位树中选择",
    "there is no such area; choose one from the unit tree", field="area")
PLAN_OUTSIDE_REACH = Forbidden.row("plan_outside_reach",
    "只能修改本辖区的职责计划；全市通用的计划由平台管理员修改",
    "you change the plans of your own part of the tree; those that hold everywhere are the platform administrators'")
PLAN_BEARER_MIXED = Invalid.row("plan_bearer_mixed",
    "单位的职责请填单位类型（及职能），场所的职责请填场所类别、用途或是否重点单位；两者不能混填，每两小时只用于场所",
    "a duty of units names kinds of units (and a function), one of premises names categories, purposes or key units; not both, and every two hours is for premises only",
    field="bearer")
PLAN_WEEKDAY_WRONG = Invalid.row("plan_weekday_wrong",
    "“每周固定日”须填星期几（一天），其他周期不填",
    "a fixed weekday (1-7) goes with the period weekday, and only with it", field="weekday")
