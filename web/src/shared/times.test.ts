import { expect, test } from 'vitest'
import { day, due, length, limitWords, moment } from './times'

const at = (text: string) => new Date(`${text}+08:00`)
const NOW = at('2026-11-18T10:00:00')

test.each([
  ['2026-11-18T14:30:00', '今天 14:30'],
  ['2026-11-18T00:00:00', '今天 00:00'],
  ['2026-11-19T09:00:00', '明天 09:00'],
  ['2026-11-17T23:59:00', '昨天 23:59'],
  ['2026-12-01T17:30:00', '12月1日 17:30'],
  ['2027-01-04T09:00:00', '2027年1月4日 09:00'],
])('%s is %s', (instant, said) => expect(moment(at(instant), NOW)).toBe(said))

test('a day is a day of here, whatever the device says', () => {
  expect(day(new Date('2026-11-18T15:59:00Z'), NOW)).toBe('今天')
  expect(day(new Date('2026-11-18T16:00:00Z'), NOW)).toBe('明天')
})

test('what is left, and what is over', () => {
  expect(due(at('2026-11-18T12:05:00'), NOW)).toBe('今天 12:05 前 · 剩 2 小时 5 分')
  expect(due(at('2026-11-18T14:30:00'), NOW, '2 小时（工作时间）')).toBe('今天 14:30 前 · 剩 2 小时（工作时间）')
  expect(due(at('2026-11-19T00:00:00'), NOW)).toMatch(/^今天 24:00 前 · 剩 /)
  expect(due(at('2026-11-18T10:00:00'), NOW)).toBe('今天 10:00 到期 · 已超 不到 1 分钟')
  expect(due(at('2026-11-16T09:00:00'), NOW)).toBe('11月16日 09:00 到期 · 已超 2 天 1 小时')
})

test.each([[0, '不到 1 分钟'], [59 * 60_000, '59 分钟'], [60 * 60_000, '1 小时'], [25 * 3_600_000, '1 天 1 小时']])('%d ms is %s', (ms, said) =>
  expect(length(ms)).toBe(said),
)

test('limits in words; what is none stays as it is', () => {
  expect(limitWords('4wh')).toBe('4 工作小时')
  expect(limitWords('15m')).toBe('15 分钟')
  expect(limitWords('374h')).toBe('15 天 14 小时')
  expect(limitWords('soon')).toBe('soon')
})
