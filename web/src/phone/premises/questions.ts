/** What the page of one premises asks; the list is the one that inspections keep. */
import { ask, registry } from '../../shared/api'
import type { Listed as Hazard } from '../../shared/hazards'
import type { Question } from '../../shared/kept'
import type { Entry, Premises } from '../../shared/premises'

const path = (id: string) => ({ params: { path: { premises_id: id } } })

export const premisesOf = (id: string): Question<Premises> => ({ name: `premises:${id}`, ask: () => ask(registry.GET('/premises/{premises_id}', path(id))) })
export const fileOf = (id: string): Question<Entry[]> => ({ name: `premises-file:${id}`, ask: async () => (await ask(registry.GET('/premises/{premises_id}/file', path(id)))).entries })
export const hazardsOf = (id: string): Question<Hazard[]> => ({
  name: `premises-hazards:${id}`,
  ask: async () => (await ask(registry.GET('/hazards', { params: { query: { premises_id: id, open: true } } }))).items,
})
