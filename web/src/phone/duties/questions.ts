/** What I owe: asked by the list of duties and by the safety manager's first page. */
import { ask, registry } from '../../shared/api'
import type { Duty } from '../../shared/duties'
import type { Question } from '../../shared/kept'

export const myDuties: Question<Duty[]> = {
  name: 'duties',
  ask: async () => (await ask(registry.GET('/duties/mine', { params: { query: { limit: 200 } } }))).items,
}
