/** Hazards as the API tells them: their words, what each action needs to be told, and taking one. What the caller may do
 * now, what it is called and what follows says the API (`hazard.possible`). */
import type { components } from '../api/registry'
import { ask, ifMatch, registry } from './api'
import { said, texts } from './i18n'

type Parts = components['schemas']
export type Listed = Parts['ListedHazard']
export type Hazard = Parts['HazardOut']
export type NewHazard = Parts['HazardIn']
export type State = Listed['state']
export type Grade = Listed['grade']
export type Item = Listed['item']
export type Possible = Hazard['possible'][number]
export type Action = Possible['action']
export type Field = 'measures' | 'department' | 'person' | 'funds' | 'interim' | 'signed_by' | 'result' | 'why' | 'until' | 'to' | 'document' | 'edition' | 'element'
export interface Asked {
  name: Field
  required: boolean
  kind: 'long' | 'text' | 'day' | 'unit' | 'police'
}

const KINDS: Partial<Record<Field, Asked['kind']>> = { measures: 'long', interim: 'long', result: 'long', why: 'long', element: 'long', until: 'day', to: 'unit' }
const field = (name: Field, required: boolean): Asked => ({ name, required, kind: KINDS[name] ?? 'text' })
const need = (...names: Field[]) => names.map((name) => field(name, true))
const may = (...names: Field[]) => names.map((name) => field(name, false))

/** What an action needs to be told; one that is not here needs nothing. */
const FIELDS: Partial<Record<Action, readonly Asked[]>> = {
  'state-sheet': [...need('measures'), ...may('department', 'person', 'funds', 'interim', 'signed_by')],
  submit: need('result'),
  fail: need('why'),
  'ask-extension': need('until', 'why'),
  'grant-extension': need('why'),
  'decline-extension': need('why'),
  transfer: [{ name: 'to', required: true, kind: 'police' }, ...need('why')],
  recheck: need('why'),
  'add-photos': may('why'),
  'judge-major': [...need('edition', 'element'), ...may('why')],
  report: need('to', 'document'),
  list: [...need('until'), ...may('why')],
  'decline-listing': need('why'),
  delist: may('why'),
}
export const fieldsOf = (action: Action): readonly Asked[] => FIELDS[action] ?? []

const WITH_PHOTOS: ReadonlySet<Action> = new Set<Action>(['submit', 'pass', 'fail', 'recheck', 'add-photos'])
export const takesPhotos = (action: Action): boolean => WITH_PHOTOS.has(action)
export const needsPhotos = (action: Action): boolean => action === 'add-photos'

/** Goes against somebody, or cannot be undone: never the first button. */
const GRAVE: ReadonlySet<Action> = new Set<Action>(['fail', 'decline-extension', 'transfer', 'judge-major', 'decline-listing'])
export const grave = (action: Action): boolean => GRAVE.has(action)
export const possible = (hazard: Hazard): Possible[] => [...hazard.possible].sort((one, other) => Number(grave(one.action)) - Number(grave(other.action)))
export const nameOf = (one: Possible): string => said(one.name_zh, one.name_en)
export const consequenceOf = (one: Possible): string => said(one.consequence_zh, one.consequence_en)

/** The police stations that serve the place: to one of them it can be transferred. */
export const stationsOf = (hazard: Hazard): Promise<Parts['StationOut'][]> =>
  ask(registry.GET('/hazards/{hazard_id}/police-stations', { params: { path: { hazard_id: hazard.id } } })).then(({ items }) => items)

/** Take `action`; the hazard as it is then. Throws `Failed`. What is empty is left out. */
export function act(hazard: Hazard, action: Action, body: object): Promise<Hazard> {
  // One path for all: their bodies differ, and `fieldsOf` says what each takes.
  const path = `/hazards/{hazard_id}/${action}` as '/hazards/{hazard_id}/fail'
  return ask(registry.POST(path, { params: { path: { hazard_id: hazard.id }, header: ifMatch(hazard) }, body: filled(body) as { why: string } }))
}
export const filled = (body: object): Record<string, unknown> => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== ''))

export const hazardStates = texts(
  { found: '已发现', fixed_on_spot: '当场整改', rectifying: '整改中', overdue: '逾期未改', transferred: '已移交派出所', awaiting_reinspection: '待复查', rectified: '已整改销案' },
  { found: 'Found', fixed_on_spot: 'Fixed on the spot', rectifying: 'Being put right', overdue: 'Overdue', transferred: 'Transferred', awaiting_reinspection: 'To be re-inspected', rectified: 'Closed' },
)
export const OPEN: readonly State[] = ['awaiting_reinspection', 'overdue', 'transferred', 'rectifying']

export const gradeWords = texts({ general: '一般隐患', major: '重大火灾隐患' }, { general: 'General', major: 'Major' })
export const itemWords = texts(
  { evacuation: '疏散', facilities: '消防设施', extinguishers: '灭火器', fire_use: '用火', electricity: '用电', gas: '用气', oil: '用油' },
  { evacuation: 'Evacuation', facilities: 'Facilities', extinguishers: 'Extinguishers', fire_use: 'Fire', electricity: 'Electricity', gas: 'Gas', oil: 'Oil' },
)
export const listingWords = texts(
  { none: '', reported: '已书面报告，待定', listed: '已挂牌', declined: '不予挂牌', delisted: '已摘牌' },
  { none: '', reported: 'Reported, not decided', listed: 'Listed', declined: 'Not listed', delisted: 'Off the list' },
)
export const limitNames = texts({ rectify: '整改期限', recheck: '每周复查', listing: '挂牌决定期限' }, { rectify: 'Put right by', recheck: 'Weekly re-check', listing: 'Listing decided by' })
export const hazardVerbs = texts(
  {
    'fix-on-spot': '当场整改', order: '责令限期整改', 'state-sheet': '填写整改单', submit: '报告整改完成', pass: '复查通过', fail: '复查不通过', 'ask-extension': '申请延期', 'grant-extension': '批准延期', 'decline-extension': '不批准延期',
    transfer: '移交派出所', recheck: '每周复查', 'add-photos': '补充照片', 'judge-major': '判定为重大隐患', report: '书面报告政府', list: '挂牌督办', 'decline-listing': '不予挂牌', delist: '摘牌', remeasure: '节假日公布，期限调整', 'have-order': '生成工单', lapse: '整改逾期', reopen: '重新整改',
  },
  {
    'fix-on-spot': 'Fixed on the spot', order: 'Ordered to be put right', 'state-sheet': 'Sheet filled in', submit: 'Said to be put right', pass: 'Passed', fail: 'Not passed', 'ask-extension': 'Extension asked for', 'grant-extension': 'Extension granted', 'decline-extension': 'Extension declined',
    transfer: 'Transferred', recheck: 'Re-checked', 'add-photos': 'Photos added', 'judge-major': 'Judged as major', report: 'Reported in writing', list: 'Listed', 'decline-listing': 'Not listed', delist: 'Off the list', remeasure: 'Due times moved: holidays announced', 'have-order': 'Work order opened', lapse: 'Deadline passed', reopen: 'Opened again',
  },
)
