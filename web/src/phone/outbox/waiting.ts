/** What waits to be sent, as the pages see it, and when it is sent: at once, when the network is back, and again. */
import { shallowReactive, shallowRef, watch } from 'vue'
import { drop as dropPhoto, handOver, keptFor } from '../../shared/photos'
import type { Failed } from '../../shared/problems'
import { session } from '../../shared/session'
import { sendAll } from './sending'
import { onTop } from './order'
import { items, put, receipts, remove, type Item, type Photos, type Sent } from './shelf'

const AGAIN = 20_000
export const waiting = shallowRef<readonly Item[]>([])
export const sent = shallowRef<readonly Sent[]>([])
/** `stopped`: why the last try did not send all. */
export const sending = shallowReactive({ busy: false, stopped: null as Failed | null })
const account = () => session.who?.account ?? ''

export async function look(): Promise<void> {
  const mine = account()
  waiting.value = await items(mine)
  sent.value = await receipts(mine)
}

/** What a form hands in. Its photos are kept `from` its own name until then. */
export interface HandedIn extends Omit<Item, 'key' | 'account' | 'at'> {
  photos: (Photos & { from: string })[]
}

/** Keep an item with its photos and try to send it. Once this has returned, nothing can lose it; where there is no room it
 * throws, and the form has its photos still. */
export async function enqueue(item: HandedIn, key: string): Promise<void> {
  const photos: Photos[] = []
  try {
    for (const { from, ...lot } of item.photos) if (await handOver(from, lot.of)) photos.push(lot)
    await put({ ...item, photos, key, account: account(), at: Date.now() })
  } catch (error) {
    for (const { from, of } of item.photos) await handOver(of, from)
    throw error
  }
  await look()
  void flush()
}

export async function flush(): Promise<void> {
  if (sending.busy || !session.who || !navigator.onLine) return
  sending.busy = true
  try {
    sending.stopped = await sendAll(account(), () => void look())
  } finally {
    sending.busy = false
    await look()
  }
}

export async function throwAway(item: Item): Promise<void> {
  await remove(item.key)
  await look()
}

/** It is not wanted any more, nor are its photos. */
export async function drop(item: Item): Promise<void> {
  await throwAway(item)
  for (const { of } of item.photos) for (const photo of await keptFor(of)) await dropPhoto(photo.key)
}

/** What was refused is tried again: its writer saw why. Where others had acted meanwhile, on what they left. */
export async function retry(item: Item): Promise<void> {
  for (const each of onTop(item, waiting.value)) await put(each)
  await flush()
}

addEventListener('online', () => void flush())
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void flush()
})
setInterval(() => {
  if (waiting.value.length) void flush()
}, AGAIN)
watch(() => [session.who?.account, session.ended], () => void look().then(flush), { immediate: true })
