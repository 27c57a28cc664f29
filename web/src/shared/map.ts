/** What a MapView draws. Positions are latitude, longitude in WGS-84; GeoJSON has them the other way round. */
export type Position = [number, number]

export interface Shape {
  id: string
  title: string
  rings: Position[][]
  /** `quiet`: something is open; `soon`, `late`: as the lights mean it. */
  tone?: 'plain' | 'quiet' | 'soon' | 'late' | 'chosen'
}

export interface Pin {
  id: string
  title: string
  at: Position
}

/** The rings of a unit's boundary (GeoJSON Polygon), for a Shape. */
export const ringsOf = (geometry: { coordinates: number[][][] }): Position[][] =>
  geometry.coordinates.map((ring) => ring.map(([longitude, latitude]) => [latitude!, longitude!]))

/** A GeoJSON Polygon. */
export interface Polygon { type: 'Polygon'; coordinates: number[][][] }

/** The polygon with these corners; null where there are too few. */
export function polygonOf(corners: readonly Position[]): Polygon | null {
  const [first] = corners
  if (!first || corners.length < 3) return null
  return { type: 'Polygon', coordinates: [[...corners, first].map(([latitude, longitude]) => [longitude, latitude])] }
}

/** The one polygon of a GeoJSON text: a Polygon, a Feature with one, or a collection of one Feature. Null for all else. */
export function polygonIn(text: string): Polygon | null {
  try {
    let told = JSON.parse(text) as { type?: string; geometry?: unknown; features?: unknown[]; coordinates?: unknown } | null
    if (told?.type === 'FeatureCollection' && told.features?.length === 1) told = told.features[0] as typeof told
    if (told?.type === 'Feature') told = told.geometry as typeof told
    return told?.type === 'Polygon' && Array.isArray(told.coordinates) ? { type: 'Polygon', coordinates: told.coordinates as number[][][] } : null
  } catch {
    return null
  }
}

interface Pixel { x: number; y: number }
const NEAR = 12

/** `at`, or what lies next to it on one of the rings, within some pixels: a corner rather than a point of a side. Parts that
 * are drawn side by side have one border then. */
export function snapped(at: Position, rings: readonly Position[][], pixel: (at: Position) => Pixel): Position {
  const here = pixel(at)
  const far = (one: Pixel) => Math.hypot(one.x - here.x, one.y - here.y)
  let best: Position | null = null
  let least = NEAR
  const take = (one: Position) => { const away = far(pixel(one)); if (away < least) { least = away; best = one } }
  rings.flat().forEach(take)
  if (best) return best
  for (const ring of rings)
    ring.forEach((from, index) => {
      const to = ring[(index + 1) % ring.length]!
      const [a, b] = [pixel(from), pixel(to)]
      const long = (b.x - a.x) ** 2 + (b.y - a.y) ** 2
      if (!long) return
      const part = Math.min(1, Math.max(0, ((here.x - a.x) * (b.x - a.x) + (here.y - a.y) * (b.y - a.y)) / long))
      take([from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part])
    })
  return best ?? at
}
