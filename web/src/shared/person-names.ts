/** What staff are called where only their subjects are told, as in trails of dispatch. Asked for together, once per page;
 * without an answer, and for who is no staff, there is no name. */
import { reactive } from 'vue'
import { ask, registry } from './api'
import { ofPlace, role } from './session'

const MOST = 50
const names = reactive(new Map<string, string>())
const asked = new Set<string>()
let waiting: string[] = []

async function askTogether(): Promise<void> {
  const all = waiting
  waiting = []
  for (let from = 0; from < all.length; from += MOST) {
    const subject = all.slice(from, from + MOST)
    await ask(registry.GET('/names', { params: { query: { subject } } })).then(
      ({ items }) => items.forEach((one) => names.set(one.subject, one.name)),
      () => subject.forEach((one) => asked.delete(one)), // asked again when it is shown next
    )
  }
}

export function personName(subject: string): string | undefined {
  if (!asked.has(subject) && role() && role() !== 'resident' && !ofPlace()) {
    asked.add(subject)
    if (waiting.push(subject) === 1) queueMicrotask(() => void askTogether())
  }
  return names.get(subject)
}
