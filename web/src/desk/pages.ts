/** The pages of the desk: every folder beside this file with a `route.ts` is one, and nothing else lists them. */
import type { RouteRecordRaw } from 'vue-router'
import type { DeskPage } from './page'

const modules = import.meta.glob<{ default: DeskPage }>('./*/route.ts', { eager: true })
export const pages: readonly DeskPage[] = Object.values(modules)
  .map((module) => module.default)
  .sort((one, other) => one.order - other.order)

/** The list stays as it is while the thing beside it changes: both are of one route. */
export const routes: RouteRecordRaw[] = pages.map(({ path, list, detail }): RouteRecordRaw =>
  detail
    ? { path: `/${path}/:id?`, name: path, components: { default: list, detail }, props: { detail: true }, meta: { split: true } }
    : { path: `/${path}`, name: path, component: list },
)
