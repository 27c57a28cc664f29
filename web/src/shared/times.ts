/** Times as people here say them: "今天 14:30 前 · 剩 2 小时（工作时间）", in Asia/Shanghai whatever the device says. Pure. */
import { said } from './i18n'

const ZONE = 'Asia/Shanghai'
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
})

interface Local {
  year: number
  month: number
  day: number
  time: string
  /** Days since 1970: differences are calendar days. */
  serial: number
}

export function local(at: Date): Local {
  const found = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]))
  const [year, month, day] = [Number(found.year), Number(found.month), Number(found.day)]
  return { year, month, day, time: `${found.hour}:${found.minute}`, serial: Date.UTC(year, month - 1, day) / DAY }
}

/** "今天", "明天", "昨天", "11月30日", with the year where it is another one. */
export function day(at: Date, now: Date): string {
  const [then, today] = [local(at), local(now)]
  switch (then.serial - today.serial) {
    case 0: return said('今天', 'today')
    case 1: return said('明天', 'tomorrow')
    case -1: return said('昨天', 'yesterday')
  }
  const month = String(then.month).padStart(2, '0')
  const date = String(then.day).padStart(2, '0')
  return then.year === today.year
    ? said(`${then.month}月${then.day}日`, `${month}-${date}`)
    : said(`${then.year}年${then.month}月${then.day}日`, `${then.year}-${month}-${date}`)
}

/** A day without a time, `2026-12-01`, as people say it. */
export const dayOf = (date: string, now = new Date()): string => day(new Date(`${date}T12:00:00+08:00`), now)

/** "今天 14:30". */
export const moment = (at: Date | string, now = new Date()): string => {
  const then = new Date(at)
  return `${day(then, now)} ${local(then).time}`
}

/** A limit's instant: what ends with a day is said by that day, "今天 24:00" and not "明天 00:00". */
export const limitEnd = (at: Date | string, now = new Date()): string => {
  const then = new Date(at)
  return local(then).time === '00:00' ? `${day(new Date(+then - 1), now)} 24:00` : moment(then, now)
}

/** A length in the two largest units that matter: "2 小时 5 分", "3 天 4 小时", "不到 1 分钟". */
export function length(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / MINUTE)
  if (minutes < 1) return said('不到 1 分钟', 'less than a minute')
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60]
  if (days) return said(`${days} 天${hours ? ` ${hours} 小时` : ''}`, `${days} d${hours ? ` ${hours} h` : ''}`)
  if (hours) return said(`${hours} 小时${rest ? ` ${rest} 分` : ''}`, `${hours} h${rest ? ` ${rest} min` : ''}`)
  return said(`${minutes} 分钟`, `${minutes} min`)
}

/** By when, and what is left or how much it is over. `left`: in words, where it is another kind of time (worktime.ts). */
export function due(at: Date | string, now = new Date(), left?: string | null): string {
  const then = new Date(at)
  const end = limitEnd(then, now)
  const over = +now - +then
  const rest = over < 0 && left ? left : length(Math.abs(over))
  return over < 0 ? said(`${end} 前 · 剩 ${rest}`, `by ${end} · ${rest} left`) : said(`${end} 到期 · 已超 ${rest}`, `due ${end} · ${rest} over`)
}

const UNITS: Record<string, [string, string]> = {
  m: ['分钟', 'min'], h: ['小时', 'h'], d: ['天', 'd'], wm: ['工作分钟', 'working min'], wh: ['工作小时', 'working h'], wd: ['个工作日', 'working d'],
}

/** A limit in its compact form (`4wh`, `5wd`) in words. */
export function limitWords(limit: string): string {
  const [, count, unit] = /^([0-9]+)([a-z]+)$/.exec(limit) ?? []
  if (unit === 'h' && Number(count) > 48) return length(Number(count) * HOUR)
  const found = unit === undefined ? undefined : UNITS[unit]
  return count && found ? `${count} ${said(...found)}` : limit
}

/** What an input of type datetime-local shows, and the instant that it means: the pages live in one zone. */
export function typedTime(at: string | null): string {
  if (!at) return ''
  const { year, month, day, time } = local(new Date(at))
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}T${time}`
}
export const instantOf = (typed: string): string | null => (typed ? `${typed}:00+08:00` : null)
