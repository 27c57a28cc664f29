import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '最新动态', empty: '有新的上报、办理或催办时，这里即时显示。', report: '上报', workOrder: '工单', registry: '单位资料有更新',
    warn: '预警', remind: '催办', hazard: '隐患', inspection: '消防检查', meeting: '联席会议', restructuring: '单位调整',
  },
  {
    title: 'Just now', empty: 'New reports, work and reminders appear here as they happen.', report: 'Report', workOrder: 'Work order', registry: 'Units were changed',
    warn: 'Warning', remind: 'Reminder', hazard: 'Hazard', inspection: 'Fire inspection', meeting: 'Joint meeting', restructuring: 'Restructuring',
  },
)

/** Of reports; what is not here is not told on a wall. */
export const reportActions = texts(
  { submit: '已受理', triage: '研判完成', ask_review: '待研判', reject: '不予受理', correct: '更正研判', dispatch: '转办', resolve: '办结', rework: '返工', close: '结案', rate: '收到评价', reopen: '重新办理' },
  { submit: 'received', triage: 'triaged', ask_review: 'to be triaged', reject: 'not taken', correct: 'corrected', dispatch: 'passed on', resolve: 'resolved', rework: 'reworked', close: 'closed', rate: 'rated', reopen: 'opened again' },
)
/** Of work orders, as what was done. */
export const orderActions = texts(
  {
    open: '立案', assign: '派单', accept: '签收', return: '退单', start: '开始办理', resolve: '办结', verify: '核查通过', rework: '返工', close: '结案', 'ask-suspension': '申请挂账',
    'grant-suspension': '批准挂账', resume: '恢复办理', 'ask-extension': '申请延期', 'grant-extension': '批准延期', deny: '申请未获批准', correct: '更正', reroute: '改派', recall: '撤回', reopen: '重新办理',
  },
  {
    open: 'opened', assign: 'assigned', accept: 'accepted', return: 'returned', start: 'started', resolve: 'resolved', verify: 'checked', rework: 'reworked', close: 'closed', 'ask-suspension': 'suspension asked for',
    'grant-suspension': 'suspended', resume: 'resumed', 'ask-extension': 'more time asked for', 'grant-extension': 'more time granted', deny: 'request denied', correct: 'corrected', reroute: 'rerouted', recall: 'recalled', reopen: 'opened again',
  },
)
/** Of what registry keeps: only what a command centre should hear of. */
export const hazardActions = texts(
  {
    'fix-on-spot': '当场整改', order: '责令整改', submit: '报告整改完成', pass: '复查合格', fail: '复查不合格', 'ask-extension': '申请延期', 'grant-extension': '批准延期',
    transfer: '逾期移交', recheck: '移交后复查', 'judge-major': '判定为重大隐患', list: '挂牌督办', delist: '摘牌', lapse: '逾期未改', reopen: '重新整改',
  },
  {
    'fix-on-spot': 'put right on the spot', order: 'to be put right', submit: 'said to be put right', pass: 're-inspection passed', fail: 're-inspection not passed', 'ask-extension': 'more time asked for', 'grant-extension': 'more time granted',
    transfer: 'overdue, passed on', recheck: 'looked at again', 'judge-major': 'judged major', list: 'listed for supervision', delist: 'taken off the list', lapse: 'overdue', reopen: 'to be put right again',
  },
)
export const inspectionActions = texts({ make: '完成一次' }, { make: 'made' })
export const meetingActions = texts({ call: '已召集', hold: '已召开', approve: '纪要通过，决议转为工单' }, { call: 'called', hold: 'held', approve: 'minutes approved, resolutions are work orders' })
export const restructuringActions = texts({ approve: '已批准', apply: '已生效' }, { approve: 'approved', apply: 'in effect' })
