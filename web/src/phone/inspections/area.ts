/** What is kept of the worker's own part of the tree (`questions.ts`): which places are due, which lists fit, how far it is. */
import type { components } from '../../api/registry'
import type { Duty } from '../../shared/duties'
import type { InspectionKind } from '../../shared/inspections'

export type Premises = components['schemas']['ListedPremises']
/** What the form needs to know of it. */
export type Place = Pick<Premises, 'id' | 'name' | 'category'>
export type Checklist = components['schemas']['ChecklistOut']
export type Question = components['schemas']['QuestionOut']

export interface Due {
  id: string
  name: string
  duty: string
  due_at: string
}
const COUNT = ['inspection', 'spot_check', 'self_check', 'patrol'] as const

/** The premises with a duty that an inspection fulfils now, what is due first. */
export function dueOf(duties: readonly Duty[]): Due[] {
  const found = new Map<string, Due>()
  for (const { premises_id: id, premises_name: name, name: duty, due_at, begun, counts } of duties) {
    if (!id || !name || !begun || !COUNT.some((act) => counts.includes(act))) continue
    const known = found.get(id)
    if (!known || due_at < known.due_at) found.set(id, { id, name, duty, due_at })
  }
  return [...found.values()].sort((one, other) => one.due_at.localeCompare(other.due_at))
}

/** The lists for premises, or (null) for a part of the street; those of the place's own people only for its own check, and
 * those of the police for departments. */
export const fitting = (lists: readonly Checklist[], premises: Place | null, kind: InspectionKind, role: string): Checklist[] => {
  const own = kind === 'self' ? ['unit'] : role === 'grid_worker' ? ['street'] : ['street', 'police']
  const fit = lists.filter(
    ({ areas, categories, inspectors }) =>
      (premises ? !categories || categories.includes(premises.category) : areas) && inspectors.some((one) => own.includes(one)),
  )
  // What is made for this kind of inspector alone comes first.
  return kind === 'self' ? fit.sort((one, other) => one.inspectors.length - other.inspectors.length) : fit
}

const RADIUS = 6_371_000
const radians = (degrees: number) => (degrees * Math.PI) / 180

/** Metres between two points (latitude, longitude), near enough for a list. */
export function apart([lat, lon]: [number, number], [lat2, lon2]: [number, number]): number {
  const [y, x] = [radians(lat2 - lat), radians(lon2 - lon) * Math.cos(radians((lat + lat2) / 2))]
  return Math.round(RADIUS * Math.hypot(x, y))
}
