/** What the whole board shows, asked for all panels at once: every 15 s, and soon after a change.
 *
 * A part that fails keeps its last answer; `at` is when the oldest answer on the screen came. There is one timer, and a
 * question is asked only after the last one was answered: weeks of it, and outages, leave nothing behind. */
import { onScopeDispose, shallowReactive } from 'vue'
import { ask, dispatch, intake, registry, supervision } from '../shared/api'
import { onChange } from '../shared/changes'
import { failed, type Failed } from '../shared/problems'
import { session, whoAmI } from '../shared/session'
import { placesOf, type Place } from './places'

type Answer<T> = { value: T; at: number } | null

const EVERY = 15_000
const AFTER_CHANGE = 2_000
const IN_TROUBLE = 5_000
const TREE_EVERY = 3_600_000
const DEPTH = 8

const questions = {
  orders: () => ask(dispatch.GET('/board')),
  reports: () => ask(intake.GET('/board')),
  steps: () => ask(supervision.GET('/steps', { params: { query: { below: true, limit: 10 } } })),
}
type Questions = typeof questions
type Name = keyof Questions
type Shown = { [K in Name]: Answer<Awaited<ReturnType<Questions[K]>>> }

export const board = shallowReactive<Shown & { places: ReadonlyMap<string, Place>; trouble: Failed | null }>({
  orders: null, reports: null, steps: null, places: new Map(), trouble: null,
})

/** When the oldest of the numbers came; null before any did. */
export function heardAt(): number | null {
  const times = [board.orders, board.reports].flatMap((answer) => (answer ? [answer.at] : []))
  return times.length ? Math.min(...times) : null
}

/** Ask until the component that calls this goes. */
export function keepAsking(): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let next = 0
  let busy = false
  let gone = false
  let tree: { of: string | null; at: number } | null = null

  const soon = (wait: number): void => {
    if (gone || busy || (timer !== undefined && next <= Date.now() + wait)) return
    clearTimeout(timer)
    next = Date.now() + wait
    timer = setTimeout(() => void askAll(), wait)
  }

  async function askTree(): Promise<void> {
    const root = session.who?.unit ?? null
    if (tree && tree.of === root && Date.now() - tree.at < TREE_EVERY) return
    const { roots } = await ask(registry.GET('/tree', { params: { query: { root: root ?? undefined, depth: DEPTH } } }))
    board.places = placesOf(roots)
    tree = { of: root, at: Date.now() }
  }

  async function askOne<K extends Name>(name: K): Promise<void> {
    const value = await (questions[name]() as ReturnType<Questions[K]>)
    if (!gone) Object.assign(board, { [name]: { value, at: Date.now() } })
  }

  async function askAll(): Promise<void> {
    timer = undefined
    busy = true
    // The server was not there when the page opened: who this is could not be asked.
    if (!session.who) await whoAmI().catch(() => null)
    const answers = await Promise.allSettled([askTree(), ...(Object.keys(questions) as Name[]).map(askOne)])
    busy = false
    const refused = answers.find((answer) => answer.status === 'rejected')
    board.trouble = refused ? failed(refused.reason) : null
    soon(refused ? IN_TROUBLE : EVERY)
  }

  const online = (): void => soon(0)
  addEventListener('online', online)
  onChange(['dispatch', 'intake', 'supervision', 'registry'], () => soon(AFTER_CHANGE))
  soon(0)
  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
    removeEventListener('online', online)
  })
}
