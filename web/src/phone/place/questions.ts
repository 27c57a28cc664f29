/** What the safety manager's first page asks and no other does. */
import { ask, registry } from '../../shared/api'
import type { InspectionRow } from '../../shared/inspections'
import type { Question } from '../../shared/kept'

export const LAST = 4
export const lastInspections: Question<InspectionRow[]> = {
  name: 'place-inspections',
  ask: async () => (await ask(registry.GET('/inspections', { params: { query: { limit: LAST } } }))).items,
}
