/** The pages of the phone: every folder beside this file with a `route.ts` is one, and nothing else lists them. */
import type { RouteRecordRaw } from 'vue-router'
import { role } from '../shared/session'
import type { PhonePage } from './page'

const modules = import.meta.glob<{ default: PhonePage }>('./*/route.ts', { eager: true })
export const pages: readonly PhonePage[] = Object.values(modules).map((module) => module.default)
const inBar = pages.filter(({ tab }) => tab).sort((one, other) => one.tab!.order - other.tab!.order)
/** The bar of whoever is signed in. */
export const tabs = (): PhonePage[] => inBar.filter(({ tab }) => tab!.of?.(role()) ?? true)

export const routes: RouteRecordRaw[] = pages.flatMap(({ path, list, detail }): RouteRecordRaw[] => [
  { path: `/${path}`, name: path, component: list, meta: { page: path } },
  ...(detail ? [{ path: `/${path}/:id`, name: `${path}-one`, component: detail, props: true, meta: { page: path, back: `/${path}` } }] : []),
])
