/** Words that more than one page needs: roles, states, actions, and what buttons everywhere say. */
import { said, texts } from './i18n'
import type { Post } from './session'

export const words = texts(
  {
    cancel: '取消', close: '关闭', retry: '重试', reread: '显示最新内容', more: '更多', search: '查询', loading: '正在载入', refresh: '刷新',
    signOut: '退出登录', chinese: '中文', english: 'English', language: '语言', theme: '外观', themeAuto: '跟随设备',
    themeLight: '浅色', themeDark: '深色', largeType: '大字', settings: '显示设置', required: '请填写', kept: '上次填写的内容已恢复',
    somethingNew: (n: number) => `有 ${n} 条更新，点击刷新`, photo: '照片', all: '全部',
    none: '无', number: '编号', back: '返回', comma: '、', semicolon: '；', joined: (n: number) => `另有 ${n} 人反映`,
  },
  {
    cancel: 'Cancel', close: 'Close', retry: 'Try again', reread: 'Show it as it is now', more: 'More', search: 'Search', loading: 'Loading', refresh: 'Refresh',
    signOut: 'Sign out', chinese: '中文', english: 'English', language: 'Language', theme: 'Appearance', themeAuto: 'As the device',
    themeLight: 'Light', themeDark: 'Dark', largeType: 'Large type', settings: 'Display', required: 'Needed', kept: 'What you had typed is back',
    somethingNew: (n: number) => `${n} changed; show them`, photo: 'Photo', all: 'All',
    none: 'None', number: 'Number', back: 'Back', comma: ', ', semicolon: '; ', joined: (n: number) => (n === 1 ? '1 other reported it' : `${n} others reported it`),
  },
)

export const roleWords = texts(
  {
    resident: '居民', grid_worker: '网格员', intake_clerk: '受理员', dispatcher: '派单员', department_handler: '部门经办人', police_liaison: '社区民警',
    safety_manager: '消防安全管理人', supervisor: '督办员', leader: '领导', auditor: '审计员', admin: '管理员', operator: '运维员', service: '系统', account: '本人', public: '未知来访者',
  },
  {
    resident: 'Resident', grid_worker: 'Grid worker', intake_clerk: 'Intake clerk', dispatcher: 'Dispatcher', department_handler: 'Handler', police_liaison: 'Police liaison',
    safety_manager: 'Safety manager', supervisor: 'Supervisor', leader: 'Leader', auditor: 'Auditor', admin: 'Administrator', operator: 'Operator', service: 'System', account: 'Its owner', public: 'Somebody unknown',
  },
)

/** Roles of posts (services/registry/posts/roles.py). */
export const postRoleWords = texts(
  {
    grid_worker: '网格员', doorway_head: '楼门长', community_secretary: '社区书记', police_liaison: '社区民警', safety_manager: '消防安全管理人', leader: '领导',
    department_handler: '部门经办人', intake_clerk: '受理员', dispatcher: '派单员', supervisor: '督办员', auditor: '审计员', admin: '管理员',
  },
  {
    grid_worker: 'Grid worker', doorway_head: 'Doorway head', community_secretary: 'Community secretary', police_liaison: 'Police liaison', safety_manager: 'Safety manager', leader: 'Leader',
    department_handler: 'Handler', intake_clerk: 'Intake clerk', dispatcher: 'Dispatcher', supervisor: 'Supervisor', auditor: 'Auditor', admin: 'Administrator',
  },
)

export const stateWords = texts(
  {
    pending: '待派单', assigned: '待签收', accepted: '已签收', in_progress: '办理中', suspended: '挂账', resolved: '待核查',
    verified: '待结案', closed: '已结案',
  },
  {
    pending: 'To assign', assigned: 'To accept', accepted: 'Accepted', in_progress: 'In progress', suspended: 'Suspended', resolved: 'To check',
    verified: 'To close', closed: 'Closed',
  },
)

export const reportStateWords = texts(
  {
    received: '已受理', needs_review: '待研判', triaged: '待派单', dispatched: '办理中', resolved: '已办结，待核查', closed: '已结案', rejected: '不予受理',
    reopened: '重新办理', duplicate: '已并入同一问题',
  },
  {
    received: 'Received', needs_review: 'To be triaged', triaged: 'To be assigned', dispatched: 'Being worked on', resolved: 'Resolved, to be checked', closed: 'Closed', rejected: 'Not taken',
    reopened: 'Opened again', duplicate: 'Joined with the same',
  },
)

export const actionWords = texts(
  {
    open: '立案', assign: '派单', accept: '签收', return: '退单', start: '开始办理', resolve: '办结', verify: '核查通过',
    rework: '返工', close: '结案', 'ask-suspension': '申请挂账', 'grant-suspension': '批准挂账', resume: '恢复办理',
    'ask-extension': '申请延期', 'grant-extension': '批准延期', decline: '不予批准', correct: '更正', reroute: '改派', recall: '收回', reopen: '重新办理',
    'gain-hazard': '转为隐患', 'hazard-submitted': '隐患报告整改完成', 'hazard-failed': '隐患复查不通过', 'hazard-passed': '隐患复查通过，结案', 'hazard-redated': '隐患期限变更', remeasure: '节假日公布，期限调整', succeed: '单位调整，移交办理',
  },
  {
    open: 'Open', assign: 'Assign', accept: 'Accept', return: 'Return', start: 'Start', resolve: 'Resolve', verify: 'Pass the check',
    rework: 'Rework', close: 'Close', 'ask-suspension': 'Ask to suspend', 'grant-suspension': 'Grant suspension', resume: 'Resume',
    'ask-extension': 'Ask for more time', 'grant-extension': 'Grant more time', decline: 'Decline', correct: 'Correct', reroute: 'Given to another unit', recall: 'Taken back', reopen: 'Opened again',
    'gain-hazard': 'Made a hazard', 'hazard-submitted': 'Hazard put right, to be re-inspected', 'hazard-failed': 'Re-inspection not passed', 'hazard-passed': 'Re-inspection passed, closed', 'hazard-redated': 'Deadline of the hazard moved', remeasure: 'Due times moved: holidays announced', succeed: 'Units restructured, goes on at the successor',
  },
)

/** What was done to a report; `actionWords` is of work orders. */
export const reportActionWords = texts(
  {
    submit: '上报', triage: '研判', ask_review: '转人工研判', reject: '不予受理', correct: '更正', dispatch: '交责任单位', resolve: '办结', rework: '返工',
    close: '结案', rate: '评价', reopen: '要求重新办理', work_again: '重新办理', make_hazard: '转为隐患', reveal_reporter: '查看反映人', reveal_words: '查看原文', join: '另有人反映同一问题', succeed: '单位调整，移交办理',
  },
  {
    submit: 'Reported', triage: 'Triaged', ask_review: 'A person was asked', reject: 'Not taken', correct: 'Corrected', dispatch: 'Given to the unit', resolve: 'Resolved', rework: 'To be done again',
    close: 'Closed', rate: 'Rated', reopen: 'Asked to open again', work_again: 'Worked on again', make_hazard: 'Made a hazard', reveal_reporter: 'Reporter looked at', reveal_words: 'Whole words looked at', join: 'Somebody said the same', succeed: 'Units restructured, goes on at the successor',
  },
)

export const priorityWords = texts(
  { critical: '特急', urgent: '紧急', normal: '一般', complex: '复杂' },
  { critical: 'Critical', urgent: 'Urgent', normal: 'Normal', complex: 'Complex' },
)

/** The word for `key`, or the key itself where somebody added a new one on the server. */
export const wordOf = (table: object, key: string): string => (table as Record<string, string | undefined>)[key] ?? key

/** A post as its holder knows it: what it is called (the city's own word in Chinese) and where. */
export const postName = (post: Post): string =>
  [said(post.role_zh, wordOf(roleWords, post.acts_as)), post.premises?.name ?? post.unit?.name].filter(Boolean).join(' · ')
