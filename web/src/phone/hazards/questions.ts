/** What the pages of hazards ask; what is kept of the list serves the safety manager's first page, too. */
import { ask, registry } from '../../shared/api'
import type { Hazard, Listed } from '../../shared/hazards'
import type { Question } from '../../shared/kept'
import { ofPlace } from '../../shared/session'

const MOST = 300
const path = (id: string) => ({ params: { path: { hazard_id: id } } })

export const openHazards: Question<Listed[]> = {
  name: 'hazards',
  ask: async () => (await ask(registry.GET('/hazards', { params: { query: { open: true, limit: MOST } } }))).items,
}
export const hazardOf = (id: string): Question<Hazard> => ({ name: `hazard:${id}`, ask: () => ask(registry.GET('/hazards/{hazard_id}', path(id))) })
/** It names people: staff alone read it. */
export const trailOf = (id: string) => ({
  name: `hazard-trail:${id}`,
  ask: async () => (ofPlace() ? null : ask(registry.GET('/hazards/{hazard_id}/trail', path(id)))),
})
