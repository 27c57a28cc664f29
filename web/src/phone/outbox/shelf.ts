/** What waits on this device to be sent, in IndexedDB: reports, inspections and what was done to work orders and hazards,
 * each with its photos.
 *
 * An item is written before anybody says "saved", and goes only when the server has answered for it. A new version of the
 * page may add to this, and never drops or renames what an older one kept. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Problem } from '../../shared/problems'

export interface Photos {
  /** Where in the body their ids go: `photos`, `before`, `findings.0.photos`. */
  field: string
  /** One picture and no list, such as a signature. */
  one?: boolean
  /** Under which they are kept (`shared/photos.ts`). */
  of: string
}

export interface Act {
  id: string
  version: number
  after: string
}

export interface Item {
  /** Sent as Idempotency-Key: however often it is sent, it takes effect once. */
  key: string
  account: string
  title: string
  at: number
  /** Where it goes; `order` or `hazard` for what was done to one as it was read, and where that leads. */
  url: string
  body: Record<string, unknown>
  photos: Photos[]
  order?: Act
  hazard?: Act & { action: string }
  /** The form of an act: its page, the name of its draft (and of its photos, behind it), and what was typed. */
  form?: { path: string; draft: string; typed: object }
  /** Somebody else acted on the thing first: what happened since it was read, and its version now. */
  meanwhile?: { version: number; entries: { action: string; role: string; at: string }[] }
  /** The place of an inspection and what was typed of it, to go back into its form. */
  inspection?: { id: string; typed: object }
  /** What the server said against it: it waits for its writer then, and is not sent by itself. */
  refused?: Problem
}

export interface Sent {
  key: string
  account: string
  title: string
  at: number
  number: string
  id: string
}

interface Shelf extends DBSchema {
  items: { key: string; value: Item }
  sent: { key: string; value: Sent }
}

const KEPT_RECEIPTS = 50
let opened: Promise<IDBPDatabase<Shelf>> | null = null
const shelf = () =>
  (opened ??= openDB<Shelf>('gridgov-outbox', 1, {
    upgrade(db) {
      db.createObjectStore('items', { keyPath: 'key' })
      db.createObjectStore('sent', { keyPath: 'key' })
    },
  }))

/** The work order or hazard that it acts on. */
export const actOf = (item: Item): Act | undefined => item.order ?? item.hazard

const oldestFirst = <T extends { at: number }>(all: T[]): T[] => all.sort((one, other) => one.at - other.at)

export const put = async (item: Item): Promise<void> => void (await (await shelf()).put('items', item))
export const remove = async (key: string): Promise<void> => (await shelf()).delete('items', key)
export const items = async (account: string): Promise<Item[]> =>
  oldestFirst((await (await shelf()).getAll('items')).filter((item) => item.account === account))
export const receipts = async (account: string): Promise<Sent[]> =>
  oldestFirst((await (await shelf()).getAll('sent')).filter((sent) => sent.account === account)).reverse()

/** It arrived: the item goes and its receipt is kept, in one step. */
export async function arrived(item: Item, { id, number }: { id: string; number: string }): Promise<void> {
  const db = await shelf()
  const step = db.transaction(['items', 'sent'], 'readwrite')
  const old = oldestFirst(await step.objectStore('sent').getAll()).slice(0, -KEPT_RECEIPTS)
  await Promise.all([
    step.objectStore('items').delete(item.key),
    step.objectStore('sent').put({ key: item.key, account: item.account, title: item.title, at: Date.now(), id, number }),
    ...old.map(({ key }) => step.objectStore('sent').delete(key)),
    step.done,
  ])
}
