import { expect, test } from 'vitest'
import type { Change } from '../../shared/changes'
import { joined, KEPT, lines, telling, type Heard } from './lines'

const change = (id: string, action = 'accept', kind = 'work_order'): Change => ({ service: 'dispatch', kind, id, version: 1, action, street: 'S' })
const name = (code: string) => (code === 'S' ? '泉塘街道' : code)

test('however much happens, no more is kept than fits', () => {
  let heard: Heard[] = []
  for (let index = 0; index < 200; index++) heard = joined(heard, change(String(index)), index)
  expect(heard).toHaveLength(KEPT)
  expect(lines(heard, [], [], name, 10).map(({ at }) => at)).toEqual([199, 198, 197, 196, 195, 194, 193, 192, 191, 190])
})

test('of one thing the newest is told', () => {
  const heard = joined(joined([], change('1', 'accept'), 1), change('1', 'start'), 2)
  expect(lines(heard, [], [], name, 10)).toMatchObject([{ what: '工单 · 开始办理', where: '泉塘街道' }])
})

test('who looked at a reporter, and other bookkeeping, is not told', () => {
  expect(telling(change('1', 'reveal_reporter', 'report'))).toBe(false)
  expect(telling(change('1', 'constructor'))).toBe(false)
  expect(telling(change('1', 'start', 'clock'))).toBe(false)
  expect(telling(change('1', 'submit', 'report'))).toBe(true)
})

test('hazards are told in words, late where their deadline passed, and not their paperwork', () => {
  const heard = joined(joined([], change('1', 'lapse', 'hazard'), 1), change('2', 'pass', 'hazard'), 2)
  expect(lines(heard, [], [], name, 10)).toMatchObject([{ what: '隐患 · 复查通过，销案', tone: 'plain' }, { what: '隐患 · 整改逾期', tone: 'late' }])
  expect(['state-sheet', 'have-order'].some((action) => telling(change('1', action, 'hazard')))).toBe(false)
})
