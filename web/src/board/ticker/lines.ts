/** What just happened, in words and without personal data: a number, a street, a verb. Pure. */
import type { components as IntakeParts } from '../../api/intake'
import type { components as SupervisionParts } from '../../api/supervision'
import type { Change } from '../../shared/changes'
import { shortNumber } from '../../shared/numbers'
import { reportStateWords, wordOf } from '../../shared/words'
import { hazardActions, inspectionActions, meetingActions, orderActions, reportActions, restructuringActions, t } from './texts'

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

/** What is told of each kind of thing: its word, and those of what was done to it. */
const KINDS = {
  work_order: { name: 'workOrder', actions: orderActions }, report: { name: 'report', actions: reportActions }, hazard: { name: 'hazard', actions: hazardActions },
  inspection: { name: 'inspection', actions: inspectionActions }, meeting: { name: 'meeting', actions: meetingActions }, restructuring: { name: 'restructuring', actions: restructuringActions },
} as const
const ofKind = (kind: string): { name: keyof typeof t; actions: object } | undefined => (has(KINDS, kind) ? KINDS[kind as keyof typeof KINDS] : undefined)

/** Whether there are words for it. What is only bookkeeping (clocks, accounts, who looked at what) is not told. */
export const telling = ({ kind, action, service }: Change): boolean =>
  has(ofKind(kind)?.actions ?? {}, action) || (service === 'registry' && kind === 'unit')

function ofChange({ change: { kind, id, action, street }, at }: Heard, name: (code: string) => string): Line {
  const known = ofKind(kind)
  const what = known ? `${t[known.name]} · ${wordOf(known.actions, action)}` : t.registry
  return { key: `${kind}-${id}`, at, tone: kind === 'hazard' && action === 'lapse' ? 'late' : 'plain', what, where: name(street) }
}

export function lines(
  heard: readonly Heard[], latest: readonly Latest[], steps: readonly Step[], name: (code: string) => string, count: number,
): Line[] {
  const told = new Map(heard.map((one) => [`${one.change.kind}-${one.change.id}`, one]))
  const reports = latest.map(({ id, number, status, category, area, street, submitted_at }): Line => ({
    // Told live of the same report: its time, with the words that say more.
    key: `report-${id}`, at: told.get(`report-${id}`)?.at ?? Date.parse(submitted_at), tone: 'plain',
    what: `${t.report} ${shortNumber(number)} · ${[category, wordOf(reportStateWords, status)].filter(Boolean).join(' · ')}`, where: name(area ?? street),
  }))
  const known = new Set(reports.map(({ key }) => key))
  const live = heard.map((one) => ofChange(one, name)).filter(({ key }) => !known.has(key))
  const taken = steps.map(({ clock_id, step, number, unit_name, unit, at }): Line => ({
    key: `step-${clock_id}-${step}`, at: Date.parse(at), tone: 'late', what: `${wordOf(t, step)} ${shortNumber(number)}`, where: unit_name ?? name(unit),
  }))
  return [...live, ...reports, ...taken].sort((one, other) => other.at - one.at).slice(0, count)
}
