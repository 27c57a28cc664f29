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
