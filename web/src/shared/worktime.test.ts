import { expect, test } from 'vitest'
import { workingTime, workingWords, type WorkCalendar } from './worktime'

const at = (text: string) => new Date(`${text}+08:00`)
const HOUR = 3_600_000
/** A Wednesday to Friday, the Saturday off, a Sunday that is worked (调休). */
const WEEK: WorkCalendar = {
  working_days: ['2026-11-18', '2026-11-19', '2026-11-20', '2026-11-22'],
  office_hours: [{ opens: '09:00:00', closes: '12:00:00' }, { opens: '13:30:00', closes: '17:30:00' }],
}

test.each([
  ['2026-11-18T10:00:00', '2026-11-18T14:30:00', 3],
  ['2026-11-18T17:00:00', '2026-11-19T09:30:00', 1],
  ['2026-11-20T17:30:00', '2026-11-22T09:00:00', 0],
  ['2026-11-20T16:30:00', '2026-11-22T10:00:00', 2],
  ['2026-11-18T10:00:00', '2026-11-18T09:00:00', 0],
])('from %s to %s are %d hours', (now, due, hours) => expect(workingTime(at(now), at(due), [WEEK])).toBe(hours * HOUR))

test('in words', () => {
  expect(workingWords(2 * HOUR, 7 * HOUR)).toBe('2 小时（工作时间）')
  expect(workingWords(28 * HOUR, 7 * HOUR)).toBe('4 个工作日')
  expect(workingWords(30 * HOUR, 7 * HOUR)).toBe('4 个工作日 2 小时')
})
