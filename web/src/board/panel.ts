/** What a panel of the board says of itself in its `panel.ts`. */
import type { Component } from 'vue'

export interface Panel {
  order: number
  title: () => string
  /** Where it stands: `side` columns left and right of the map, the map itself, or the strip at the bottom. */
  place: 'left' | 'map' | 'right' | 'foot'
  view: () => Promise<{ default: Component }>
}

export const panel = (described: Panel): Panel => described
