/** The boundaries of what lies directly below a unit, asked once a day: they change seldom and the board runs for weeks. */
import { ask, registry } from '../../shared/api'
import { ringsOf, type Position } from '../../shared/map'

export interface Outline {
  code: string
  name: string
  rings: Position[][]
}

const DAY = 86_400_000
const KEPT = 40
const kept = new Map<string, { outlines: Outline[]; at: number }>()

export async function outlinesBelow(code: string): Promise<Outline[]> {
  const known = kept.get(code)
  if (known && Date.now() - known.at < DAY) return known.outlines
  const { features } = await ask(registry.GET('/units/{code}/map', { params: { path: { code } } }))
  const outlines = features.flatMap(({ id, geometry, properties }) =>
    geometry ? [{ code: id, name: properties.name, rings: ringsOf(geometry as unknown as { coordinates: number[][][] }) }] : [],
  )
  if (kept.size >= KEPT) kept.delete(kept.keys().next().value!)
  kept.set(code, { outlines, at: Date.now() })
  return outlines
}
