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
  { submit: '已受理', triage: '研判完成', ask_review: '待研判', reject: '不予受理', correct: '更正研判', dispatch: '转办', resolve: '办结', rework: '返工', close: '结案', rate: '收到评价', reopen: '重新办理', make_hazard: '转为隐患' },
  { submit: 'received', triage: 'triaged', ask_review: 'to be triaged', reject: 'not taken', correct: 'corrected', dispatch: 'passed on', resolve: 'resolved', rework: 'reworked', close: 'closed', rate: 'rated', reopen: 'opened again', make_hazard: 'made a hazard' },
)
/** Of work orders, as what was done. */
export const orderActions = texts(
  {
    open: '立案', assign: '派单', accept: '签收', return: '退单', start: '开始办理', resolve: '办结', verify: '核查通过', rework: '返工', close: '结案', 'ask-suspension': '申请挂账',
    'grant-suspension': '批准挂账', resume: '恢复办理', 'ask-extension': '申请延期', 'grant-extension': '批准延期', decline: '申请未获批准', correct: '更正', reroute: '改派', recall: '撤回', reopen: '重新办理',
    'gain-hazard': '转为隐患', 'hazard-submitted': '隐患报告整改完成', 'hazard-failed': '隐患复查不通过', 'hazard-passed': '隐患复查通过，结案', 'hazard-redated': '隐患期限变更', remeasure: '节假日公布，期限调整', succeed: '单位调整，移交办理',
  },
  {
    open: 'opened', assign: 'assigned', accept: 'accepted', return: 'returned', start: 'started', resolve: 'resolved', verify: 'checked', rework: 'reworked', close: 'closed', 'ask-suspension': 'suspension asked for',
    'grant-suspension': 'suspended', resume: 'resumed', 'ask-extension': 'more time asked for', 'grant-extension': 'more time granted', decline: 'request declined', correct: 'corrected', reroute: 'rerouted', recall: 'recalled', reopen: 'opened again',
    'gain-hazard': 'made a hazard', 'hazard-submitted': 'hazard said to be put right', 'hazard-failed': 're-inspection not passed', 'hazard-passed': 're-inspection passed, closed', 'hazard-redated': 'deadline of the hazard moved', remeasure: 'due times moved: holidays announced', succeed: 'goes on at the successor',
  },
)
/** Of hazards; what only a desk needs to know (sheets, requests) is not told. */
export const hazardActions = texts(
  { 'fix-on-spot': '当场整改', order: '责令限期整改', submit: '报告整改完成', pass: '复查通过，销案', fail: '复查不通过', 'grant-extension': '批准延期', transfer: '移交派出所', recheck: '每周复查', 'judge-major': '判定为重大隐患', report: '书面报告政府', list: '挂牌督办', delist: '摘牌', lapse: '整改逾期', reopen: '重新整改' },
  { 'fix-on-spot': 'fixed on the spot', order: 'ordered to be put right', submit: 'said to be put right', pass: 're-inspection passed, closed', fail: 're-inspection not passed', 'grant-extension': 'extension granted', transfer: 'transferred to the police', recheck: 're-checked', 'judge-major': 'judged as major', report: 'reported in writing', list: 'listed', delist: 'off the list', lapse: 'deadline passed', reopen: 'opened again' },
)
export const inspectionActions = texts({ make: '完成一次' }, { make: 'made' })
export const meetingActions = texts({ call: '已召集', hold: '已召开', approve: '纪要通过，决议转为工单' }, { call: 'called', hold: 'held', approve: 'minutes approved, resolutions are work orders' })
export const restructuringActions = texts({ approve: '已批准', apply: '已生效' }, { approve: 'approved', apply: 'in effect' })
