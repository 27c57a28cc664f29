/** Who sends reports (services/intake/reports/lifecycle.py). */
import { role } from '../../shared/session'

const SENDERS = ['resident', 'grid_worker', 'intake_clerk', 'dispatcher', 'admin']
export const sends = (who: string | null = role()): boolean => who === null || SENDERS.includes(who)
