/** What this device keeps between visits by `localStorage`, which may be full. What the server can tell again makes room for
 * what was typed. */
import { ref } from 'vue'

/** Under this stand answers of the server (kept.ts). */
export const ANSWERS = 'kept:'
/** What was typed last could not be kept: it goes when the page goes. */
export const full = ref(false)

/** Whether it is kept. */
export function store(key: string, text: string): boolean {
  try {
    localStorage.setItem(key, text)
    return true
  } catch {
    return false
  }
}

export function storeTyped(key: string, text: string): void {
  if (!store(key, text)) {
    forgetAnswers()
    full.value = !store(key, text)
  } else full.value = false
}

export function forgetAnswers(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(ANSWERS)) localStorage.removeItem(key)
}
