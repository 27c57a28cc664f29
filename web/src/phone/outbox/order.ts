/** Acts on one thing are sent in their order, each expecting the version that the one before it leaves. Pure. */
import type { TrailEntry } from '../../shared/api'
import { actOf, type Item } from './shelf'

/** Whether it may not be sent now: it was refused, or an act on the same thing before it was. */
export function held(item: Item, all: readonly Item[]): boolean {
  if (item.refused) return true
  const act = actOf(item)
  return !!act && all.some((one) => one.refused && actOf(one)?.id === act.id && before(one, item))
}

/** What was done to a thing after `version`, of its whole trail; its version now, which is lower where an act before it was given up. */
export const newer = (entries: readonly TrailEntry[], version: number): Item['meanwhile'] => {
  const later = entries.filter(({ seq }) => seq > version)
  return { version: entries.at(-1)?.seq ?? version, entries: later.map(({ action, role, at }) => ({ action, role, at })) }
}

/** What was refused because others had acted, to be sent on what they left; the acts behind it move along. */
export function onTop(item: Item, all: readonly Item[]): Item[] {
  const { refused: _, meanwhile, ...rest } = item
  const act = actOf(item)
  if (!act || !meanwhile) return [rest]
  const by = meanwhile.version - act.version
  const behind = all.filter((one) => one.key !== item.key && !one.refused && actOf(one)?.id === act.id && before(item, one))
  return [rest, ...behind].map((one) => moved(one, by))
}

const before = (one: Item, other: Item): boolean => actOf(one)!.version < actOf(other)!.version

function moved(item: Item, by: number): Item {
  if (item.order) return { ...item, order: { ...item.order, version: item.order.version + by } }
  return item.hazard ? { ...item, hazard: { ...item.hazard, version: item.hazard.version + by } } : item
}
