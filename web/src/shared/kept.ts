/** The last good answer to a question, kept on this device: what a page shows without a network, saying how old it is.
 *
 *     const tasks = kept({ name: 'tasks', ask: () => ask(dispatch.GET(…)) })     tasks.value · .at · .busy · .problem · .again()
 *
 * Kept under the account that asked, so the next one to sign in on this device sees nothing of it. */
import { shallowReactive } from 'vue'
import { ANSWERS, store } from './keeping'
import { failed, type Failed } from './problems'
import { session } from './session'

export interface Question<T> {
  /** What its answer is kept under. */
  name: string
  /** What takes long may tell `soFar` what it has: shown where nothing was kept before. */
  ask: (soFar: (part: T) => void) => Promise<T>
  /** What another answer has of it, such as the list that it stands in: taken where it is the newer one. */
  known?: () => Answer<T> | null
}

export interface Answer<T> {
  at: number
  value: T
}

export interface Kept<T> {
  value: T | undefined
  /** When `value` was read from the server, in milliseconds since 1970; 0 where it never was. */
  at: number
  busy: boolean
  problem: Failed | null
  again: () => Promise<void>
}

const keyOf = (name: string) => `${ANSWERS}${session.who?.account ?? ''}:${name}`
const ahead = new Map<string, Kept<unknown>>()

/** Ask now what a page asks that is itself still on its way: its `kept` takes this over. */
export function askAhead(question: Question<unknown>): void {
  ahead.set(keyOf(question.name), begun(question))
}

export function kept<T>(question: Question<T>): Kept<T> {
  const key = keyOf(question.name)
  const early = ahead.get(key) as Kept<T> | undefined
  ahead.delete(key)
  return early ?? begun(question)
}

/** One of the rows of a list that was kept under `name`. */
export function rowOf<T extends { id: string }>(name: string, id: string): Answer<T> | null {
  const list = read<T[]>(keyOf(name))
  const row = list?.value.find((one) => one.id === id)
  return list && row ? { at: list.at, value: row } : null
}

function begun<T>({ name, ask, known }: Question<T>): Kept<T> {
  const key = keyOf(name)
  const [before] = [read<T>(key), known?.()].filter((one) => !!one).sort((one, other) => other.at - one.at)
  const state: Kept<T> = shallowReactive({ value: before?.value, at: before?.at ?? 0, busy: false, problem: null, again })
  async function again(): Promise<void> {
    state.busy = true
    try {
      const value = await ask((part) => state.at || (state.value = part))
      Object.assign(state, { value, at: Date.now(), problem: null })
      write(key, { at: state.at, value })
    } catch (error) {
      state.problem = failed(error)
    } finally {
      state.busy = false
    }
  }
  void again()
  return state
}

function read<T>(key: string): Answer<T> | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as Answer<T> | null
  } catch {
    return null
  }
}

function write(key: string, stored: Answer<unknown>): void {
  if (!store(key, JSON.stringify(stored))) localStorage.removeItem(key) // full: better nothing than an answer older than it says
}
