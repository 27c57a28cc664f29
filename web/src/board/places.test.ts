import { expect, test } from 'vitest'
import { loads, placesOf } from './places'

const leaf = (code: string, kind: 'street' | 'community' | 'grid' | 'department') => ({ code, kind, name: code, children_count: 0, children: [] })
const places = placesOf([
  { ...leaf('S', 'street'), children: [{ ...leaf('C', 'community'), children: [leaf('G1', 'grid'), leaf('G2', 'grid')] }, leaf('D', 'department')] },
])
const area = (unit: string, open: number, overdue: number) => ({ unit, open, overdue, name: unit, kind: null })

test('departments are no places', () => {
  expect(places.get('S')?.below).toEqual(['C'])
  expect(places.has('D')).toBe(false)
})

test('what is open counts for every place it lies in, once', () => {
  const found = loads([area('G1', 3, 1), area('G2', 2, 0), area('C', 1, 1), area('S', 1, 0), area('elsewhere', 9, 9)], places)
  expect(found.get('C')).toEqual({ open: 6, overdue: 2 })
  expect(found.get('S')).toEqual({ open: 7, overdue: 2 })
  expect(found.get('G1')).toEqual({ open: 3, overdue: 1 })
})
