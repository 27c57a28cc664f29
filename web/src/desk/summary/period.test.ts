import { expect, test } from 'vitest'
import { lengthOf, LENGTHS, periodOf } from './period'

test.each([
  ['2026-11-29T04:00:00Z', ['2026-W48', '2026-11', '2026-Q4', '2026']],
  ['2026-12-31T17:00:00Z', ['2026-W53', '2027-01', '2027-Q1', '2027']], // the first of January in Shanghai
  ['2025-12-29T04:00:00Z', ['2026-W01', '2025-12', '2025-Q4', '2025']],
])('%s lies in %j', (at, names) => {
  expect(LENGTHS.map((length) => periodOf(length, new Date(at)))).toEqual(names)
  expect(names.map(lengthOf)).toEqual([...LENGTHS])
})
