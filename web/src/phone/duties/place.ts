/** Where a duty is done on the phone. Pure. */
import type { Duty } from '../../shared/duties'

const INSPECTED = ['inspection', 'spot_check', 'self_check', 'patrol']

/** The page: the inspection of its premises, or of some to choose; for a re-check the hazards. Null for what is done
 * elsewhere, or has not begun. */
export function placeOf({ begun, counts, premises_id }: Pick<Duty, 'begun' | 'counts' | 'premises_id'>): string | null {
  if (!begun) return null
  if (!counts.some((act) => INSPECTED.includes(act))) return counts.includes('recheck') ? '/hazards' : null
  const own = counts.includes('patrol') ? '?kind=self' : '?kind=self&whole=yes' // the short list of a patrol would not count
  const kind = counts.includes('inspection') ? '' : counts.includes('spot_check') ? '?kind=spot_check' : own
  return `/inspections${premises_id ? `/${premises_id}` : ''}${kind}`
}
