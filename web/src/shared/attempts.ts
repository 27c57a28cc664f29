// What a form does when it is sent: one attempt at a time, however often its button is pressed, and what was wrong with the
// last one. What is typed stays.
import { ref, type Ref } from 'vue'
import { failedHere } from './keeping'
import type { Failed } from './problems'

export interface Attempts {
  readonly busy: Ref<boolean>
  readonly problem: Ref<Failed | null>
  /** Does `work`, unless another is being done; whether it was done. What it throws is the `problem`. */
  attempt: (work: () => Promise<unknown>) => Promise<boolean>
}

export function attempts(): Attempts {
  const busy = ref(false)
  const problem = ref<Failed | null>(null)
  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = null
    try {
      await work()
      return true
    } catch (error) {
      problem.value = failedHere(error)
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, attempt }
}
