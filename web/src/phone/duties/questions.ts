/** What I owe: asked by the list of duties and by the safety manager's first page. */
import { ask, registry } from '../../shared/api'
import type { Duty } from '../../shared/duties'
import type { Question } from '../../shared/kept'

export const myDuties: Question<Duty[]> = {
  name: 'duties',
  ask: async () => {
    const all: Duty[] = []
    let after: string | undefined
    do {
      const page = await ask(registry.GET('/duties/mine', { params: { query: { limit: 500, after } } }))
      all.push(...page.items)
      after = page.next ?? undefined
    } while (after)
    return all
  },
}
