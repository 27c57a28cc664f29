/** A work order as it will be once what waits on this phone has arrived: so that one can accept, start and resolve without a
 * network. Each act expects the version that the one before it leaves behind; they are sent in their order. */
import type { WorkOrder } from '../../shared/api'
import type { Action } from '../../shared/work-orders'
import { waiting } from '../outbox/waiting'

/** Where an act leads: what the answer shows when it got lost on the way. */
export const AFTER: Partial<Record<Action, WorkOrder['state']>> = {
  accept: 'accepted', start: 'in_progress', resolve: 'resolved', verify: 'verified', rework: 'in_progress', return: 'pending',
}
/** What comes next of what a phone does, as long as the server cannot be asked. */
const NEXT: Partial<Record<WorkOrder['state'], Action[]>> = { assigned: ['accept', 'return'], accepted: ['start'], in_progress: ['resolve'] }

export interface Expected {
  state: WorkOrder['state']
  version: number
  actions: Action[]
  /** How many acts wait here. */
  waits: number
}

export function expected(order: WorkOrder): Expected {
  const acts = waiting.value.filter((item) => item.order?.id === order.id && item.order.version >= order.version)
  const last = acts.at(-1)?.order
  if (!last) return { state: order.state, version: order.version, actions: order.possible.map(({ action }) => action), waits: 0 }
  const state = last.after as WorkOrder['state']
  return { state, version: last.version + 1, actions: NEXT[state] ?? [], waits: acts.length }
}
