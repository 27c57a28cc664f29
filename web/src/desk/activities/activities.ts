/** Activities as the API tells them, and what the parts of this page share. */
import type { components } from '../../api/registry'
import { ask, registry } from '../../shared/api'
import { load } from '../../shared/loading'
import { role } from '../../shared/session'

type Parts = components['schemas']
export type Listed = Parts['ListedActivity']
export type Activity = Parts['ActivityOut']
export type Body = Parts['ActivityIn']
export type Kind = Listed['kind']
export type State = Listed['state']
export type Target = NonNullable<Listed['target']>
export type KindOf = Parts['ActivityKindOut']
export type Field = Parts['FieldOut']

export const KINDS: readonly Kind[] = ['training', 'publicity', 'drill']
export const STATES: readonly State[] = ['planned', 'held', 'cancelled']
export const TARGETS: readonly Target[] = ['schools', 'enterprises', 'residential', 'families', 'villages']

/** Which fields each kind has, as the service says it. */
export const kinds = () => load(async () => new Map((await ask(registry.GET('/activities/kinds'))).kinds.map((one) => [one.kind, one])))

const KEEPERS = ['grid_worker', 'department_handler', 'leader', 'admin']
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
