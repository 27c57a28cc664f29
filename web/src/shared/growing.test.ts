import { expect, test } from 'vitest'
import { cut } from './growing'

test('the first rows of all groups, and no group without one', () => {
  const groups = [{ title: 'a', rows: [1, 2] }, { title: 'b', rows: [3, 4] }, { title: 'c', rows: [5] }]
  expect(cut(groups, 3)).toEqual([{ title: 'a', rows: [1, 2] }, { title: 'b', rows: [3] }])
  expect(cut(groups, Infinity)).toEqual(groups)
})
