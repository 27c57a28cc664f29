/** What a page of the desk says of itself in its `route.ts`. */
import type { Component } from 'vue'
import type { Service } from '../shared/api'

type Lazy = () => Promise<{ default: Component }>

/** A named part of a page's list, with how many lie in it: `query` is what the list is filtered by. */
export interface Queue {
  key: string
  title: string
  query: Record<string, string>
  count?: number
  /** How many of them are past due. */
  late?: number
}

export interface Found {
  path: string
  number: string
  title: string
}

export interface DeskPage {
  /** The folder's name and the first part of the path: `inbox` is at /app/desk/inbox, one thing at /app/desk/inbox/<id>. */
  path: string
  /** Where it stands in the menu. */
  order: number
  title: () => string
  /** Who finds it in the menu; everybody of the staff where it is left out. What they may see there decides the API. */
  roles?: readonly string[]
  /** Whose day begins here: then it stands first. */
  firstOf?: readonly string[]
  /** About a place: its safety manager finds it, too. */
  ofPlaces?: boolean
  /** Asked when the page is in the menu, and again whenever one of `services` tells of a change. */
  queues?: () => Promise<Queue[]>
  services?: readonly Service[]
  /** Things whose number ends so. */
  find?: (number: string) => Promise<Found[]>
  list: Lazy
  /** The thing itself, beside the list; gets its `id`. A page without it fills the whole width. */
  detail?: Lazy
}

export const page = (described: DeskPage): DeskPage => described
