/** What was typed and not sent: kept on this device until it is sent or thrown away, under the account that typed it.
 *
 *     const typed = draft('resolve:' + order.id, { result: '' })     // reactive; as it was left, also after a reload
 *     typed.done()                                                    // sent: forget it
 *
 * Only what was changed is kept: where a form begins with what is true of a thing, the rest is told as it is by then. */
import { reactive, watch } from 'vue'
import { changed, onto } from './changed'
import { storeTyped } from './keeping'
import { session } from './session'

const PREFIX = 'draft:'

export function draft<T extends object>(name: string, empty: T): { value: T; kept: boolean; done: () => void } {
  const key = `${PREFIX}${session.who?.account ?? ''}:${name}`
  const found = read<T>(key)
  const state = reactive({ value: onto(structuredClone(empty), found ?? {}), kept: found !== null }) as { value: T; kept: boolean }
  watch(
    () => state.value,
    (value) => {
      const typed = changed(value, empty)
      if (typed) storeTyped(key, JSON.stringify(typed))
      else localStorage.removeItem(key)
    },
    { deep: true, flush: 'sync' },
  )
  return Object.assign(state, {
    done() {
      state.value = structuredClone(empty)
      state.kept = false
      localStorage.removeItem(key)
    },
  })
}

function read<T>(key: string): Partial<T> | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as Partial<T> | null
  } catch {
    return null
  }
}
