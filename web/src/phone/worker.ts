/// <reference lib="webworker" />
/** The phone's service worker: its own files from the cache of its version, everything else from the network.
 *
 * The API is never answered from a cache: what is shown without a network the pages keep themselves, knowing its age. */
export {}
declare const self: ServiceWorkerGlobalScope
const CACHE = `gridgov-phone-${__VERSION__}`
const SHELL = new URL('./', self.location.href).pathname

self.addEventListener('install', (event) =>
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(__FILES__.map((file) => new Request(file, { cache: 'reload' }))))),
)

self.addEventListener('activate', (event) =>
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith('gridgov-phone-') && name !== CACHE) await caches.delete(name)
      await self.clients.claim()
    })(),
  ),
)

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return
  const path = event.request.mode === 'navigate' && url.pathname.startsWith(SHELL) ? SHELL : url.pathname
  if (__FILES__.includes(path)) event.respondWith(caches.open(CACHE).then(async (cache) => (await cache.match(path)) ?? fetch(event.request)))
})

self.addEventListener('message', ({ data }) => {
  if (data === 'take-over') void self.skipWaiting()
})
