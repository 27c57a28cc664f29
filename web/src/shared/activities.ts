/** Activities as the API tells them: their words, and what more than one page needs of them. */
import type { components } from '../api/registry'
import { ask, registry } from './api'
import { texts } from './i18n'
import { load } from './loading'
import { role } from './session'

type Parts = components['schemas']
export type Listed = Parts['ListedActivity']
export type Activity = Parts['ActivityOut']
export type Body = Parts['ActivityIn']
export type Kind = Listed['kind']
export type State = Listed['state']
export type Target = NonNullable<Listed['target']>
export type KindOf = Parts['ActivityKindOut']
export type Field = Parts['FieldOut']

/** What a premises keeps of its own; publicity goes to others. */
export const OF_PLACE: readonly Kind[] = ['training', 'drill']
export const KINDS: readonly Kind[] = ['training', 'publicity', 'drill']
export const STATES: readonly State[] = ['planned', 'held', 'cancelled']
export const TARGETS: readonly Target[] = ['schools', 'enterprises', 'residential', 'families', 'villages']

/** Which fields each kind has, as the service says it. */
export const kinds = () => load(async () => new Map((await ask(registry.GET('/activities/kinds'))).kinds.map((one) => [one.kind, one])))

export const activityKindWords = texts({ training: '培训', publicity: '宣传', drill: '演练' }, { training: 'Training', publicity: 'Publicity', drill: 'Drill' })
export const activityStateWords = texts({ planned: '计划中', held: '已举行', cancelled: '已取消' }, { planned: 'Planned', held: 'Held', cancelled: 'Cancelled' })

const KEEPERS = ['grid_worker', 'department_handler', 'safety_manager', 'leader', 'admin']
/** Whether this role enters activities; in which part of the tree says the API. */
export const keeps = (): boolean => KEEPERS.includes(role() ?? '')

/** What is typed of fields that a kind has alone: nothing of what is left empty or belongs to another kind. */
export function told(fields: readonly Field[], typed: Record<string, string | number | undefined>): Record<string, string | number> {
  const given = fields.flatMap(({ name, kind }): [string, string | number][] => {
    const value = String(typed[name] ?? '').trim()
    return value ? [[name, kind === 'whole' ? Number(value) : value]] : []
  })
  return Object.fromEntries(given)
}
export const departmentsOf = (text: string): string[] => text.split(/[、,，;；\n]/).map((one) => one.trim()).filter(Boolean)
