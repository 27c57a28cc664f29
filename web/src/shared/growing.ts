/** A long list that grows: a screenful stands at once, the rest follows in steps, so that a slow phone shows something first.
 *
 *     const shown = growing(() => rows.value.length)      rows.slice(0, shown), or cut(groups, shown) */
import { onScopeDispose, ref, watchEffect, type Ref } from 'vue'

const FEW = 10
const STEP = 30
const PAUSE = 50

/** How many of `total` rows stand; all of them where somebody comes back to where they had scrolled to. */
export function growing(total: () => number): Readonly<Ref<number>> {
  const shown = ref((history.state as { scroll?: unknown } | null)?.scroll ? Infinity : FEW)
  let timer: ReturnType<typeof setTimeout> | undefined
  watchEffect(() => {
    clearTimeout(timer)
    if (shown.value < total()) timer = setTimeout(() => (shown.value += STEP), PAUSE)
  })
  onScopeDispose(() => clearTimeout(timer))
  return shown
}

/** The groups that have one of the first `most` rows, each with those only. */
export function cut<G extends { rows: readonly unknown[] }>(groups: readonly G[], most: number): G[] {
  let left = most
  return groups.flatMap((group) => {
    const rows = group.rows.slice(0, left)
    left -= rows.length
    return rows.length ? [{ ...group, rows }] : []
  })
}
