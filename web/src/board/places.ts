/** Units as places: who lies in whom, and what is open below each. Pure. */
import type { components as DispatchParts } from '../api/dispatch'
import type { components as RegistryParts } from '../api/registry'

type Node = RegistryParts['schemas']['TreeNode']
type Area = DispatchParts['schemas']['AreaOut']

export interface Place {
  code: string
  name: string
  kind: string
  parent: string | null
  /** Codes of the places directly below; departments are none. */
  below: string[]
}

export interface Load {
  open: number
  overdue: number
}

export function placesOf(roots: readonly Node[]): Map<string, Place> {
  const found = new Map<string, Place>()
  const add = ({ code, name, kind, children = [] }: Node, parent: string | null): void => {
    if (kind === 'department') return
    found.set(code, { code, name, kind, parent, below: children.filter((child) => child.kind !== 'department').map((child) => child.code) })
    for (const child of children) add(child, code)
  }
  for (const root of roots) add(root, null)
  return found
}

/** What is open in each place together with all that lies in it. */
export function loads(areas: readonly Area[], places: ReadonlyMap<string, Place>): Map<string, Load> {
  const found = new Map<string, Load>()
  for (const { unit, open, overdue } of areas)
    for (let code: string | null = unit; code !== null; code = places.get(code)?.parent ?? null) {
      const load = found.get(code) ?? { open: 0, overdue: 0 }
      found.set(code, { open: load.open + open, overdue: load.overdue + overdue })
    }
  return found
}
