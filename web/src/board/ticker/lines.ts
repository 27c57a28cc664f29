/** What just happened, in words and without personal data: a number, a street, a verb. Pure. */
import type { components as IntakeParts } from '../../api/intake'
import type { components as SupervisionParts } from '../../api/supervision'
import type { Change } from '../../shared/changes'
import { reportStateWords, wordOf } from '../../shared/words'
import { hazardActions, orderActions, reportActions, t } from './texts'

type Latest = IntakeParts['schemas']['LatestOut']
type Step = SupervisionParts['schemas']['StepOut']

export interface Line {
  key: string
  at: number
  tone: 'plain' | 'late'
  what: string
  where: string
}

export interface Heard {
  change: Change
  at: number
}

export const KEPT = 40
const has = (table: object, key: string): boolean => Object.hasOwn(table, key)

/** `change` joins `heard`: of each thing the newest only, and never more than `KEPT`. */
export const joined = (heard: readonly Heard[], change: Change, at: number): Heard[] =>
  [{ change, at }, ...heard.filter(({ change: { kind, id } }) => kind !== change.kind || id !== change.id)].slice(0, KEPT)

/** Whether there are words for it. What is only bookkeeping (clocks, accounts, who looked at what) is not told. */
export const telling = ({ kind, action, service }: Change): boolean =>
  (kind === 'work_order' && has(orderActions, action)) || (kind === 'report' && has(reportActions, action)) || (kind === 'hazard' && has(hazardActions, action)) || (service === 'registry' && kind === 'unit')

const OF_KIND: Record<string, readonly [string, object]> = { work_order: [t.workOrder, orderActions], report: [t.report, reportActions], hazard: [t.hazard, hazardActions] }

function ofChange({ change: { kind, id, action, street }, at }: Heard, name: (code: string) => string): Line {
  const known = OF_KIND[kind]
  const what = known ? `${known[0]} · ${wordOf(known[1], action)}` : t.registry
  return { key: `${kind}-${id}`, at, tone: kind === 'hazard' && action === 'lapse' ? 'late' : 'plain', what, where: name(street) }
}

export function lines(
  heard: readonly Heard[], latest: readonly Latest[], steps: readonly Step[], name: (code: string) => string, count: number,
): Line[] {
  const told = new Map(heard.map((one) => [`${one.change.kind}-${one.change.id}`, one]))
  const reports = latest.map(({ id, number, status, category, area, street, submitted_at }): Line => ({
    // Told live of the same report: its time, with the words that say more.
    key: `report-${id}`, at: told.get(`report-${id}`)?.at ?? Date.parse(submitted_at), tone: 'plain',
    what: `${t.report} ${number.slice(-6)} · ${[category, wordOf(reportStateWords, status)].filter(Boolean).join(' · ')}`, where: name(area ?? street),
  }))
  const known = new Set(reports.map(({ key }) => key))
  const live = heard.map((one) => ofChange(one, name)).filter(({ key }) => !known.has(key))
  const taken = steps.map(({ clock_id, step, number, unit_name, unit, at }): Line => ({
    key: `step-${clock_id}-${step}`, at: Date.parse(at), tone: 'late', what: `${wordOf(t, step)} ${number.slice(-6)}`, where: unit_name ?? unit,
  }))
  return [...live, ...reports, ...taken].sort((one, other) => other.at - one.at).slice(0, count)
}
