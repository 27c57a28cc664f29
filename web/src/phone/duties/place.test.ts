import { expect, test } from 'vitest'
import { placeOf } from './place'

test('a duty leads to the form of its premises, or to the list, with the kind that counts', () => {
  expect(placeOf({ begun: true, counts: ['patrol', 'self_check'], premises_id: 'p' })).toBe('/inspections/p?kind=self')
  expect(placeOf({ begun: true, counts: ['self_check'], premises_id: 'p' })).toBe('/inspections/p?kind=self&whole=yes')
  expect(placeOf({ begun: true, counts: ['inspection', 'spot_check'], premises_id: null })).toBe('/inspections')
  expect(placeOf({ begun: true, counts: ['spot_check'], premises_id: null })).toBe('/inspections?kind=spot_check')
  expect(placeOf({ begun: true, counts: ['recheck'], premises_id: null })).toBe('/hazards')
  expect(placeOf({ begun: true, counts: ['meeting'], premises_id: null })).toBeNull()
  expect(placeOf({ begun: false, counts: ['inspection'], premises_id: 'p' })).toBeNull()
})
