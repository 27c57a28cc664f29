/** What waits to be sent, as the pages see it, and when it is sent: at once, when the network is back, and again. */
import { shallowReactive, shallowRef, watch } from 'vue'
import { keptFor, keep } from '../../shared/photos'
import { session } from '../../shared/session'
import { sendAll } from './sending'
import { onTop } from './order'
import { items, put, receipts, remove, type Item, type Sent } from './shelf'

const AGAIN = 20_000
export const waiting = shallowRef<readonly Item[]>([])
export const sent = shallowRef<readonly Sent[]>([])
export const sending = shallowReactive({ busy: false })
const account = () => session.who?.account ?? ''

export async function look(): Promise<void> {
  const mine = account()
  waiting.value = await items(mine)
  sent.value = await receipts(mine)
}

/** Keep an item and try to send it. Once this has returned, nothing can lose it. */
export async function enqueue(item: Omit<Item, 'key' | 'account' | 'at'>, key: string = crypto.randomUUID()): Promise<void> {
  await put({ ...item, key, account: account(), at: Date.now() })
  await look()
  void flush()
}

/** Photos that a form has kept under its own name become those of the item that it wrote. */
export async function handOver(form: string, of: string): Promise<void> {
  for (const photo of await keptFor(form)) await keep({ ...photo, of })
}

export async function flush(): Promise<void> {
  if (sending.busy || !session.who || !navigator.onLine) return
  sending.busy = true
  try {
    await sendAll(account(), () => void look())
  } finally {
    sending.busy = false
    await look()
  }
}

export async function throwAway(item: Item): Promise<void> {
  await remove(item.key)
  await look()
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
watch(() => session.who?.account, () => void look().then(flush), { immediate: true })
