import { expect, test } from 'vitest'
import type { TrailEntry } from '../../shared/api'
import type { Problem } from '../../shared/problems'
import { held, newer, onTop } from './order'
import type { Item } from './shelf'

const REFUSED = { code: 'version_mismatch' } as Problem
const act = (key: string, version: number, more: Partial<Item> = {}): Item => ({
  key, account: 'a', title: key, at: version, url: '/', body: {}, photos: [], hazard: { id: 'h', version, after: 'rectifying', action: 'state-sheet' }, ...more,
})
const entry = (seq: number): TrailEntry => ({ seq, action: 'lapse', at: `t${seq}`, by: 'registry', role: 'service' }) as TrailEntry

test('what follows on a refused act waits for it; other things go on', () => {
  const first = act('sheet', 3, { refused: REFUSED })
  const second = act('submit', 4)
  const other = act('other', 9, { hazard: { id: 'x', version: 9, after: 'rectified', action: 'pass' } })
  const report: Item = { ...act('report', 1), hazard: undefined }
  const all = [first, second, other, report]
  expect(all.map((item) => held(item, all))).toEqual([true, true, false, false])
})

test('on top of what others did it and what follows on it move along', () => {
  const meanwhile = newer([entry(3), entry(4), entry(5)], 3)
  expect(meanwhile).toEqual({ version: 5, entries: [{ action: 'lapse', role: 'service', at: 't4' }, { action: 'lapse', role: 'service', at: 't5' }] })
  const first = act('sheet', 3, { refused: REFUSED, meanwhile })
  const moved = onTop(first, [first, act('submit', 4), act('before', 2)])
  expect(moved.map(({ key, hazard, refused }) => [key, hazard!.version, refused])).toEqual([['sheet', 5, undefined], ['submit', 6, undefined]])
})

test('what follows on an act that was given up goes on what there is', () => {
  const meanwhile = newer([entry(1), entry(2)], 3)
  expect(meanwhile).toEqual({ version: 2, entries: [] })
  expect(onTop(act('submit', 3, { refused: REFUSED, meanwhile }), []).map(({ hazard }) => hazard!.version)).toEqual([2])
})

test('what was refused for itself is sent as it is', () => {
  expect(onTop(act('sheet', 3, { refused: REFUSED }), []).map(({ hazard }) => hazard!.version)).toEqual([3])
})
