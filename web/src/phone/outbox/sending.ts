/** Sending what waits, oldest first, by one sender at a time over all tabs. Any number of tries takes effect once.
 *
 * Without a network, or while the server is in trouble, it stops and all stays as it is. What the server refuses for good is
 * marked with what it said, and its writer decides; what was done to the same thing after it waits for that. */
import { fetched, type TrailEntry } from '../../shared/api'
import { drop, keep, keptFor, send as sendPhoto } from '../../shared/photos'
import { Failed, failed } from '../../shared/problems'
import { held, newer } from './order'
import { actOf, arrived, items, put, type Item } from './shelf'

const LOCK = 'gridgov-outbox'
const LATER = new Set([0, 401, 403, 408, 425, 429])

interface Receipt {
  id: string
  number: string
}

/** Send all that waits of `account`; called again and again. `told` hears of every change to the shelf. Why it stopped before
 * all was sent, if it did. */
export async function sendAll(account: string, told: () => void): Promise<Failed | null> {
  return await navigator.locks.request(LOCK, async () => {
    for (const { key } of await items(account)) {
      // Read anew each time: one that was refused holds those behind it.
      const all = await items(account)
      const item = all.find((one) => one.key === key)
      if (!item || held(item, all)) continue
      try {
        await arrived(item, await sendOne(item))
        for (const { of } of item.photos) for (const photo of await keptFor(of)) await drop(photo.key)
      } catch (error) {
        const why = failed(error)
        // Who may not do this act now may do others: only it waits.
        const forbidden = why.status === 403 && !!actOf(item)
        if ((LATER.has(why.status) && !forbidden) || why.status >= 500 || !why.problem) return why
        const meanwhile = why.stale && actOf(item) ? await since(item).catch(() => null) : undefined
        if (meanwhile === null) return why
        await put({ ...item, refused: why.problem, ...(meanwhile ? { meanwhile } : {}) })
      }
      told()
    }
    return null
  })
}

async function sendOne(item: Item): Promise<Receipt> {
  try {
    return await posted(item, await whole(item))
  } catch (error) {
    if (error instanceof Failed && error.problem?.code === 'photo_unknown') {
      await forgetUploads(item)
      return await posted(item, await whole(item))
    }
    // The answer to an act may have been lost: then the work order is already where the act leads.
    if (item.order && error instanceof Failed && (error.status === 412 || error.status === 409)) {
      const order = await read(`/dispatch/work-orders/${item.order.id}`)
      if (order.version === item.order.version + 1 && order.state === item.order.after) return order
    }
    throw error
  }
}

/** What happened to the thing since it was read here. */
async function since(item: Item): Promise<Item['meanwhile']> {
  const { id, version } = actOf(item)!
  const answer = await fetched(`${item.order ? '/dispatch/work-orders' : '/registry/hazards'}/${id}/trail`)
  return newer(((await answer.json()) as { entries: TrailEntry[] }).entries, version)
}

/** The body with the ids of its photos, which are there by then. */
async function whole(item: Item): Promise<object> {
  const body = structuredClone(item.body)
  for (const { field, of, one } of item.photos) {
    const ids = await inOrder(await keptFor(of), (photo) => sendPhoto(photo))
    if (ids.length) set(body, field.split('.'), one ? ids[0] : ids)
  }
  return body
}

function set(into: Record<string, unknown>, [first, ...rest]: string[], value: unknown): void {
  if (rest.length) set(into[first!] as Record<string, unknown>, rest, value)
  else into[first!] = value
}

/** The server forgets what belongs to nothing after a day; a phone may come back later. */
async function forgetUploads(item: Item): Promise<void> {
  for (const { of } of item.photos) for (const { id: _, location: __, ...photo } of await keptFor(of)) await keep(photo)
}

const posted = (item: Item, body: object): Promise<Receipt> =>
  read(item.url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/json',
      'idempotency-key': item.key,
      ...(actOf(item) ? { 'if-match': `"${actOf(item)!.version}"` } : {}),
    },
  })

async function read(url: string, how?: RequestInit): Promise<Receipt & { version?: number; state?: string }> {
  const answer = await fetched(url, how)
  return (await answer.json().catch(() => null)) as Receipt
}

async function inOrder<T, R>(all: readonly T[], one: (each: T) => Promise<R>): Promise<R[]> {
  const done: R[] = []
  for (const each of all) done.push(await one(each))
  return done
}
