/** The trainings and drills of my premises. */
import { ask, registry } from '../../shared/api'

export const activities = {
  name: 'activities',
  ask: async () => (await ask(registry.GET('/activities', { params: { query: { limit: 100 } } }))).items,
}
