/** What people do to work orders from the desk and the phone: for each action its body, its consequence in words, and the
 * call. Which actions are possible now says the API (`order.possible`); whose they are says `ROLES` until it does. */
import { ask, dispatch, ifMatch, type WorkOrder } from './api'
import { texts } from './i18n'
import { limitWords, moment } from './times'

export type Action = WorkOrder['possible'][number]
export type Field = 'why' | 'result' | 'lead_unit' | 'suggested_unit' | 'until' | 'more'

export interface Form {
  fields: readonly { name: Field; required: boolean }[]
  consequence: (order: WorkOrder) => string
  /** Undoes somebody's work or goes against them: not the first button. */
  grave?: boolean
}

const need = (name: Field) => ({ name, required: true })
const may = (name: Field) => ({ name, required: false })

const t = texts(
  {
    assign: '责任单位将收到工单，签收时限重新起算', accept: '计入签收时限；之后开始办理',
    acceptInTime: (due: string) => `签收时限截至 ${due}；签收后由本单位负责办结`,
    giveBack: '退回派单员重新指派，退单次数计入考核', start: '标记为办理中', resolve: '停止办结计时，转网格员现场核查',
    verify: '核查通过，转派单员结案', rework: '退回原单位继续办理，时限不变', close: '工单结束，反馈上报人',
    askSuspension: '由派单员或督导员批准后停止计时', grantSuspension: '停止计时，剩余时限保留', resume: '继续计时，剩余时限不变',
    askExtension: '由派单员、督导员或领导批准', grantExtension: (more: string) => `办结时限顺延 ${more}`, deny: '申请不予批准，时限不变',
  },
  {
    assign: 'The unit gets the work order; its time to accept starts anew', accept: 'Ends the time to accept; the work comes next',
    acceptInTime: (due: string) => `To be accepted by ${due}; then your unit is the one to resolve it`,
    giveBack: 'Goes back to the dispatcher; returns are counted', start: 'Shows that work has begun', resolve: 'Stops the clock; a grid worker checks it on the spot',
    verify: 'Passes the check; the dispatcher closes it', rework: 'Goes back to the unit within the same limit', close: 'Ends the work order; the reporter is told',
    askSuspension: 'The clock stops once a dispatcher or supervisor grants it', grantSuspension: 'The clock stops; what is left is kept', resume: 'The clock goes on with what was left',
    askExtension: 'A dispatcher, supervisor or leader decides', grantExtension: (more: string) => `The limit moves by ${more}`, deny: 'Not granted; the limit stays',
  },
)

export const FORMS: Record<Exclude<Action, 'open'>, Form> = {
  assign: { fields: [need('lead_unit'), may('why')], consequence: () => t.assign },
  accept: { fields: [], consequence: (order) => (order.limits.accept ? t.acceptInTime(moment(order.limits.accept.due_at)) : t.accept) },
  return: { fields: [need('why'), may('suggested_unit')], consequence: () => t.giveBack, grave: true },
  start: { fields: [], consequence: () => t.start },
  resolve: { fields: [need('result')], consequence: () => t.resolve },
  verify: { fields: [], consequence: () => t.verify },
  rework: { fields: [need('why')], consequence: () => t.rework, grave: true },
  close: { fields: [], consequence: () => t.close },
  'ask-suspension': { fields: [need('why'), may('until')], consequence: () => t.askSuspension },
  'grant-suspension': { fields: [need('why')], consequence: () => t.grantSuspension },
  resume: { fields: [], consequence: () => t.resume },
  'ask-extension': { fields: [need('why'), need('more')], consequence: () => t.askExtension },
  'grant-extension': { fields: [need('why')], consequence: (order) => t.grantExtension(limitWords(order.asked?.more ?? '')) },
  deny: { fields: [need('why')], consequence: () => t.deny, grave: true },
}

const UNIT = ['department_handler', 'grid_worker', 'leader']
const ROLES: Record<Exclude<Action, 'open'>, readonly string[]> = {
  assign: ['dispatcher', 'admin'], accept: UNIT, return: UNIT, start: UNIT, resolve: UNIT, resume: [...UNIT, 'dispatcher', 'admin'],
  verify: ['grid_worker', 'dispatcher', 'supervisor'], rework: ['grid_worker', 'dispatcher', 'supervisor'], close: ['dispatcher', 'admin'],
  'ask-suspension': UNIT, 'ask-extension': UNIT, 'grant-suspension': ['dispatcher', 'supervisor'],
  'grant-extension': ['dispatcher', 'supervisor', 'leader'], deny: ['dispatcher', 'supervisor', 'leader'],
}

/** The actions that this role may take on the order now, the grave ones last. */
export function possible(order: WorkOrder, role: string | null): Exclude<Action, 'open'>[] {
  return order.possible
    .filter((action): action is Exclude<Action, 'open'> => action !== 'open' && ROLES[action].includes(role ?? ''))
    .sort((one, other) => Number(FORMS[one].grave ?? false) - Number(FORMS[other].grave ?? false))
}

/** Take `action`; the order as it is then. Throws `Failed`. */
export function act(order: WorkOrder, action: Exclude<Action, 'open'>, body: Partial<Record<Field, string>>): Promise<WorkOrder> {
  // One path for all: their bodies differ, and FORMS says what each takes.
  const path = `/work-orders/{work_order_id}/${action}` as '/work-orders/{work_order_id}/return'
  const filled = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== '')) as { why: string }
  return ask(dispatch.POST(path, { params: { path: { work_order_id: order.id }, header: ifMatch(order) }, body: filled }))
}
