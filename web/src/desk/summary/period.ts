/** Names of periods as the API writes them: 2026-W48, 2026-11, 2026-Q4, 2026. Days are those of Asia/Shanghai. Pure. */
import { local } from '../../shared/times'

export const LENGTHS = ['week', 'month', 'quarter', 'year'] as const
export type Length = (typeof LENGTHS)[number]
const DAY = 86_400_000
const THURSDAY = 3

/** The period in which `at` lies. */
export function periodOf(length: Length, at: Date): string {
  const { year, month, serial } = local(at)
  if (length === 'year') return String(year)
  if (length === 'quarter') return `${year}-Q${Math.ceil(month / 3)}`
  if (length === 'month') return `${year}-${String(month).padStart(2, '0')}`
  // A week belongs to the year in which its Thursday lies (ISO 8601). Day 0 of 1970 was a Thursday.
  const weekday = (serial + THURSDAY) % 7
  const thursday = new Date((serial - weekday + THURSDAY) * DAY)
  const week = Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / (7 * DAY)) + 1
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, '0')}`
}

export const lengthOf = (period: string): Length => (period.includes('W') ? 'week' : period.includes('Q') ? 'quarter' : period.includes('-') ? 'month' : 'year')
