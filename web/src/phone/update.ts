/** The service worker: it makes the phone whole without a network. A new version waits until nobody is in the middle of
 * something: it is taken over when the person asks for it, or at the next start, never under their hands. What waits to be
 * sent lies in IndexedDB, which no version touches but by adding to it. */
import { ref } from 'vue'

export const updateReady = ref(false)
let waiting: ServiceWorker | null = null

export function installWorker(): void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return
  void navigator.serviceWorker.register('/app/phone/worker.js', { scope: '/app/phone/' }).then((registration: ServiceWorkerRegistration | undefined) => {
    if (!registration) return // a browser that was told to have none
    const look = (worker: ServiceWorker | null) => {
      if (worker && navigator.serviceWorker.controller) {
        waiting = worker
        updateReady.value = true
      }
    }
    look(registration.waiting)
    registration.addEventListener('updatefound', () => {
      const worker = registration.installing
      worker?.addEventListener('statechange', () => worker.state === 'installed' && look(worker))
    })
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void registration.update().catch(() => undefined)
    })
  })
}

/** Take the new version now. Drafts and what waits are kept; the page loads anew. */
export function takeUpdate(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  waiting?.postMessage('take-over')
}
