/** The pages of the phone: every folder beside this file with a `route.ts` is one, and nothing else lists them. */
import type { RouteLocationNormalized, RouteRecordRaw } from 'vue-router'
import { askAhead } from '../shared/kept'
import { ofPlace, role } from '../shared/session'
import type { PhonePage } from './page'

const modules = import.meta.glob<{ default: PhonePage }>('./*/route.ts', { eager: true })
export const pages: readonly PhonePage[] = Object.values(modules).map((module) => module.default)
/** Whether who is signed in has this page: safety managers none of those that are the staff's. */
export const mayOpen = (path: unknown): boolean => !ofPlace() || pages.every((page) => page.path !== path || !page.tab || !!page.of)
/** What stands in the bar for who is signed in. */
export const tabs = (): PhonePage[] =>
  pages.filter(({ tab, of }) => tab && (of ? of(role()) : !ofPlace())).sort((one, other) => one.tab!.order - other.tab!.order)
/** Ask what the page at `to` will ask, while its own part of the program comes. */
export function prepare(to: RouteLocationNormalized, from: RouteLocationNormalized): void {
  if (to.path === from.path) return
  const asked = pages.find(({ path }) => path === to.meta.page)?.asks?.(String(to.params.id ?? ''))
  for (const question of asked ?? []) askAhead(question)
}

export const routes: RouteRecordRaw[] = pages.flatMap(({ path, list, detail }): RouteRecordRaw[] => [
  { path: `/${path}`, name: path, component: list, meta: { page: path } },
  ...(detail ? [{ path: `/${path}/:id`, name: `${path}-one`, component: detail, props: true, meta: { page: path, back: `/${path}` } }] : []),
])
