import { expect, test } from 'vitest'
import type { Hazard, Possible } from '../../shared/hazards'
import { expected, itemOf } from './pending'

const can = (...actions: Possible['action'][]) => actions.map((action) => ({ action, name_zh: action, name_en: action, consequence_zh: '', consequence_en: '' }))
const hazard = { id: 'h', version: 4, state: 'overdue', possible: can('submit', 'state-sheet', 'ask-extension'), place: '老王饭店', text: '通道堵塞' } as unknown as Hazard
const waiting = (version: number, action: string, after: string, id = 'h') => ({ key: action, account: 'a', title: '', at: version, url: '', body: {}, photos: [], hazard: { id, version, action, after } })

test('the sheet and then the result are written without a network, each on what the other leaves', () => {
  const sheet = itemOf(hazard, expected(hazard, []), hazard.possible[1]!, { measures: '清空', funds: '' }, 'form')
  expect([sheet.hazard, sheet.body]).toEqual([{ id: 'h', version: 4, action: 'state-sheet', after: 'overdue' }, { measures: '清空' }])
  const then = expected(hazard, [waiting(4, 'state-sheet', 'overdue')])
  expect([then.version, then.possible.map(({ action }) => action)]).toEqual([5, ['submit', 'ask-extension']])
  const last = expected(hazard, [waiting(4, 'state-sheet', 'overdue'), waiting(5, 'submit', 'awaiting_reinspection')])
  expect([last.state, last.version, last.possible, last.waits]).toEqual(['awaiting_reinspection', 6, [], 2])
})

test('what is of another hazard, or arrived already, changes nothing', () => {
  expect(expected(hazard, [waiting(4, 'submit', 'awaiting_reinspection', 'x'), waiting(3, 'submit', 'awaiting_reinspection')]).waits).toBe(0)
})
