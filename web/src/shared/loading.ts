/** One question to the API and where it stands: what came, that it is on its way, or what went wrong.
 *
 *     const order = load(() => ask(dispatch.GET(…)))      order.value · order.busy · order.problem · order.again()
 *
 * The newest question wins: an older answer that comes late is dropped. What came before stays visible meanwhile. */
import { shallowReactive } from 'vue'
import { failed, type Failed } from './problems'

export interface Loading<T> {
  value: T | undefined
  busy: boolean
  problem: Failed | null
  again: () => Promise<void>
}

export function load<T>(question: () => Promise<T>): Loading<T> {
  let turn = 0
  const state: Loading<T> = shallowReactive({ value: undefined, busy: false, problem: null, again })
  async function again(): Promise<void> {
    const mine = ++turn
    state.busy = true
    try {
      const value = await question()
      if (mine === turn) [state.value, state.problem] = [value, null]
    } catch (error) {
      if (mine === turn) state.problem = failed(error)
    } finally {
      if (mine === turn) state.busy = false
    }
  }
  void again()
  return state
}
