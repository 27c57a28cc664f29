/** What this device keeps between visits by `localStorage`, which may be full. What the server can tell again makes room for
 * what was typed. */
import { ref } from 'vue'
import { Failed, failed } from './problems'

/** Under this stand answers of the server (kept.ts). */
export const ANSWERS = 'kept:'
/** What was typed last could not be kept: it goes when the page goes. */
export const full = ref(false)

const FULL = {
  type: 'about:blank', code: 'device_full', status: 507, correlation_id: null, title: '',
  title_zh: '手机存储空间不足，没有保存。请先清理手机空间再试，不要离开此页', title_en: 'this device is full: it was not saved. Make room and try again; do not leave this page',
}
/** What went wrong where something was to be kept on this device or sent. */
export const failedHere = (error: unknown): Failed => (error instanceof DOMException && error.name === 'QuotaExceededError' ? new Failed(FULL.status, FULL) : failed(error))

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
