/** What a page of the phone says of itself in its `route.ts`. */
import type { Component } from 'vue'
import type { Question } from '../shared/kept'

type Lazy = () => Promise<{ default: Component }>

export interface PhonePage {
  /** The folder's name and the first part of the path: `tasks` is at /app/phone/tasks, one thing at /app/phone/tasks/<id>. */
  path: string
  title: () => string
  /** In the bar at the bottom, in this order; a page without it is reached from others. `icon` is a path in a box of 24 × 24. */
  tab?: { order: number; icon: string; badge?: () => number }
  /** Who finds it in the bar; everybody but safety managers where it is left out. */
  of?: (role: string | null) => boolean
  /** What its list asks (`id` is empty), or the thing itself: asked while the page is still on its way. */
  asks?: (id: string) => readonly Question<unknown>[]
  list: Lazy
  /** The thing itself, a screen of its own above the list; gets its `id`. */
  detail?: Lazy
}

export const page = (described: PhonePage): PhonePage => described
