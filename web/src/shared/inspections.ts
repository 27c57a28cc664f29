/** The words of inspections, on phone and desk. */
import type { components } from '../api/registry'
import type { Item } from './hazards'
import { texts } from './i18n'
import { role } from './session'

export type Inspection = components['schemas']['InspectionOut']
export type InspectionRow = components['schemas']['ListedInspection']
export type InspectionKind = InspectionRow['kind']

export const kindWords: Record<InspectionKind, string> = texts(
  { routine: '日常检查', focused: '专项检查', spot_check: '抽查', joint: '联合检查', self: '单位自查' },
  { routine: 'Routine', focused: 'Focused', spot_check: 'Spot check', joint: 'Joint', self: 'By the place itself' },
)

/** The seven items, in the order in which the ledger has them. */
export const itemNames = Object.keys({ evacuation: 0, facilities: 0, extinguishers: 0, fire_use: 0, electricity: 0, gas: 0, oil: 0 } satisfies Record<Item, 0>) as Item[]

/** Who sends inspections; the API says where. */
const INSPECTORS = ['grid_worker', 'department_handler', 'police_liaison', 'leader', 'admin']
export const inspects = (): boolean => INSPECTORS.includes(role() ?? '')
