/** A hazard as it will be once what waits on this phone has arrived, and putting an act with it. */
import { filled, nameOf, possible, type Action, type Hazard, type Possible, type State } from '../../shared/hazards'
import type { Item } from '../outbox/shelf'
import type { HandedIn } from '../outbox/waiting'

/** Where an act leads; one that is not here leaves the state as it is. A failed re-inspection may lead to a hazard that is
 * overdue or transferred: until the server says, it is being put right. */
const AFTER: Partial<Record<Action, State>> = { submit: 'awaiting_reinspection', pass: 'rectified', fail: 'rectifying' }

export interface Expected {
  state: State
  version: number
  possible: Possible[]
  /** How many acts wait here. */
  waits: number
}

export function expected(hazard: Hazard, waiting: readonly Item[]): Expected {
  const acts = waiting.flatMap(({ hazard: act }) => (act?.id === hazard.id && act.version >= hazard.version ? [act] : []))
  const last = acts.at(-1)
  if (!last) return { state: hazard.state, version: hazard.version, possible: possible(hazard), waits: 0 }
  const state = last.after as State
  const done = new Set(acts.map(({ action }) => action))
  // What would be possible in another state only the server knows.
  const left = state === hazard.state ? possible(hazard).filter(({ action }) => action === 'add-photos' || !done.has(action)) : []
  return { state, version: last.version + 1, possible: left, waits: acts.length }
}

/** The act as the outbox keeps it. */
export function itemOf(hazard: Hazard, now: Expected, action: Possible, typed: object, form: string): Omit<HandedIn, 'photos'> {
  return {
    title: `${nameOf(action)} · ${hazard.place ?? hazard.unit_name ?? hazard.unit} · ${hazard.text}`.slice(0, 80),
    url: `/registry/hazards/${hazard.id}/${action.action}`,
    body: filled(typed),
    hazard: { id: hazard.id, version: now.version, action: action.action, after: AFTER[action.action] ?? now.state },
    form: { path: `/hazards/${hazard.id}?do=${action.action}`, draft: form, typed },
  }
}
