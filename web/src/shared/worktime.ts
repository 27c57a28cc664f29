/** Working time between two instants, as dispatch's calendar has it: what is left of a limit in its own kind of time. */
import { ask, dispatch, type Limit } from './api'
import { said } from './i18n'
import { store } from './keeping'
import { length, local } from './times'

export interface WorkCalendar {
  working_days: string[]
  office_hours: { opens: string; closes: string }[]
}

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const ZONE = 8 * 60 * MINUTE
const years = new Map<number, Promise<WorkCalendar>>()

function calendarOf(year: number): Promise<WorkCalendar> {
  const found = years.get(year) ?? asked(year)
  years.set(year, found)
  found.catch(() => years.delete(year)) // asked again next time
  return found
}

/** Kept on the device: a phone without network counts by the calendar it had last. */
async function asked(year: number): Promise<WorkCalendar> {
  const name = `calendar:${year}`
  try {
    const { working_days, office_hours } = await ask(dispatch.GET('/calendar', { params: { query: { year } } }))
    store(name, JSON.stringify({ working_days, office_hours }))
    return { working_days, office_hours }
  } catch (error) {
    const known = localStorage.getItem(name)
    if (known === null) throw error
    return JSON.parse(known) as WorkCalendar
  }
}

/** Milliseconds of working time from `now` to `due`; 0 when it is past. */
export function workingTime(now: Date, due: Date, calendars: readonly WorkCalendar[]): number {
  const days = new Set(calendars.flatMap(({ working_days }) => working_days))
  const spans = calendars[0]?.office_hours.map(({ opens, closes }) => [minutes(opens), minutes(closes)] as const) ?? []
  let sum = 0
  for (let day = local(now).serial; day <= local(due).serial; day++) {
    const midnight = day * DAY - ZONE
    if (!days.has(new Date(day * DAY).toISOString().slice(0, 10))) continue
    for (const [opens, closes] of spans) {
      const from = Math.max(midnight + opens * MINUTE, now.getTime())
      const to = Math.min(midnight + closes * MINUTE, due.getTime())
      sum += Math.max(0, to - from)
    }
  }
  return sum
}

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

/** What is left of a running limit in words: "2 小时（工作时间）", "4 个工作日", "3 小时"; null when it is past. */
export async function leftOf(limit: Limit, now = new Date()): Promise<string | null> {
  const due = new Date(limit.due_at)
  if (due <= now) return null
  if (!limit.limit.includes('w')) return length(due.getTime() - now.getTime())
  const wanted = [...new Set([local(now).year, local(due).year])]
  return workingWords(workingTime(now, due, await Promise.all(wanted.map(calendarOf))), dayLength(await calendarOf(wanted[0]!)))
}

const dayLength = ({ office_hours }: WorkCalendar): number =>
  office_hours.reduce((sum, { opens, closes }) => sum + (minutes(closes) - minutes(opens)) * MINUTE, 0)

/** From one working day on in days, below in hours and minutes. */
export function workingWords(left: number, day: number): string {
  const days = day ? Math.floor(left / day) : 0
  if (!days) return length(left) + said('（工作时间）', ' (working time)')
  const hours = Math.floor((left % day) / (60 * MINUTE))
  return said(`${days} 个工作日${hours ? ` ${hours} 小时` : ''}`, `${days} working d${hours ? ` ${hours} h` : ''}`)
}
