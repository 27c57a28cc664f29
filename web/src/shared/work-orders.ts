/** What people do to work orders from the desk and the phone. Which actions the caller may take now, what they are called
 * and what follows says the API (`order.possible`); what each needs to be told say `fieldsOf` and `photosOf`. */
import { ask, dispatch, ifMatch, type WorkOrder } from './api'
import { said } from './i18n'
import { begun } from './problems'

export type Possible = WorkOrder['possible'][number]
export type Action = Possible['action']
export type Field = 'why' | 'result' | 'lead_unit' | 'suggested_unit' | 'until' | 'exception_until' | 'more'
/** Photos, by what the body calls them. */
export type PhotoField = 'before' | 'after' | 'photos'
export interface Asked {
  name: Field
  required: boolean
}

const need = (name: Field): Asked => ({ name, required: true })
const may = (name: Field): Asked => ({ name, required: false })

/** What an action needs to be told; one that is not here needs nothing. */
const FIELDS: Partial<Record<Action, readonly Asked[]>> = {
  assign: [need('lead_unit'), may('why'), may('exception_until')],
  return: [need('why'), may('suggested_unit')],
  resolve: [need('result')],
  rework: [need('why')],
  'ask-suspension': [need('why'), may('until')],
  'grant-suspension': [need('why')],
  'ask-extension': [need('why'), need('more')],
  'grant-extension': [need('why')],
  decline: [need('why')],
}
export const fieldsOf = (action: Action): readonly Asked[] => FIELDS[action] ?? []

const PHOTOS: Partial<Record<Action, readonly PhotoField[]>> = { resolve: ['before', 'after'], verify: ['photos'], rework: ['photos'] }
export const photosOf = (action: Action): readonly PhotoField[] => PHOTOS[action] ?? []

/** Undoes somebody's work or goes against them: never the first button. */
const GRAVE: ReadonlySet<Action> = new Set<Action>(['return', 'rework', 'decline'])
export const grave = (action: Action): boolean => GRAVE.has(action)

/** What the caller may do now, the grave last. */
export const possible = (order: WorkOrder): Possible[] =>
  [...order.possible].sort((one, other) => Number(grave(one.action)) - Number(grave(other.action)))
export const mayTake = (order: WorkOrder, action: Action): boolean => order.possible.some((one) => one.action === action)
export const nameOf = (one: Possible): string => said(one.name_zh, one.name_en)
export const consequenceOf = (one: Possible): string => said(one.consequence_zh, begun(one.consequence_en))

/** What a list calls it: many reports come without a title. */
export const titleOf = (order: { title: string; text: string }): string => order.title || order.text.slice(0, 60)

/** Take `action`; the order as it is then. Throws `Failed`. `body` has what the action asks for; what is empty is left out. */
export function act(order: WorkOrder, action: Action, body: object): Promise<WorkOrder> {
  // One path for all: their bodies differ, and `fieldsOf` says what each takes.
  const path = `/work-orders/{work_order_id}/${action}` as '/work-orders/{work_order_id}/return'
  const filled = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== '')) as { why: string }
  return ask(dispatch.POST(path, { params: { path: { work_order_id: order.id }, header: ifMatch(order) }, body: filled }))
}

/** Whether its unit leads by an exception whose time is over, and has not resolved it. */
export const isOver = (order: WorkOrder, now = new Date()): boolean =>
  !!order.exception_until && new Date(order.exception_until) <= now && ['assigned', 'accepted', 'in_progress', 'suspended'].includes(order.state)

/** Whether it is suspended until an instant that has passed. */
export const isSuspensionOver = (order: WorkOrder, now = new Date()): boolean =>
  order.state === 'suspended' && !!order.suspended_until && new Date(order.suspended_until) <= now
