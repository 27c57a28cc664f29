import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '研判', waiting: '待研判', number: '编号', name: '内容', reason: '待定事项', claim: '认领', since: '上报', byNumber: '按编号查找、更正', state: '状态',
    counts: (all: number, free: number, mine: number) => `待研判 ${all} · 无人认领 ${free} · 我认领 ${mine}`,
    empty: '这里是系统拿不准、需要人来定地点或类别的民情，目前没有。新的会自动出现。', nothing: '没有这个编号的民情。请输入编号的后六位或全部。',
    me: '我', somebody: '他人', back: '回到待研判',
    claimIt: '认领', release: '放弃认领', claimedByMe: (until: string) => `您正在研判，${until} 前有效`, claimedBy: (until: string) => `他人正在研判，${until} 前有效`,
    why: '需要人工的原因', decide: '研判', area: '发生区域', category: '类别', other: '其他类别', choose: '请选择', sure: (percent: number) => `把握 ${percent}%`,
    note: '说明', optional: '（选填）', confirm: '确认研判', reject: '不予受理', rejectWhy: '不予受理的原因', competent: '有权处理的单位', competentHint: '例如：县公安局',
    rejectConsequence: '民情转为“不予受理”，反映人会看到原因和应找的单位。', should: (unit: string) => `应由${unit}受理`,
    decideConsequence: '民情转为“待派单”，随后按权责清单派给责任单位。', correct: '更正', correctWhy: '更正原因', confirmCorrect: '确认更正',
    correctConsequence: '地点或类别改正后，工单按新的情况重新派单。', nothingChanged: '请先改区域或类别', changed: '刚刚有更新', show: '显示',
    told: '反映内容', photos: '照片', where: '地址', found: '系统判定', how: '判定方式', suggested: '建议类别', channel: '渠道', reporter: '反映人', anonymous: '匿名', submitted: '上报时间',
    occurred: '发生时间', order: '工单', map: '位置', trail: '留痕', radius: (metres: number) => `坐标可能偏差 ${metres} 米`, sameAs: '与这一件为同一问题，一并办理：', same: '（同一问题，未另作说明）', unread: '▲ 无法识别，原样保留',
  },
  {
    title: 'Triage', waiting: 'To be triaged', number: 'Number', name: 'What', reason: 'To decide', claim: 'Taken by', since: 'Sent', byNumber: 'By number, to correct', state: 'State',
    counts: (all: number, free: number, mine: number) => `${all} waiting · ${free} free · ${mine} mine`,
    empty: 'Here come reports whose place or category a person must decide; none waits now. New ones appear by themselves.', nothing: 'No report has this number. Type the last six digits or all of it.',
    me: 'me', somebody: 'another', back: 'Back to the queue',
    claimIt: 'Take it', release: 'Give it back', claimedByMe: (until: string) => `You look at it, until ${until}`, claimedBy: (until: string) => `Somebody else looks at it, until ${until}`,
    why: 'Why a person is asked', decide: 'Decide', area: 'Area', category: 'Category', other: 'Another category', choose: 'Choose', sure: (percent: number) => `${percent}% sure`,
    note: 'Note', optional: ' (optional)', confirm: 'Confirm', reject: 'Reject', rejectWhy: 'Why it is not taken', competent: 'Who is competent', competentHint: 'for instance the police',
    rejectConsequence: 'It becomes "not taken"; who reported it reads why, and whom to turn to.', should: (unit: string) => `应由${unit}受理`,
    decideConsequence: 'It becomes "to be assigned", and goes to the unit that the catalogue names.', correct: 'Correct', correctWhy: 'Why it is corrected', confirmCorrect: 'Correct it',
    correctConsequence: 'The work order is given out anew for the right area or category.', nothingChanged: 'Change the area or the category first', changed: 'Changed just now', show: 'Show',
    told: 'What was reported', photos: 'Photos', where: 'Address', found: 'Place found', how: 'Found by', suggested: 'Suggested', channel: 'Channel', reporter: 'Reporter', anonymous: 'anonymous', submitted: 'Sent',
    occurred: 'Happened', order: 'Work order', map: 'Where', trail: 'Trail', radius: (metres: number) => `the point may be ${metres} m off`, sameAs: 'The same as this one, and seen to with it:', same: '(the same, nothing more was said)', unread: '▲ could not be read; kept as told',
  },
)

export const reasonWords = texts(
  { place_unknown: '没有定位到地点', place_uncertain: '地点不够准确', place_contradicted: '坐标与文字所说的地点不一致', category_uncertain: '类别拿不准' },
  { place_unknown: 'the place was not found', place_uncertain: 'the place is not sure', place_contradicted: 'point and words name different places', category_uncertain: 'the category is not sure' },
)
/** The same in a cell of the list. */
export const shortReasons = texts(
  { place_unknown: '地点未知', place_uncertain: '地点不准', place_contradicted: '地点矛盾', category_uncertain: '类别' },
  { place_unknown: 'no place', place_uncertain: 'place', place_contradicted: 'two places', category_uncertain: 'category' },
)
export const methodWords = texts(
  {
    point: '坐标落在这个区域内', name: '文字中提到的地名', ancestor: '线索只够定到上级区域', fallback: '没有线索，取上报人所在单位',
    contradicted: '坐标与文字所说不一致', unknown: '没有定位到', person: '人工确定',
  },
  {
    point: 'the point lies in it', name: 'the words name it', ancestor: 'no finer than this', fallback: 'nothing but where it was sent from',
    contradicted: 'point and words name different places', unknown: 'not found', person: 'a person decided',
  },
)
export const channelWords = texts(
  { grid_worker: '网格员', resident: '居民', hotline: '热线', window: '窗口', visit: '走访', inspection: '检查', open311: 'Open311', import: '导入', sensor: '传感器' },
  { grid_worker: 'Grid worker', resident: 'Resident', hotline: 'Hotline', window: 'Window', visit: 'Visit', inspection: 'Inspection', open311: 'Open311', import: 'Import', sensor: 'Sensor' },
)
/** Optional fields that could not be read, and are kept as they were told. */
export const unreadWords = texts(
  { category: '自报类别', point: '自报位置', title: '自报标题', address: '自报地址', occurred_at: '自报发生时间', recorded_at: '自报记录时间' },
  { category: 'Category told', point: 'Point told', title: 'Title told', address: 'Address told', occurred_at: 'Time told', recorded_at: 'Written down' },
)
