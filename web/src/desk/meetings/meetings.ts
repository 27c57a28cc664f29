/** Joint meetings as the API tells them, and what the parts of this page share. */
import type { components } from '../../api/registry'
import type { Light } from '../../shared/api'
import { role } from '../../shared/session'

type Parts = components['schemas']
export type Listed = Parts['ListedMeeting']
export type Meeting = Parts['MeetingOut']
export type State = Meeting['state']
export type Resolution = Parts['ResolutionOut']
export type Order = NonNullable<Resolution['work_order']>

export const STATES: readonly State[] = ['called', 'held', 'approved', 'cancelled']
const KEEPERS = ['department_handler', 'dispatcher', 'leader', 'admin']
/** Whether this role calls meetings and writes their minutes; of which units says the API. */
export const keeps = (): boolean => KEEPERS.includes(role() ?? '')
export const leads = (): boolean => role() === 'leader'

const OVER = ['resolved', 'verified', 'closed']
const SOON = 3 * 86_400_000
/** How near the deadline of a resolution is: nothing runs any more once its work order was resolved. */
export function lightOf(order: Order, now = Date.now()): Light {
  if (OVER.includes(order.state)) return 'none'
  const left = Date.parse(order.due_at) - now
  return left <= 0 ? 'red' : left <= SOON ? 'yellow' : 'green'
}
