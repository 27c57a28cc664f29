import { afterEach, expect, test, vi } from 'vitest'
import { callsUse, fetched } from './api'

const HERE = 'http://here/intake/reports'
afterEach(() => vi.unstubAllGlobals())

/** Answers of a service, one after the other, and what it was sent. */
function answers(...statuses: number[]): { bodies: string[] } {
  const bodies: string[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    bodies.push(await request.text())
    return new Response('{}', { status: statuses.shift()! })
  })
  return { bodies }
}

test('a token that has ended is renewed and the call made again, whatever the clock of the device says', async () => {
  callsUse({ ready: async () => undefined, renewed: async () => true, over: () => undefined })
  const { bodies } = answers(401, 201)
  expect((await fetched(HERE, { method: 'POST', body: 'whole' })).status).toBe(201)
  expect(bodies).toEqual(['whole', 'whole'])
})

test('without a session it is refused once', async () => {
  callsUse({ ready: async () => undefined, renewed: async () => false, over: () => undefined })
  const { bodies } = answers(401, 201)
  await expect(fetched(HERE)).rejects.toMatchObject({ status: 401 })
  expect(bodies.length).toBe(1)
})

test('a fresh token that is refused, too, means that somebody must sign in', async () => {
  const over = vi.fn()
  callsUse({ ready: async () => undefined, renewed: async () => true, over })
  answers(401, 401)
  await expect(fetched(HERE)).rejects.toMatchObject({ status: 401 })
  expect(over).toHaveBeenCalledOnce()
})
