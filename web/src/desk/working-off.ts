/** A queue that is worked off: what was dealt with leaves the list, and what came after it opens. */
import { nextTick, type ShallowRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { onActed } from '../shared/acted'
import type { Service } from '../shared/api'
import type { Paged } from '../shared/paging'
import { recount } from './counts'
import { markNews } from './lists'

interface Queue<Row> {
  service: Service
  kind: string
  list: Paged<Row>
  /** Whether a thing as it is now still lies in what the list shows. */
  belongs: (row: Row) => boolean
  grid: Readonly<ShallowRef<{ focus: (id?: string) => void } | null>>
}

const UNREAD = 700
let openedAt = -UNREAD
/** Whether a thing opened by itself so lately, in ms, that nobody can have read it: a second press meant the one before. */
export const justOpened = (): boolean => performance.now() - openedAt < UNREAD

/** To be called where the list is set up. */
export function workOff<Row extends { id: string }>({ service, kind, list, belongs, grid }: Queue<Row>): void {
  const route = useRoute()
  const router = useRouter()
  markNews(list, service, kind)
  onActed<Row>(kind, (after) => {
    list.replace(after)
    recount()
    const at = list.rows.findIndex(({ id }) => id === after.id)
    if (at < 0 || belongs(after)) return
    list.rows = list.rows.filter(({ id }) => id !== after.id)
    const next = list.rows[at] ?? list.rows[at - 1]
    if (route.params.id === after.id) {
      openedAt = performance.now()
      void router.replace({ name: route.name!, params: next ? { id: next.id } : {}, query: route.query })
    }
    void nextTick(() => grid.value?.focus(next?.id))
    if (list.more && list.rows.length - at < 5) void list.next()
  })
}
