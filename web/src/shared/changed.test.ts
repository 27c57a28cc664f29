import { expect, test } from 'vitest'
import { changed, onto } from './changed'

test('what one changed is put onto what others changed meanwhile', () => {
  const read = { name: '面馆', people: 3, values: { place: '一楼', count: 2 }, units: ['A'] }
  const typed = { ...read, people: 5, values: { place: '一楼', count: 4 }, units: ['A', 'B'] }
  const now = { ...read, name: '面馆（总店）', values: { place: '大厅', count: 2 } }
  expect(onto(now, changed(typed, read)!)).toEqual({ name: '面馆（总店）', people: 5, values: { place: '大厅', count: 4 }, units: ['A', 'B'] })
})

test('nothing changed is nothing to keep', () => {
  expect(changed({ text: '', values: { a: '' } }, { text: '', values: { a: '' } })).toBeNull()
})
