/** What units are called where only their codes are told. Asked for once per page; without an answer the code stays. */
import { reactive } from 'vue'
import { ask, registry } from './api'

const names = reactive(new Map<string, string>())
const asked = new Set<string>()

export function unitName(code: string): string {
  if (!asked.has(code)) {
    asked.add(code)
    ask(registry.GET('/units/{code}', { params: { path: { code } } })).then(
      ({ name }) => names.set(code, name),
      () => asked.delete(code), // asked again when it is shown next
    )
  }
  return names.get(code) ?? code
}
