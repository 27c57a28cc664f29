/** The light of a thing: always a text and a shape besides the colour. */
import { texts } from './i18n'
import type { Light } from './api'

export const lightWords = texts(
  { none: '不计时', green: '正常', yellow: '临期', red: '超时' },
  { none: 'No limit', green: 'In time', yellow: 'Due soon', red: 'Overdue' },
)

/** The shape of each light, as a path in a box of 12 × 12: ring, disc, triangle, square with a bar. */
export const SHAPES: Record<Light, string> = {
  none: 'M6 1.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zm0 1.5a3 3 0 1 1 0 6 3 3 0 0 1 0-6z',
  green: 'M6 1.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z',
  yellow: 'M6 1 11.2 10.5H.8z',
  red: 'M1 1h10v10H1z',
}
