/** What a panel of the board says of itself in its `panel.ts`. */
import type { Component } from 'vue'

export interface Panel {
  order: number
  title: () => string
  /** Where it stands: the strip at the top, the columns left and right of the map, or the map itself. */
  place: 'head' | 'left' | 'map' | 'right'
  view: () => Promise<{ default: Component }>
}

export const panel = (described: Panel): Panel => described
