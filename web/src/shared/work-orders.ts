/** What people do to work orders from the desk and the phone. Which actions the caller may take now, what they are called
 * and what follows says the API (`order.possible`); what each needs to be told says FIELDS. */
import { ask, dispatch, ifMatch, type WorkOrder } from './api'
import { said } from './i18n'

export type Possible = WorkOrder['possible'][number]
export type Action = Possible['action']
export type Field = 'why' | 'result' | 'lead_unit' | 'suggested_unit' | 'until' | 'more'
export interface Asked {
  name: Field
  required: boolean
}

const need = (name: Field): Asked => ({ name, required: true })
const may = (name: Field): Asked => ({ name, required: false })

export const FIELDS: Record<Action, readonly Asked[]> = {
  open: [],
  assign: [need('lead_unit'), may('why')],
  accept: [],
  return: [need('why'), may('suggested_unit')],
  start: [],
  resolve: [need('result')],
  verify: [],
  rework: [need('why')],
  close: [],
  'ask-suspension': [need('why'), may('until')],
  'grant-suspension': [need('why')],
  resume: [],
  'ask-extension': [need('why'), need('more')],
  'grant-extension': [need('why')],
  deny: [need('why')],
}

/** Undoes somebody's work or goes against them: never the first button. */
const GRAVE: ReadonlySet<Action> = new Set<Action>(['return', 'rework', 'deny'])
export const grave = (action: Action): boolean => GRAVE.has(action)

/** What the caller may do now, the grave last. */
export const possible = (order: WorkOrder): Possible[] =>
  [...order.possible].sort((one, other) => Number(grave(one.action)) - Number(grave(other.action)))
export const mayTake = (order: WorkOrder, action: Action): boolean => order.possible.some((one) => one.action === action)
export const nameOf = (one: Possible): string => said(one.name_zh, one.name_en)
export const consequenceOf = (one: Possible): string => said(one.consequence_zh, one.consequence_en)

/** Take `action`; the order as it is then. Throws `Failed`. `body` has what FIELDS asks for; what is empty is left out. */
export function act(order: WorkOrder, action: Action, body: object): Promise<WorkOrder> {
  // One path for all: their bodies differ, and FIELDS says what each takes.
  const path = `/work-orders/{work_order_id}/${action}` as '/work-orders/{work_order_id}/return'
  const filled = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== '')) as { why: string }
  return ask(dispatch.POST(path, { params: { path: { work_order_id: order.id }, header: ifMatch(order) }, body: filled }))
}
