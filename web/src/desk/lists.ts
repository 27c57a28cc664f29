/** What every list of the desk does: its filter lives in the address, it is asked anew when that changes, marks what others
 * changed meanwhile, and shows at once what was done beside it. `ListBody.vue` shows it. */
import { computed, watch, type ComputedRef, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { onActed } from '../shared/acted'
import type { Service } from '../shared/api'
import { onChange } from '../shared/changes'
import { paged, type Page, type Paged } from '../shared/paging'
import { recount } from './counts'

const PAGE = 50

/** The address of the page `name`: what it says, and going to another. What is open beside the list closes when the filter
 * changes, unless it `stays`. */
export function address(name: string, { stays = false } = {}) {
  const route = useRoute()
  const router = useRouter()
  const open = computed(() => (typeof route.params.id === 'string' && route.params.id ? route.params.id : null))
  return {
    /** What stands under `key`; undefined where nothing does. */
    chosen: (key: string): string | undefined => (typeof route.query[key] === 'string' && route.query[key] ? route.query[key] : undefined),
    filter: (change: Record<string, string | undefined>) => router.push({ name, params: stays ? route.params : {}, query: { ...route.query, ...change } }),
    /** The thing that is open beside the list. */
    open,
    /** The browser's way back closes it, however many were looked at. */
    show: (id: string) => router[open.value ? 'replace' : 'push']({ name, params: { id }, query: route.query }),
  }
}

/** What a field of a filter says; undefined where it is empty. */
export const typed = (event: Event): string | undefined => (event.target as HTMLInputElement | HTMLSelectElement).value.trim() || undefined

/** The rows that `filter` lets through, page by page: asked now, and whenever it changes. */
export function listed<Row extends { id: string }, Filter extends object>(
  filter: ComputedRef<Filter>, question: (query: Filter & { after: string | undefined; limit: number }) => Promise<Page<Row>>,
): Paged<Row> {
  const list = paged((after) => question({ ...filter.value, after, limit: PAGE }))
  watch(() => JSON.stringify(filter.value), () => void list.restart())
  void list.restart()
  return list
}

/** Marks what others changed, of `kind`. */
export function markNews<Row extends { id: string }>(list: Paged<Row>, service: Service, kind: string): void {
  onChange([service], (change) => { if (change.kind === kind) list.mark(change.id, change.version) })
}

/** Marks what others changed, of `kind`. What was done on this page takes its row's place, or the list is asked anew; the
 * menu counts `path` again. */
export function follow<Row extends { id: string }>(list: Paged<Row>, service: Service, kind: string, path: string): void {
  markNews(list, service, kind)
  onActed<Row>(kind, (thing) => {
    const row = list.rows.find(({ id }) => id === thing.id)
    list.replace({ ...row, ...thing })
    if (!row) void list.restart()
    recount(path)
  })
}

/** Shows what is open as it is `now`, in its row too: somebody else changed it meanwhile. */
export async function reread<Row extends { id: string }>(list: Paged<Row>, open: Ref<Row | null>, now: Promise<Partial<Row>>): Promise<void> {
  const row = { ...open.value!, ...(await now) }
  list.replace(row)
  open.value = row
}

/** Where the very rows of a list are as a workbook, all pages of them. */
export const workbook = (path: string, filter: object): string =>
  `${path}?${new URLSearchParams(Object.entries(filter).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])))}`
