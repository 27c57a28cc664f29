/** A list that comes page by page, by cursor, and knows which of its rows have changed since.
 *
 *     const list = paged((after) => ask(dispatch.GET('/inbox', { params: { query: { ...filter, after } } })))
 *
 * `restart()` asks anew from the beginning; what is shown stays until the answer is there. `mark(id, version)` for a change that
 * was told live: a row on the list is marked, anything else counts in `news`, and the list moves only when its reader asks. Of
 * what was done here (`replace`), or read since, the telling comes later, and is no news. */
import { shallowReactive } from 'vue'
import { failed, type Failed } from './problems'

interface Listed {
  id: string
  version?: number
}

export interface Page<Row> {
  items: Row[]
  next?: string | null
}

export interface Paged<Row> {
  rows: Row[]
  busy: boolean
  asked: boolean
  more: boolean
  problem: Failed | null
  marked: ReadonlySet<string>
  news: number
  restart: () => Promise<void>
  next: () => Promise<void>
  mark: (id: string, version?: number) => void
  /** Put in the place of the row with its id, if there is one, what was done or read anew. */
  replace: (row: Row) => void
}

export function paged<Row extends Listed>(question: (after: string | undefined) => Promise<Page<Row>>): Paged<Row> {
  let cursor: string | undefined
  let turn = 0
  const unseen = new Set<string>()
  const replaced = new Map<string, number>()
  const list: Paged<Row> = shallowReactive({
    rows: [] as Row[], busy: false, asked: false, more: false, problem: null, marked: new Set<string>(), news: 0, restart, next, mark, replace,
  })

  async function fetchPage(after: string | undefined): Promise<void> {
    const mine = ++turn
    list.busy = true
    try {
      const page = await question(after)
      if (mine !== turn) return
      if (after === undefined) {
        list.rows = page.items
        list.marked = new Set()
        unseen.clear()
        list.news = 0
      } else list.rows = [...list.rows, ...page.items]
      cursor = page.next ?? undefined
      list.more = cursor !== undefined
      list.problem = null
    } catch (error) {
      if (mine === turn) list.problem = failed(error)
    } finally {
      if (mine === turn) [list.busy, list.asked] = [false, true]
    }
  }
  async function restart(): Promise<void> {
    await fetchPage(undefined)
  }
  async function next(): Promise<void> {
    if (cursor !== undefined && !list.busy) await fetchPage(cursor)
  }
  function mark(id: string, version = Infinity): void {
    const shown = list.rows.find((row) => row.id === id)
    if (version <= Math.max(replaced.get(id) ?? 0, shown?.version ?? 0)) return
    if (shown) list.marked = new Set([...list.marked, id])
    unseen.add(id)
    list.news = unseen.size
  }
  function replace(row: Row): void {
    if (row.version) replaced.set(row.id, row.version)
    list.rows = list.rows.map((old) => (old.id === row.id ? row : old))
    list.marked = new Set([...list.marked].filter((id) => id !== row.id))
    unseen.delete(row.id)
    list.news = unseen.size
  }
  return list
}
