import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '派单', pending: '待派单', returned: '其中退单', asked: '申请待批', over: '例外已到期', overSince: (when: string) => `准入例外已于 ${when} 到期，请改派或收回`, emptyOver: '目前没有准入例外到期、还在办理的工单。', suspended: '挂账到期', suspendedSince: (when: string) => `挂账已于 ${when} 到期，请恢复办理`, emptySuspended: '目前没有挂账到期、还没有恢复办理的工单。', light: '时限', number: '编号', name: '原因与标题', category: '类别', why: '原因', due: '到期', opened: '立案',
    empty: '这里是等着派给责任单位的工单，目前没有。研判后找不到责任单位的、被退回的会自动出现。',
    emptyReturned: '目前没有被退回、等着改派的工单。', emptyAsked: '目前没有等您审批的挂账、延期申请。',
    noUnit: '未找到责任单位', assign: '派单', assignTo: (name: string) => `派给 ${name}`, returnedWhy: '退单原因', suggestion: '建议改派给', times: (n: number) => `第 ${n} 次退单`,
    candidates: '可派单位', find: '查找单位', none: '没有符合的单位', others: '其他单位', unit: '责任单位', suggested: '退单单位建议', holds: '负有此职能', holdsNot: '不负有此职能', tier: '超出权责准入，须写明原因和期限',
    load: (due: number, overdue: number) => (overdue ? `在办 ${due} · 超时 ${overdue}` : `在办 ${due}`), note: '派单说明', optional: '（选填）', exception: '准入例外到期', kept: '上次填写的内容已恢复',
    more: '申请顺延', until: '挂账至', asks: '申请内容',
  },
  {
    title: 'Assign', pending: 'To assign', returned: 'Given back', asked: 'Requests waiting', over: 'Exception over', overSince: (when: string) => `The exception ended ${when}: give it to another unit`, emptyOver: 'No exception has run out while work goes on.', suspended: 'Suspension over', suspendedSince: (when: string) => `The suspension ended ${when}: take the work up again`, emptySuspended: 'No suspension has run out without the work being taken up again.', light: 'Limit', number: 'Number', name: 'Why, and what', category: 'Category', why: 'Why', due: 'Due', opened: 'Opened',
    empty: 'Here come work orders that wait for a unit; none does now. What finds no unit by rule, and what is given back, appears by itself.',
    emptyReturned: 'Nothing was given back and waits for another unit.', emptyAsked: 'No request for suspension or more time waits for you.',
    noUnit: 'no unit was found', assign: 'Assign', assignTo: (name: string) => `Give it to ${name}`, returnedWhy: 'Given back because', suggestion: 'Suggested instead', times: (n: number) => `given back ${n} times`,
    candidates: 'Units to choose from', find: 'Find a unit', none: 'No such unit', others: 'Another unit', unit: 'Unit', suggested: 'suggested', holds: 'has this function', holdsNot: 'does not have this function', tier: 'an exception: give a reason and an end',
    load: (due: number, overdue: number) => (overdue ? `${due} open · ${overdue} overdue` : `${due} open`), note: 'Note', optional: ' (optional)', exception: 'Exception until', kept: 'What you had typed is back',
    more: 'More time', until: 'Until', asks: 'Asked for',
  },
)
