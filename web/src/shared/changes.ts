/** What changed, told live: one connection per service and browser, however many tabs and pages are open.
 *
 * The tab that holds the lock connects (`/<service>/changes`, Server-Sent Events) and tells the others. Lists mark what
 * is new instead of jumping under the cursor. A service that does not tell is asked again later, quietly. */
import { onScopeDispose } from 'vue'
import type { Service } from './api'

export interface Change {
  service: Service
  kind: string
  id: string
  /** To which the thing came by it. */
  version: number
  action: string
  street: string
}

type Told = { change: Change } | { wanted: Service[] } | { hello: true }
type Listener = (change: Change) => void

const NAME = 'gridgov-changes'
const LATER = 30_000
const listeners = new Map<Listener, readonly Service[]>()
const sources = new Map<Service, EventSource | null>()
let channel: BroadcastChannel | null = null
let leading = false

/** Call `listener` for each change that `services` tell of, until the component that asked goes. */
export function onChange(services: readonly Service[], listener: Listener): void {
  start()
  listeners.set(listener, services)
  want(services)
  channel?.postMessage({ wanted: [...services] } satisfies Told)
  onScopeDispose(() => listeners.delete(listener))
}

function start(): void {
  if (channel || typeof BroadcastChannel === 'undefined') return
  channel = new BroadcastChannel(NAME)
  channel.onmessage = ({ data }: MessageEvent<Told>) => {
    if ('change' in data) tell(data.change)
    else if ('wanted' in data) want(data.wanted)
    else channel?.postMessage({ wanted: [...new Set([...listeners.values()].flat())] } satisfies Told)
  }
  void navigator.locks?.request(NAME, async () => {
    leading = true
    want([...listeners.values()].flat())
    channel?.postMessage({ hello: true } satisfies Told)
    await new Promise(() => undefined) // until this tab is closed
  })
}

function tell(change: Change): void {
  for (const [listener, services] of listeners) if (services.includes(change.service)) listener(change)
}

function want(services: readonly Service[]): void {
  if (!leading) return
  for (const service of services) if (!sources.has(service)) connect(service)
}

function connect(service: Service): void {
  const source = new EventSource(`/${service}/changes`)
  sources.set(service, source)
  source.addEventListener('changed', (event: MessageEvent<string>) => {
    const change = { service, ...(JSON.parse(event.data) as Omit<Change, 'service'>) }
    channel?.postMessage({ change } satisfies Told)
    tell(change)
  })
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) return // the browser connects again by itself
    setTimeout(() => connect(service), LATER)
  }
}
