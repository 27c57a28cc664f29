/** How many things lie in each queue, for the menu: asked once, after every act, and when a service tells of a change. */
import { shallowReactive } from 'vue'
import { onChange } from '../shared/changes'
import { ofPlace, role } from '../shared/session'
import type { DeskPage, Queue } from './page'
import { pages } from './pages'

const SETTLE = 800
const EVERY = 60_000
export const queuesOf = shallowReactive(new Map<string, Queue[]>())
const waiting = new Map<string, ReturnType<typeof setTimeout>>()

/** The pages of whoever is signed in, as the menu has them. */
export function mine(): DeskPage[] {
  const me = role() ?? ''
  const found = pages.filter(({ roles, ofPlaces }) => (ofPlace() ? ofPlaces : !roles || roles.includes(me)))
  const first = ({ firstOf }: DeskPage) => Number(firstOf?.includes(me) ?? false)
  return found.sort((one, other) => first(other) - first(one))
}

async function count(page: DeskPage): Promise<void> {
  try {
    queuesOf.set(page.path, (await page.queues?.()) ?? [])
  } catch {
    // The list beside it says what is wrong; the numbers stay as they were.
  }
}

/** Ask soon, and once, however many reasons there are. */
export function recount(only?: string): void {
  for (const page of mine()) {
    if ((only && page.path !== only) || waiting.has(page.path)) continue
    waiting.set(page.path, setTimeout(() => { waiting.delete(page.path); void count(page) }, SETTLE))
  }
}

/** To be called where the menu is set up. */
export function keepCounting(): void {
  for (const page of mine()) {
    void count(page)
    if (page.services) onChange(page.services, () => recount(page.path))
  }
  setInterval(() => document.visibilityState === 'visible' && recount(), EVERY)
}
