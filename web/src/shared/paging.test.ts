import { expect, test } from 'vitest'
import { Failed } from './problems'
import { paged } from './paging'

const row = (id: string) => ({ id })

test('pages come one after the other, until there is none', async () => {
  const asked: (string | undefined)[] = []
  const list = paged(async (after) => {
    asked.push(after)
    return after ? { items: [row('c')], next: null } : { items: [row('a'), row('b')], next: 'x' }
  })
  await list.restart()
  expect([list.rows.length, list.more]).toEqual([2, true])
  await list.next()
  expect([list.rows.map(({ id }) => id).join(''), list.more]).toEqual(['abc', false])
  await list.next()
  expect(asked).toEqual([undefined, 'x'])
})

test('a change marks and counts, and moves nothing until its reader asks', async () => {
  const list = paged(async () => ({ items: [row('a'), row('b')] }))
  await list.restart()
  list.mark('b')
  list.mark('new')
  list.mark('new')
  expect([[...list.marked], list.news, list.rows.length]).toEqual([['b'], 2, 2])
  list.replace(row('b'))
  expect([list.marked.size, list.news]).toEqual([0, 1])
  await list.restart()
  expect(list.news).toBe(0)
})

test('what was done here is no news when it is told, and what others do to it afterwards is', async () => {
  const list = paged(async () => ({ items: [{ id: 'a', version: 3 }] }))
  await list.restart()
  list.mark('a', 3)
  list.replace({ id: 'a', version: 4 })
  list.replace({ id: 'gone', version: 2 })
  list.mark('a', 4)
  list.mark('gone', 2)
  expect([list.marked.size, list.news]).toEqual([0, 0])
  list.mark('a', 5)
  list.mark('gone', 3)
  expect([[...list.marked], list.news]).toEqual([['a'], 2])
})

test('what was there stays when asking anew fails, and an older answer that comes late is dropped', async () => {
  const answers: ((page: { items: { id: string }[] }) => void)[] = []
  const list = paged(() => new Promise<{ items: { id: string }[] }>((resolve) => answers.push(resolve)))
  const first = list.restart()
  const second = list.restart()
  answers[1]!({ items: [row('second')] })
  await second
  answers[0]!({ items: [row('first')] })
  await first
  expect(list.rows).toEqual([row('second')])

  const failing = paged<{ id: string }>(async () => { throw new Failed(503) })
  failing.rows = [row('old')]
  await failing.restart()
  expect([failing.problem?.status, failing.rows.length, failing.busy]).toEqual([503, 1, false])
})
