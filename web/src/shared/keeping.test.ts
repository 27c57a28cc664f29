import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ANSWERS, full, store, storeTyped } from './keeping'

/** As a browser's, with room for so many letters. */
function small(room: number): Storage {
  const held = Object.create({
    setItem(key: string, text: string) {
      const other = Object.entries(held).reduce((sum, [name, value]) => sum + (name === key ? 0 : value.length), 0)
      if (other + text.length > room) throw new DOMException('full', 'QuotaExceededError')
      held[key] = text
    },
    removeItem: (key: string) => delete held[key],
  }) as Record<string, string>
  return held as unknown as Storage
}

beforeEach(() => vi.stubGlobal('localStorage', small(100)))
afterEach(() => vi.unstubAllGlobals())

test('what the server can tell again makes room for what was typed', () => {
  store(`${ANSWERS}me:tasks`, 'x'.repeat(90))
  storeTyped('draft:me:report', 'y'.repeat(50))
  expect(Object.keys(localStorage)).toEqual(['draft:me:report'])
  expect(full.value).toBe(false)
})

test('where there is no room at all it is said, until there is', () => {
  storeTyped('draft:me:report', 'y'.repeat(101))
  expect(full.value).toBe(true)
  storeTyped('draft:me:report', 'y')
  expect(full.value).toBe(false)
})
