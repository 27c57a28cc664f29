/** All categories that a report may have: those of the responsibility catalogue. Asked once. */
import { shallowRef } from 'vue'
import { ask, dispatch } from '../shared/api'

const known = shallowRef<string[]>([])
let asked = false

export function categories(): string[] {
  if (!asked) {
    asked = true
    ask(dispatch.GET('/catalogue', { params: { query: {} } })).then(
      ({ rules }) => (known.value = [...new Set(rules.map(({ category }) => category).filter((name) => name !== '*'))].sort((one, other) => one.localeCompare(other, 'zh'))),
      () => (asked = false), // the next form asks again; what is suggested can be chosen meanwhile
    )
  }
  return known.value
}
