/** What was typed and not sent: kept on this device until it is sent or thrown away, under the account that typed it.
 *
 *     const typed = draft('resolve:' + order.id, { result: '' })     // reactive; as it was left, also after a reload
 *     typed.done()                                                    // sent: forget it */
import { reactive, watch } from 'vue'
import { storeTyped } from './keeping'
import { session } from './session'

const PREFIX = 'draft:'

export function draft<T extends object>(name: string, empty: T): { value: T; kept: boolean; done: () => void } {
  const key = `${PREFIX}${session.who?.account ?? ''}:${name}`
  const found = read<T>(key)
  const state = reactive({ value: { ...structuredClone(empty), ...found }, kept: found !== null }) as { value: T; kept: boolean }
  watch(
    () => state.value,
    (value) => {
      if (JSON.stringify(value) === JSON.stringify(empty)) localStorage.removeItem(key)
      else storeTyped(key, JSON.stringify(value))
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
