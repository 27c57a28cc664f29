/** Duties as the API tells them, and the words of them. */
import type { components } from '../api/registry'
import { said, texts } from './i18n'

type Parts = components['schemas']
export type Duty = Parts['DutyOut']
export type DutyDetail = Parts['DutyDetail']
export type Plan = Parts['PlanOut']
export type MonthEntry = Parts['MonthEntryOut']
export type Standing = MonthEntry['standing']
export type Act = Duty['possible'][number]

/** Kept is a tick, missed a cross, late a triangle: the shape says it without the colour. */
export const standingMarks: Record<Standing, string> = { kept: '✓', late: '▲', missed: '×', waived: '–', overdue: '!', due: '●', planned: '○' }
export const standingWords = texts(
  { kept: '按时完成', late: '逾期完成', missed: '未完成', waived: '已豁免', overdue: '逾期未完成', due: '本期应完成', planned: '计划' },
  { kept: 'Kept', late: 'Late', missed: 'Missed', waived: 'Waived', overdue: 'Overdue', due: 'Due', planned: 'Planned' },
)
export const dutyStateWords = texts(
  { running: '进行中', waiver_asked: '申请豁免中', paused: '暂停', ended: '终止' },
  { running: 'Running', waiver_asked: 'Waiver asked', paused: 'Paused', ended: 'Ended' },
)
export const actWords = texts(
  { inspection: '检查', self_check: '自查', patrol: '巡查', spot_check: '抽查', recheck: '复查', meeting: '会议', drill: '演练', training: '培训', publicity: '宣传', visit: '走访', facilities_test: '全面检测', flue_cleaning: '油烟管道清洗', assessment: '消防安全评估', by_hand: '手工登记', waiver: '豁免' },
  { inspection: 'inspection', self_check: 'own check', patrol: 'patrol', spot_check: 'spot check', recheck: 're-check', meeting: 'meeting', drill: 'drill', training: 'training', publicity: 'publicity', visit: 'visit', facilities_test: 'full test', flue_cleaning: 'flue cleaning', assessment: 'assessment', by_hand: 'by hand', waiver: 'waiver' },
)
export const periodWords = texts(
  { two_hours: '营业期间每两小时', daily: '每日', weekly: '每周', weekday: '每周固定日', half_monthly: '每半月', monthly: '每月', two_monthly: '每两个月', quarterly: '每季度', half_yearly: '每半年', yearly: '每年' },
  { two_hours: 'every two hours while open', daily: 'daily', weekly: 'weekly', weekday: 'on a fixed weekday', half_monthly: 'half-monthly', monthly: 'monthly', two_monthly: 'every two months', quarterly: 'quarterly', half_yearly: 'half-yearly', yearly: 'yearly' },
)
export const dutyVerbs = texts(
  { begin: '本期开始', remeasure: '节假日公布，期限调整', fulfil: '完成', ask_waiver: '申请豁免', grant_waiver: '同意豁免', decline_waiver: '不同意豁免', pause: '暂停', resume: '恢复', end: '终止', follow: '随计划调整' },
  { begin: 'Began', remeasure: 'Due time moved: holidays announced', fulfil: 'Fulfilled', ask_waiver: 'Waiver asked', grant_waiver: 'Waiver granted', decline_waiver: 'Waiver declined', pause: 'Paused', resume: 'Resumed', end: 'Ended', follow: 'Followed its plan' },
)

/** Whose it is: the premises' name, or the unit's. */
export const whose = (duty: Duty): string => duty.premises_name ?? duty.unit_name
/** The open run has not begun: this period is done, or the duty is new. */
export const notYet = (duty: Duty): boolean => duty.state !== 'paused' && duty.state !== 'ended' && !duty.begun
const DOERS = ['grid_worker', 'department_handler', 'police_liaison', 'safety_manager', 'leader', 'admin']
const DECIDERS = ['leader', 'supervisor', 'admin']
/** What somebody with `role` may do by hand about it now. */
export const byHand = (duty: Duty, role: string | null): Act[] =>
  duty.possible.filter((act) => (act === 'fulfil' || act === 'ask_waiver' ? DOERS : DECIDERS).includes(role ?? '') && (act !== 'fulfil' || duty.begun))
export const countsText = (duty: Duty): string => duty.counts.map((act) => actWords[act]).join(said('、', ', '))
